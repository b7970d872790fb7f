internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// Steers mocks that run in another process, by their admin API.
struct AdminClient: Sendable {
  private let url: String
  private let transport: HTTPTransport
  private let token: String?
  private static let timeout: Duration = .seconds(30)

  init(url: String, token: String?, tls: ClientTLS = ClientTLS()) throws(CommandFailure) {
    self.url = url
    self.token = token
    do throws(TransportError) {
      transport = try HTTPTransport(url, options: HTTPTransport.Options(tls: tls))
    } catch {
      throw .usage("\(url) is no address of an admin API: \(error.reason)", hint: error.hint)
    }
  }

  /// One part of a query.
  typealias Query = [(name: String, value: String?)]

  /// Does one request and gives what is answered; null where nothing is.
  func send(
    _ method: String, _ path: String..., query: Query = [], body: Value? = nil
  ) async throws(CommandFailure) -> Value {
    let bytes = try await exchange(method, path, query, body)
    guard !bytes.isEmpty else { return .null }
    do throws(JSONError) {
      return try JSONParser.parse(bytes)
    } catch {
      throw CommandFailure(.reply, "\(url) answered something else than JSON: \(error)")
    }
  }

  /// The text that is answered.
  func text(_ path: String...) async throws(CommandFailure) -> [UInt8] {
    try await exchange("GET", path, [], nil)
  }

  func shutdown() async { await transport.shutdown() }

  private func exchange(
    _ method: String, _ path: [String], _ query: Query, _ body: Value?
  ) async throws(CommandFailure) -> [UInt8] {
    let parts = query.compactMap { part in
      part.value.map { "\(part.name)=\(PercentEncoding.encoded($0))" }
    }
    var request = WireRequest(
      method: method,
      target: "/v1/" + path.map { PercentEncoding.encoded($0) }.joined(separator: "/")
        + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&")))
    if let body {
      request.headers["Content-Type"] = "application/json"
      request.body = JSONWriter.bytes(body)
    }
    if let token { request.headers["Authorization"] = "Bearer \(token)" }
    let response: WireResponse
    do throws(TransportError) {
      response = try await transport.exchange(request, timeout: Self.timeout)
    } catch {
      guard !error.isAccessRefused else {
        throw CommandFailure(
          .configuration, "\(url) wants a token" + (token == nil ? "" : ", and not this one"),
          hint: "set \(AdminOptions.tokenVariable) to the one that the mocks were started with")
      }
      throw CommandFailure(
        .connection, "\(url): \(error.reason)",
        hint: error.kind == .connect ? "trestle mock starts mocks and their admin API" : error.hint)
    }
    guard (200..<300).contains(response.status) else { throw failure(response) }
    return response.body
  }

  /// What the admin API refuses, as the command's own failure.
  private func failure(_ response: WireResponse) -> CommandFailure {
    let error = (try? JSONParser.parse(response.body))?["error"]
    guard let error, let message = error["message"]?.stringValue else {
      return CommandFailure(
        .reply, "\(url) answered \(response.status), which is no answer of an admin API",
        hint: "trestle mock tells where it is steered")
    }
    let isRefused = response.status == 401 || response.status == 403
    var failure = CommandFailure(
      isRefused ? .configuration : response.status >= 500 ? .fault : .usage, message,
      facts: ["kind": error["code"] ?? "unknown"])
    // One mistake alone is the message.
    let problems = error["problems"]?.arrayValue ?? []
    for problem in problems where problems.count > 1 || problem["message"] != error["message"] {
      let place = problem["path"]?.stringValue ?? ""
      let hint = problem["hint"]?.stringValue.map { " (\($0))" } ?? ""
      let text = problem["message"]?.stringValue ?? ""
      let label = problem["severity"] == "warning" ? "warning: " : ""
      failure.hints.append("\(place.isEmpty ? "" : place + ": ")\(label)\(text)\(hint)")
    }
    if !problems.isEmpty { failure.facts["problems"] = .array(problems) }
    if let hint = error["hint"]?.stringValue {
      failure.hints.append(hint)
    }
    return failure
  }
}
