import TrestleCore

/// Bytes that a stub sends in place of what the codec would write, ready to be filled in.
struct RawTemplate: Sendable {
  enum Content: Sendable {
    case bytes([UInt8])
    case text(Template)
  }

  let content: Content
  let status: Int
  /// By the fields' names.
  let headers: Template
  let isFramed: Bool

  func render(in environment: some ExpressionEnvironment) throws(ExpressionError) -> RawReply {
    let bytes: [UInt8] =
      switch content {
      case .bytes(let bytes): bytes
      case .text(let template): try template.render(in: environment).wireBytes
      }
    var fields = Headers()
    for member in try headers.render(in: environment).objectValue ?? [:] {
      let text = member.value.scalarText ?? member.value.description
      // A line break in a value that came with the request would end the field.
      guard !text.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
        throw ExpressionError("the header field \(member.name) would have a line break in it")
      }
      fields.append(name: member.name, value: text)
    }
    return RawReply(bytes: bytes, status: status, headers: fields, isFramed: isFramed)
  }
}

extension Value {
  fileprivate var wireBytes: [UInt8] {
    if case .bytes(let bytes) = self { return Array(bytes) }
    return Array((scalarText ?? description).utf8)
  }
}

extension Reply {
  init(raw: RawReply, origin: String) {
    self = .value(.null)
    self.raw = raw
    self.origin = origin
  }
}

extension StubCompiler {
  /// Compiles a text, or an object with one of `text`, `hex` and `base64` and what goes with it.
  mutating func raw(
    _ value: Value, operation: String, origin: String, at path: ValuePath
  ) -> CompiledAnswer {
    guard let record = value.objectValue else {
      return raw(
        .text(template(value, operation: operation, at: path)), [:], operation, origin, path)
    }
    let kinds = ["text", "hex", "base64"].filter { record[$0] != nil }
    if kinds.count != 1 {
      problems.append(
        ValueProblem(.error, "raw has one of text, hex and base64", at: path))
    }
    var content = RawTemplate.Content.bytes([])
    if let text = record["text"] {
      content = .text(template(text, operation: operation, at: path.member("text")))
    } else if let kind = kinds.first {
      let text = record[kind]?.scalarText ?? ""
      let bytes = kind == "hex" ? HexText.decode(text) : Base64.decode(text.utf8)
      if let bytes {
        content = .bytes(bytes)
      } else {
        problems.append(
          ValueProblem(
            .error, kind == "hex" ? "expects two hexadecimal digits a byte" : "expects Base64",
            at: path.member(kind)))
      }
    }
    return raw(content, record, operation, origin, path)
  }

  private mutating func raw(
    _ content: RawTemplate.Content, _ record: Record, _ operation: String, _ origin: String,
    _ path: ValuePath
  ) -> CompiledAnswer {
    .raw(
      RawTemplate(
        content: content, status: record["status"]?.writtenInteger ?? 200,
        headers: template(
          record["headers"] ?? .emptyObject, operation: operation, at: path.member("headers")),
        isFramed: record["framed"]?.boolValue ?? true), origin: origin)
  }
}
