import Testing
import Trestle
import TrestleCore

@testable import TrestleGateway

/// A client of the admin API that holds every answer against the OpenAPI document.
struct AdminClient {
  let port: Int
  private(set) var document: Value
  var token: String?

  struct Answer {
    var status: Int
    var raw: RawResponse
    /// Null where there is no JSON.
    var value: Value

    var error: Value { value["error"] ?? .null }
    var message: String { error["message"]?.stringValue ?? "" }
  }

  init(port: Int, token: String? = nil) async throws {
    self.port = port
    self.token = token
    document = .null
    let answer = try await send("GET", "/openapi.json", checked: false)
    try #require(answer.status == 200)
    self.document = answer.value
  }

  func get(_ target: String) async throws -> Answer { try await send("GET", target) }
  func delete(_ target: String) async throws -> Answer { try await send("DELETE", target) }

  func put(_ target: String, _ value: Value) async throws -> Answer {
    try await send("PUT", target, value)
  }

  func post(_ target: String, _ value: Value? = nil) async throws -> Answer {
    try await send("POST", target, value)
  }

  func send(
    _ method: String, _ target: String, _ value: Value? = nil, headers: [String] = [],
    checked: Bool = true
  ) async throws -> Answer {
    try await send(method, target, json: value.map { JSONWriter.bytes($0) }, headers, checked)
  }

  /// Sends a body that is JSON, or is said to be.
  func send(
    _ method: String, _ target: String, json: [UInt8]?, _ headers: [String] = [],
    _ checked: Bool = true
  ) async throws -> Answer {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"]
    if let token { lines.append("Authorization: Bearer \(token)") }
    var body: [UInt8] = []
    if let json {
      body = json
      lines += ["Content-Type: application/json", "Content-Length: \(body.count)"]
    }
    let head = (lines + headers).map { $0 + "\r\n" }.joined() + "\r\n"
    return try await send(Array(head.utf8) + body, as: checked ? (method, target) : nil)
  }

  /// Sends bytes as they are; an answer is held against the route that they are of.
  func send(
    _ bytes: [UInt8], as route: (method: String, target: String)? = nil
  ) async throws -> Answer {
    let received = try await RawClient.exchange(bytes, port: port)
    let raw = try #require(
      RawResponse(received), "no response: \(String(decoding: received, as: UTF8.self))")
    let isJSON = (raw["content-type"] ?? "").hasSuffix("json") && !raw.body.isEmpty
    let value = isJSON ? try JSONParser.parse(raw.body) : .null
    if let route { check(raw, value, route) }
    return Answer(status: raw.status, raw: raw, value: value)
  }

  // MARK: The document

  private func check(
    _ raw: RawResponse, _ value: Value, _ route: (method: String, target: String)
  ) {
    let place = "\(route.method) \(route.target) → \(raw.status)"
    let path = String(route.target.prefix { $0 != "?" })
    guard let operation = operation(route.method == "HEAD" ? "GET" : route.method, path) else {
      // What is no route is refused in the same words as everything else.
      #expect([400, 403, 404, 405].contains(raw.status) || route.method == "OPTIONS", "\(place)")
      return expect(value, fits: ["$ref": "#/components/schemas/Error"], raw, place)
    }
    let declared = operation["responses"]?["\(raw.status)"]
    if declared == nil {
      #expect(raw.status >= 400, "\(place): the document does not tell of it")
    }
    let content = resolved(declared ?? operation["responses"]?["default"])?["content"]
    guard let content else {
      #expect(raw.body.isEmpty, "\(place): the document tells of no body")
      return
    }
    guard route.method != "HEAD" else { return }
    let type = raw["content-type"] ?? ""
    guard let schema = content[type]?["schema"] else {
      Issue.record("\(place): the document does not tell of \(type)")
      return
    }
    guard type.hasSuffix("json") else { return }
    expect(value, fits: schema, raw, place)
  }

  /// What stands behind a reference.
  private func resolved(_ value: Value?) -> Value? {
    guard let reference = value?["$ref"]?.stringValue else { return value }
    return reference.dropFirst(2).split(separator: "/").reduce(document as Value?) {
      $0?[String($1)]
    }
  }

  private func expect(_ value: Value, fits schema: Value, _ raw: RawResponse, _ place: String) {
    guard !raw.body.isEmpty else { return }
    let findings = SchemaCheck(document: document).findings(in: value, against: schema)
    #expect(findings.isEmpty, "\(place): \(findings.joined(separator: "; "))")
  }

  private func operation(_ method: String, _ path: String) -> Value? {
    let segments = path.split(separator: "/")
    let paths = document["paths"]?.objectValue ?? [:]
    let fitting = paths.filter { member in
      let parts = member.name.split(separator: "/")
      return parts.count == segments.count
        && zip(parts, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
    let nearest = fitting.min { names(in: $0.name) < names(in: $1.name) }
    return nearest?.value[method.lowercased()]
  }

  private func names(in path: String) -> Int { path.count { $0 == "{" } }
}
