internal import TrestleCore

/// Reads bodies by their media type and schema.
enum BodyReader {
  /// The value of a body.
  ///
  /// - Throws: `CodecError` for bytes that are not of the media type.
  static func value(
    _ body: [UInt8], type: MediaType, as content: MediaContent?
  ) throws(CodecError) -> Value {
    switch type.form {
    case .json: return try json(body)
    case .jsonLines: return try jsonLines(body)
    case .urlEncoded: return form(String(decoding: body, as: UTF8.self), content)
    case .multipart: return try multipart(body, type, content)
    case .text: return .string(try text(body, type))
    case .binary: return .bytes(body)
    }
  }

  private static func json(_ body: [UInt8]) throws(CodecError) -> Value {
    do throws(JSONError) {
      return try JSONParser.parse(body)
    } catch {
      throw CodecError(
        path: "body", reason: "is no JSON: \(error.reason)", offset: error.offset)
    }
  }

  private static func jsonLines(_ body: [UInt8]) throws(CodecError) -> Value {
    var values: [Value] = []
    // RFC 7464: a record separator before each text, for json-seq.
    for line in body.split(whereSeparator: { $0 == 10 || $0 == 0x1E }) {
      let line = line.last == 13 ? line.dropLast() : line
      if !line.isEmpty { values.append(try json(Array(line))) }
    }
    return .array(values)
  }

  private static func text(_ body: [UInt8], _ type: MediaType) throws(CodecError) -> String {
    switch type[parameter: "charset"]?.lowercased() {
    case "iso-8859-1", "latin1", "us-ascii":
      return String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) }))
    case nil, "utf-8", "utf8":
      guard let text = String(validating: body, as: UTF8.self) else {
        throw CodecError(path: "body", reason: "the text is not UTF-8")
      }
      return text
    case let name?:
      throw CodecError(path: "body", reason: "texts in \(name) are not read here", code: "415")
    }
  }

  private static func form(_ text: String, _ content: MediaContent?) -> Value {
    let pairs = QueryText.pairs(text)
    let schema = content?.schema
    var record = Record()
    var claimed: Set<String> = []
    for name in schema?.propertyNames ?? [] {
      let property = schema?.property(name)
      guard let value = member(name, property, content?.encodings[name]?.style, pairs) else {
        continue
      }
      record[name] = value
      claimed.insert(name)
    }
    for pair in pairs {
      let name = String(pair.name.prefix { $0 != "[" })
      guard claimed.insert(name).inserted else { continue }
      record[name] = member(name, schema?.property(name), nil, pairs)
    }
    return .object(record)
  }

  private static func member(
    _ name: String, _ schema: JSONSchema?, _ style: ParameterStyle?, _ pairs: [QueryText.Pair]
  ) -> Value? {
    let own = pairs.filter { $0.name == name }
    guard let last = own.last else {
      return BracketedPairs.value(of: name, in: pairs, as: schema)
    }
    if schema?.kinds.contains(.array) == true {
      if own.count == 1, let style, !style.explodes {
        let parts = last.encoded.split(separator: style.separator).map { QueryText.decoded($0) }
        return .array(parts.map { TextTyping.value($0, as: schema?.item) })
      }
      // A list as one JSON text, as some clients send it.
      if own.count == 1, last.value.hasPrefix("["),
        case .array(let items)? = try? JSONParser.parse(last.value)
      {
        return .array(items)
      }
      return .array(own.map { TextTyping.value($0.value, as: schema?.item) })
    }
    if own.count > 1, schema == nil { return .array(own.map { .string($0.value) }) }
    return TextTyping.value(last.value, as: schema)
  }

  private static func multipart(
    _ body: [UInt8], _ type: MediaType, _ content: MediaContent?
  ) throws(CodecError) -> Value {
    guard let boundary = type[parameter: "boundary"] else {
      throw CodecError(path: "body", reason: "the Content-Type names no boundary")
    }
    var record = Record()
    for part in try Multipart.parts(body, boundary: boundary) {
      let property = content?.schema?.property(part.name)
      let isList = property?.kinds.contains(.array) == true
      let value = try value(of: part, as: isList ? property?.item : property)
      switch (record[part.name], isList) {
      case (nil, true): record[part.name] = .array([value])
      case (nil, false): record[part.name] = value
      case (.array(let items)?, _): record[part.name] = .array(items + [value])
      case (let first?, _): record[part.name] = .array([first, value])
      }
    }
    return .object(record)
  }

  private static func value(
    of part: Multipart.Part, as schema: JSONSchema?
  ) throws(CodecError) -> Value {
    let type = part.contentType.flatMap { MediaType($0) }
    if schema?.isBinary == true { return .bytes(part.body) }
    switch type?.form {
    case .json: return try json(part.body)
    case .binary: return .bytes(part.body)
    default:
      guard let text = String(validating: part.body, as: UTF8.self) else {
        return .bytes(part.body)
      }
      return part.filename == nil || schema != nil
        ? TextTyping.value(text, as: schema) : .bytes(part.body)
    }
  }
}
