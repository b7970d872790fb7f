internal import TrestleCore

/// Writes bodies by their media type.
enum BodyWriter {
  /// The bytes of a value, and the Content-Type that says what they are.
  ///
  /// - Throws: `CodecError` for a value that the media type cannot carry.
  static func bytes(
    _ value: Value, as content: MediaContent
  ) throws(CodecError) -> (body: [UInt8], contentType: String) {
    let type = content.type
    switch type.form {
    case .json:
      let name = type.type == "*" || type.subtype.hasPrefix("*") ? "application/json" : type.written
      return (JSONWriter.bytes(value), name)
    case .jsonLines:
      let items = value.arrayValue ?? [value]
      let lines = items.map { JSONWriter.bytes($0) + [10] }
      let start: [UInt8] = type.subtype == "json-seq" ? [0x1E] : []
      return (lines.flatMap { start + $0 }, type.written)
    case .urlEncoded: return (Array(try form(value, content).utf8), type.written)
    case .multipart:
      let (bytes, boundary) = Multipart.body(try parts(value, content))
      return (bytes, "\(type); boundary=\(boundary)")
    case .text:
      let isUTF8 = type[parameter: "charset"] == nil
      let name = type.subtype == "*" ? "text/plain" : type.written
      return (
        Array(TextTyping.text(value).utf8),
        isUTF8 && type.type == "text" ? name + "; charset=utf-8" : name
      )
    case .binary:
      let name = type.subtype == "*" ? "application/octet-stream" : type.written
      return (bytes(of: value), name)
    }
  }

  /// Binary data: as it is, or out of base64, which it is in JSON. A text that is no base64 is its own bytes.
  private static func bytes(of value: Value) -> [UInt8] {
    switch value {
    case .bytes(let bytes): return bytes
    case .string(let text):

      return Base64.decode(text.utf8) ?? Array(text.utf8)
    default: return Array(TextTyping.text(value).utf8)
    }
  }

  private static func members(_ value: Value) throws(CodecError) -> Record {
    switch value {
    case .object(let record): return record
    case .null: return [:]
    default:
      throw CodecError(
        path: "body", reason: "a form is an object of names and values, found \(value.kindName)")
    }
  }

  private static func form(_ value: Value, _ content: MediaContent) throws(CodecError) -> String {
    try members(value).members.flatMap { member in
      if let style = content.encodings[member.name]?.style {
        return ParameterWriter.pairs(named: member.name, member.value, style)
      }
      // OpenAPI 3.1.1 §4.8.15.1.1: a list is several fields, an object one of JSON.
      switch member.value {
      case .object(let record):
        return ParameterWriter.pairs(
          named: member.name, .string(JSONWriter.text(.object(record))), ParameterStyle(.form))
      default:
        return ParameterWriter.pairs(named: member.name, member.value, ParameterStyle(.form))
      }
    }.joined(separator: "&")
  }

  private static func parts(
    _ value: Value, _ content: MediaContent
  ) throws(CodecError) -> [Multipart.Part] {
    try members(value).members.flatMap { member in
      let property = content.schema?.property(member.name)
      let declared = content.encodings[member.name]?.contentType?
        .split(separator: ",").first.map { String($0.trimmingBlanks) }
      if case .array(let items) = member.value {
        return items.map { part($0, named: member.name, as: property?.item, declared) }
      }
      return [part(member.value, named: member.name, as: property, declared)]
    }
  }

  private static func part(
    _ value: Value, named name: String, as schema: JSONSchema?, _ declared: String?
  ) -> Multipart.Part {
    var part = Multipart.Part(name: name, body: [])
    let isText = declared.flatMap { MediaType($0) }.map { $0.form != .binary } ?? true
    if schema?.isBinary == true || value.isBytes || !isText {
      part.body = bytes(of: value)
      part.filename = name
      part.contentType =
        declared.flatMap { $0.contains("*") ? nil : $0 } ?? "application/octet-stream"
      return part
    }
    switch value {
    case .object, .array:
      part.body = JSONWriter.bytes(value)
      part.contentType = declared ?? "application/json"
    default:
      part.body =
        declared.flatMap { MediaType($0) }?.form == .json
        ? JSONWriter.bytes(value) : Array(TextTyping.text(value).utf8)
      part.contentType = declared
    }
    return part
  }
}

extension Value {
  fileprivate var isBytes: Bool {
    if case .bytes = self { return true }
    return false
  }
}

extension MediaType {
  /// The type with its parameters, as it goes into a field.
  var written: String {
    parameters.reduce("\(type)/\(subtype)") { text, parameter in
      let isToken = parameter.value.utf8.allSatisfy { PercentEncoding.isUnreserved($0) }
      return text + "; \(parameter.name)="
        + (isToken && !parameter.value.isEmpty ? parameter.value : "\"\(parameter.value)\"")
    }
  }
}
