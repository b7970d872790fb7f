import Synchronization
import TrestleCore
import TrestleNet

/// A web server with a few documents, by their targets; keeps what was asked for.
final class DocumentServer: Sendable {
  /// What a target gives.
  struct Page: Sendable {
    var status = 200
    var headers: Headers = ["Content-Type": "text/xml"]
    var body: String

    init(_ body: String, status: Int = 200, headers: Headers = [:]) {
      self.body = body
      self.status = status
      for field in headers.fields { self.headers.append(name: field.name, value: field.value) }
    }

    static func moved(_ location: String) -> Page {
      Page("", status: 302, headers: ["Location": location])
    }
  }

  private let seen = Mutex<[WireRequest]>([])
  private let pages: @Sendable (WireRequest, _ port: String) -> Page?

  private init(_ pages: @escaping @Sendable (WireRequest, _ port: String) -> Page?) {
    self.pages = pages
  }

  /// What was asked for.
  var requests: [WireRequest] { seen.withLock { $0 } }

  /// Runs one while a body uses it. `PORT` in a page stands for the server's port.
  static func run<Result>(
    _ pages: [String: Page], _ body: (DocumentServer, _ port: Int) async throws -> Result
  ) async throws -> Result {
    try await run({ request, _ in pages[request.target] }, body)
  }

  static func run<Result>(
    _ pages: @escaping @Sendable (WireRequest, _ port: String) -> Page?,
    _ body: (DocumentServer, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let server = DocumentServer(pages)
    let service = Service(
      codec: DocumentCodec(server: server), responder: ClosureResponder { _ in .value(.null) })
    return try await HTTPServer(service).whileRunning { running in
      try await body(server, running.port)
    }
  }

  fileprivate func page(for request: WireRequest, at address: String) -> WireResponse? {
    seen.withLock { $0.append(request) }
    let port = String(address.split(separator: ":").last ?? "")
    guard let page = pages(request, port) else {
      return WireResponse(status: 404, body: Array("nothing here".utf8))
    }
    var headers = page.headers
    if let location = headers["Location"] {
      headers["Location"] = location.replacing("PORT", with: port)
    }
    return WireResponse(
      status: page.status, headers: headers,
      body: Array(page.body.replacing("PORT", with: port).utf8))
  }
}

private struct DocumentCodec: Codec {
  let server: DocumentServer
  let contract = Contract(name: "documents", operations: [], isOpen: true)
  let wire = Wire.http

  func document(for request: WireRequest, at address: String) -> WireResponse? {
    server.page(for: request, at: address)
  }

  func encode(_ call: Call) throws(CodecError) -> WireRequest { WireRequest() }
  /// What is posted gives a page too.
  func decode(_ request: WireRequest) throws(CodecError) -> Call {
    Call(operation: "")
  }

  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    call.request.flatMap { server.page(for: $0, at: "") } ?? WireResponse()
  }

  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    .value(.null)
  }
  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? { nil }
}
