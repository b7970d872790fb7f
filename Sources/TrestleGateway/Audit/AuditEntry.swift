internal import Trestle
internal import TrestleCore

/// What is told of one request that calls or steers, or that was not let in. No payload, no query, no secret.
struct AuditEntry: Sendable {
  private let time = WallTime.now
  private let began = ContinuousClock.now
  /// The client's name; nil for one who showed nothing that is known.
  private let client: String?
  /// Its address and port.
  private let peer: String?
  private let method: String
  /// The path as it was sent, without the query.
  private let path: String
  private let system: String?
  private let operation: String?
  /// The tool that an MCP message calls.
  var tool: String?

  init(
    method: String, target: String, client: String?, peer: String?, demand: AccessDemand
  ) {
    self.method = method
    path = String(target.prefix { $0 != "?" })
    self.client = client
    self.peer = peer
    system = demand.system
    operation = demand.operation
  }

  /// The line, with its end, of the request when it is answered.
  func line(status: Int, callID: String? = nil, now: ContinuousClock.Instant = .now) -> [UInt8] {
    var record: Record = [
      "time": .string(time.iso8601), "client": client.map { .string($0) } ?? .null,
      "peer": peer.map { .string($0) } ?? .null, "method": .string(method), "path": .string(path),
    ]
    if let system { record["system"] = .string(system) }
    if let operation { record["operation"] = .string(operation) }
    if let tool { record["tool"] = .string(tool) }
    record["status"] = .integer(Int64(status))
    let microseconds = (now - began) / .microseconds(1)
    record["duration_ms"] = .double((microseconds / 10).rounded() / 100)
    if let callID { record["call_id"] = .string(callID) }
    return Self.line(record)
  }

  /// JSON in one line, with nothing in it that a terminal or a viewer of logs takes for more than text: neither the
  /// control characters that JSON escapes itself, nor those that it lets stand.
  static func line(_ record: Record) -> [UInt8] {
    var text = ""
    for scalar in JSONWriter.text(.object(record)).unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return Array(text.utf8) + [0x0A]
  }
}

extension AuditEntry {
  /// The entry with the tool that a message of MCP calls; nil for a message that calls none.
  func naming(target: String, body: [UInt8]) -> AuditEntry? {
    guard HeadRule.isMCP(target) else { return self }
    guard let message = try? RPCMessage(body), message.method == "tools/call" else { return nil }
    var entry = self
    entry.tool = message.parameters["name"]?.stringValue
    return entry
  }
}
