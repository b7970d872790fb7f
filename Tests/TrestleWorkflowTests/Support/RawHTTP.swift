import Foundation
import TrestleCore

/// HTTP as a stranger speaks it: text over a bare connection.
enum RawHTTP {
  struct Answer {
    var status: Int
    /// By their names in lower case.
    var headers: [String: String]
    var body: String

    /// The body as JSON.
    var json: Value? { try? JSONParser.parse(body) }
  }

  static func get(_ path: String, port: Int) async throws -> Answer {
    try await send("GET", path, port: port)
  }

  static func post(
    _ path: String, _ body: String, type: String = "application/json", port: Int
  ) async throws -> Answer {
    try await send("POST", path, headers: ["Content-Type: \(type)"], body: body, port: port)
  }

  static func send(
    _ method: String, _ path: String, headers: [String] = [], body: String? = nil, port: Int
  ) async throws -> Answer {
    var lines =
      ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    var connection = try await RawConnection(
      to: port,
      sending: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")).utf8))
    let text = await connection.readToEnd()
    guard let end = text.range(of: "\r\n\r\n") else {
      return Answer(status: 0, headers: [:], body: text)
    }
    let head = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var fields: [String: String] = [:]
    for line in head.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces) ?? ""
    }
    let words = head[0].split(separator: " ")
    return Answer(
      status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: fields,
      body: String(text[end.upperBound...]))
  }
}
