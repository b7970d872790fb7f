internal import TrestleCore

/// A first line, headers, a blank line and a body: STOMP, and whatever else looks like HTTP.
///
///     {command: SEND, headers: {destination: /queue/a}, body: "…"}
struct HeadersLayout: MessageLayout {
  /// The name of what the first line holds; nil where headers begin at once.
  var first: String?
  /// Between a header's name and its value.
  var assign: [UInt8] = [UInt8(ascii: ":")]
  var lineEnd: [UInt8] = [0x0A]
  /// What follows a backslash in headers for what cannot stand there; empty where nothing is escaped.
  var escapes: [(letter: UInt8, byte: UInt8)] = []
  /// First lines whose headers are never escaped.
  var plain: Set<String> = []
  /// The header that says how many bytes the body has, where it is known.
  var lengthHeader: String?
  /// What ends the message after the body.
  var end: [UInt8] = []
  var encoding = TextEncoding.utf8
  /// The layout of the body, where it is more than a text.
  var bodyLayout: JSONLayout?

  var example: Value? { first.map { .object([$0: "MESSAGE"]) } }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else {
      throw CodecError(
        path: "layout.headers", reason: "writes headers and a body, found \(message.kindName)")
    }
    for name in record.names where name != first && name != "headers" && name != "body" {
      throw CodecError(
        path: name, reason: "has no place in the message",
        hint: "it has \(([first].compactMap { $0 } + ["headers", "body"]).joined(separator: ", "))")
    }
    var output: [UInt8] = []
    var isPlain = false
    if let first {
      let line = record[first]?.scalarText ?? ""
      guard !line.isEmpty else { throw CodecError(path: first, reason: "is missing") }
      output += try text(line, path: first, refusing: lineEnd) + lineEnd
      isPlain = plain.contains(line)
    }
    let body = try self.body(record["body"])
    var headers = record["headers"]?.objectValue ?? [:]
    if let lengthHeader, !body.isEmpty || headers[lengthHeader] != nil {
      headers[lengthHeader] = .integer(Int64(body.count))
    }
    for member in headers {
      for value in member.value.arrayValue ?? [member.value] {
        guard let text = value.scalarText else {
          throw CodecError(
            path: "headers.\(member.name)",
            reason: "expects a text or number, found \(value.kindName)")
        }
        output += try header(member.name, text, isPlain)
      }
    }
    output += lineEnd + body
    if lengthHeader == nil || body.isEmpty, !end.isEmpty, Self.holds(body, end) {
      throw CodecError(path: "body", reason: "holds what ends the message")
    }
    return output + end
  }

  private func header(
    _ name: String, _ value: String, _ isPlain: Bool
  ) throws(CodecError) -> [UInt8] {
    let path = "headers.\(name)"
    guard !name.isEmpty else { throw CodecError(path: path, reason: "a header has no name") }
    if escapes.isEmpty || isPlain {
      return try text(name, path: path, refusing: assign) + assign
        + text(value, path: path, refusing: lineEnd) + lineEnd
    }
    return try escaped(name, path) + assign + escaped(value, path) + lineEnd
  }

  private func escaped(_ text: String, _ path: String) throws(CodecError) -> [UInt8] {
    var output: [UInt8] = []
    for byte in try encoding.bytes(of: text, path: path) {
      if let escape = escapes.first(where: { $0.byte == byte }) {
        output += [UInt8(ascii: "\\"), escape.letter]
      } else {
        output.append(byte)
      }
    }
    return output
  }

  private func text(
    _ text: String, path: String, refusing mark: [UInt8]
  ) throws(CodecError) -> [UInt8] {
    let bytes = try encoding.bytes(of: text, path: path)
    guard !Self.holds(bytes, mark), !bytes.contains(0x0A), !bytes.contains(0x0D) else {
      throw CodecError(path: path, reason: "holds what ends it")
    }
    return bytes
  }

  private func body(_ value: Value?) throws(CodecError) -> [UInt8] {
    guard let value, !value.isNull else { return [] }
    if let bodyLayout { return try bodyLayout.encode(value) }
    if case .bytes(let bytes) = value { return bytes }
    guard let text = value.scalarText else {
      throw CodecError(path: "body", reason: "expects a text or bytes, found \(value.kindName)")
    }
    return try encoding.bytes(of: text, path: "body")
  }

  private static func holds(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
    guard let first = mark.first else { return false }
    return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: mark) }
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var reader = HeadersReader(layout: self, bytes: bytes)
    return DecodedMessage(value: try reader.message())
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var reader = HeadersReader(layout: self, bytes: bytes)
    defer { fields += reader.spans }
    _ = try reader.message()
  }
}
