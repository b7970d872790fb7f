internal import Synchronization
internal import TrestleCore
internal import TrestleNet

/// Sends requests to the HTTP services of workflows, over connections that are kept.
final class ServiceClient: Sendable {
  private let connections = HTTPConnections()
  private let transports = Mutex<[String: HTTPTransport]>([:])

  /// Sends JSON, or nothing where `body` is nil, and takes in the answer.
  ///
  /// - Throws: `TransportError` when no answer came.
  func send(
    _ method: String, _ url: String, body: Value?, headers: Headers, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    let (base, target) = Self.parts(of: url)
    let transport = try transport(to: base)
    var request = WireRequest(method: method, target: target, headers: headers)
    if let body {
      if request.headers["Content-Type"] == nil {
        request.headers["Content-Type"] = "application/json"
      }
      let type = request.headers["Content-Type"]?.lowercased() ?? ""
      // A text that is said to be something else is sent as it is.
      if case .string(let text) = body, !type.contains("json") {
        request.body = Array(text.utf8)
      } else {
        request.body = JSONWriter.bytes(body)
      }
    }
    if request.headers["Accept"] == nil { request.headers["Accept"] = "application/json, */*" }
    request.isRepeatable = ["GET", "HEAD", "OPTIONS"].contains(method)
    return try await transport.exchange(request, timeout: timeout)
  }

  private func transport(to base: String) throws(TransportError) -> HTTPTransport {
    if let known = transports.withLock({ $0[base] }) { return known }
    var options = HTTPTransport.Options()
    // Mocks listen on IPv4's loopback alone.
    options.addresses = ["localhost": "127.0.0.1"]
    options.proxies = .ofProcess
    let transport = try HTTPTransport(base, options: options, connections: connections)
    transports.withLock { $0[base] = transport }
    return transport
  }

  /// The scheme and authority, and what is asked for there.
  private static func parts(of url: String) -> (base: String, target: String) {
    guard let scheme = url.range(of: "://"),
      let slash = url[scheme.upperBound...].firstIndex(where: { $0 == "/" || $0 == "?" })
    else { return (url, "/") }
    let target = String(url[slash...])
    return (String(url[..<slash]), target.hasPrefix("/") ? target : "/" + target)
  }

  func shutdown() async { await connections.shutdown() }

  deinit {
    // A workflow may simply be dropped: nobody is left then who could wait for the connections to close.
    let connections = connections
    Task { await connections.shutdown() }
  }
}

extension String {
  /// Where a text first stands in it.
  fileprivate func range(of part: String) -> Range<Index>? { firstRange(of: part) }
}

extension WireResponse {
  /// The answer's data: JSON where it says that it is, else its text. With why what says that it is JSON is none.
  var data: (value: Value, mistake: String?) {
    let type = headers["Content-Type"]?.lowercased() ?? ""
    let isJSON = type.hasPrefix("application/json") || type.prefix { $0 != ";" }.hasSuffix("+json")
    guard isJSON, !body.isEmpty else { return (text, nil) }
    do throws(JSONError) {
      return (try JSONParser.parse(body), nil)
    } catch {
      return (text, "its answer says that it is JSON and is none: \(error)")
    }
  }

  private var text: Value { .string(String(decoding: body, as: UTF8.self)) }
}
