import Synchronization
import TrestleCore
import TrestleXMLRPC

/// An XML-RPC service of a closure, with the HTTP around it in the open; keeps what it was asked.
final class XMLRPCServer: Sendable {
  /// A call as it came in.
  struct Seen: Sendable {
    var method: String
    var parameters: [Value]
    var request: WireRequest

    /// `method(1,"two")`.
    var text: String {
      "\(method)(\(parameters.map { JSONWriter.text($0) }.joined(separator: ",")))"
    }
  }

  /// What it answers.
  enum Answer: Sendable {
    case value(Value, Headers = [:])
    case fault(Int32, String)
    case status(Int)
  }

  private let log = Mutex<[Seen]>([])

  /// What it was asked.
  var seen: [Seen] { log.withLock { $0 } }
  var calls: [String] { seen.map(\.text) }

  /// Runs one while a body uses it.
  static func run<Result>(
    _ answer: @escaping @Sendable (Seen) -> Answer,
    _ body: (XMLRPCServer, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let server = XMLRPCServer()
    let page: @Sendable (WireRequest, String) -> DocumentServer.Page? = { request, _ in
      guard case .call(let method, let parameters)? = try? XMLRPCReader().read(request.body).message
      else { return DocumentServer.Page("no call", status: 400) }
      let seen = Seen(method: method, parameters: parameters, request: request)
      server.log.withLock { $0.append(seen) }
      let writer = XMLRPCWriter()
      switch answer(seen) {
      case .status(let status):
        return DocumentServer.Page("<html>\(status)</html>", status: status)
      case .fault(let code, let message):
        return DocumentServer.Page(
          String(decoding: writer.fault(code: code, message: message), as: UTF8.self))
      case .value(let value, let headers):
        let body = (try? writer.response(value)) ?? []
        return DocumentServer.Page(String(decoding: body, as: UTF8.self), headers: headers)
      }
    }
    return try await DocumentServer.run(page) { _, port in try await body(server, port) }
  }
}
