internal import TrestleCore

/// Rows of fields: CSV, pipe-separated files, NMEA sentences.
///
/// A message is `{rows: […]}`, or with `one` the row itself: an object where columns have names, else
/// `{fields: […]}` and an array.
struct RowsLayout: MessageLayout {
  /// How the fields of a row are called.
  enum Columns: Sendable {
    case unnamed
    case named([String])
    /// The first row names them.
    case header
    /// By the first field, which has a name of its own.
    case byType(String, [String: [String]])
  }

  var separator: [UInt8] = [UInt8(ascii: ",")]
  /// What stands around a field that holds a separator; nil for nothing.
  var quote: UInt8? = UInt8(ascii: "\"")
  /// What stands before a byte that is meant as it is. Without one a quote within quotes is doubled.
  var escape: UInt8?
  var lineEnd: [UInt8] = [0x0D, 0x0A]
  var columns = Columns.unnamed
  /// Whether a message is one row, without a line end.
  var isOne = false
  var encoding = TextEncoding.utf8

  /// What a row holds beyond its columns.
  static let moreKey = "_more"

  var example: Value? {
    let row: Value
    switch columns {
    case .unnamed: return isOne ? ["fields": ["text"]] : ["rows": [["text"]]]
    case .header: row = ["column": "text"]
    case .named(let names):
      row = .object(Record(uniqueMembers: names.map { .init(name: $0, value: .string($0)) }))
    case .byType(let key, let types):
      let type = types.keys.min() ?? "TYPE"
      // Any talker may stand before what the types have in common; GP is a common one.
      row = .object([key: .string(type.hasPrefix("*") ? "GP" + type.dropFirst() : type)])
    }
    return isOne ? row : ["rows": [row]]
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    if isOne {
      if case .unnamed = columns, let fields = message["fields"] { return try line(fields) }
      return try line(message)
    }
    guard let rows = message["rows"]?.arrayValue else {
      throw CodecError(path: "rows", reason: "expects a list of rows, found \(message)")
    }
    var layout = self
    var output: [UInt8] = []
    if case .header = columns {
      let names = rows.first?.objectValue?.names.filter { $0 != Self.moreKey } ?? []
      layout.columns = .named(names)
      if !names.isEmpty { output += try layout.written(names, path: "rows") + lineEnd }
    }
    for (position, row) in rows.enumerated() {
      do throws(CodecError) {
        output += try layout.line(row) + lineEnd
      } catch {
        throw error.inside("rows[\(position)]")
      }
    }
    return output
  }

  private func line(_ row: Value) throws(CodecError) -> [UInt8] {
    if case .array(let fields) = row { return try written(try texts(fields), path: "") }
    guard case .object(let record) = row else {
      throw CodecError(reason: "expects a row, found \(row.kindName)")
    }
    var texts: [String] = []
    var names: [String] = []
    switch columns {
    case .unnamed, .header: break
    case .named(let columns): names = columns
    case .byType(let key, let types):
      guard let type = record[key]?.scalarText, !type.isEmpty else {
        throw CodecError(path: key, reason: "is missing: it says what the row is")
      }
      texts.append(type)
      names = Self.columns(of: type, types)
    }
    let last = names.lastIndex { record[$0] != nil } ?? -1
    for (position, name) in names.enumerated() where position <= last {
      guard let text = (record[name] ?? .null).scalarText else {
        throw CodecError(path: name, reason: "expects a text or number")
      }
      texts.append(text)
    }
    var known = Set(names)
    if case .byType(let key, _) = columns { known.insert(key) }
    for member in record where !known.contains(member.name) {
      guard member.name == Self.moreKey, let more = member.value.arrayValue else {
        throw CodecError(
          path: member.name,
          reason: "is no column" + Suggestion.clause(for: member.name, among: names))
      }
      guard last == names.count - 1 else {
        throw CodecError(path: Self.moreKey, reason: "follows columns that are missing")
      }
      texts += try self.texts(more)
    }
    return try written(texts, path: "")
  }

  private func texts(_ fields: [Value]) throws(CodecError) -> [String] {
    var texts: [String] = []
    for (position, field) in fields.enumerated() {
      guard let text = field.scalarText else {
        throw CodecError(path: "[\(position)]", reason: "expects a text, found \(field.kindName)")
      }
      texts.append(text)
    }
    return texts
  }

  private func written(_ texts: [String], path: String) throws(CodecError) -> [UInt8] {
    var output: [UInt8] = []
    for (position, text) in texts.enumerated() {
      if position > 0 { output += separator }
      output += try written(try encoding.bytes(of: text, path: path), path: path)
    }
    return output
  }

  private func written(_ bytes: [UInt8], path: String) throws(CodecError) -> [UInt8] {
    let special = bytes.contains { byte in
      byte == separator[0] || byte == quote || byte == escape || byte == 0x0A || byte == 0x0D
    }
    guard special else { return bytes }
    guard let quote else {
      guard let escape else {
        throw CodecError(
          path: path, reason: "holds what divides rows and fields",
          hint: "declare quote or escape in layout.rows")
      }
      return bytes.flatMap { byte in
        byte == separator[0] || byte == escape || byte == 0x0A || byte == 0x0D
          ? [escape, byte] : [byte]
      }
    }
    let inner = bytes.flatMap { byte -> [UInt8] in
      byte == quote || byte == escape ? [escape ?? quote, byte] : [byte]
    }
    return [quote] + inner + [quote]
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var reader = RowsReader(layout: self, bytes: bytes)
    var lines = try reader.rows()
    if isOne {
      guard let row = lines.first, lines.count == 1 else {
        throw CodecError(path: "layout.rows", reason: "expects one row, found \(lines.count)")
      }
      let value = self.row(row, columns)
      return DecodedMessage(value: value.objectValue == nil ? ["fields": value] : value)
    }
    var columns = columns
    if case .header = columns {
      let names = lines.isEmpty ? [] : lines.removeFirst()
      guard Set(names).count == names.count else {
        throw CodecError(path: "layout.rows", reason: "the first row names a column twice")
      }
      columns = .named(names)
    }
    return DecodedMessage(value: ["rows": .array(lines.map { row($0, columns) })])
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var reader = RowsReader(layout: self, bytes: bytes)
    defer { fields += reader.spans }
    _ = try reader.rows()
  }

  /// The columns of a type; `*GGA` stands for every type that ends in `GGA`.
  private static func columns(of type: String, _ types: [String: [String]]) -> [String] {
    if let columns = types[type] { return columns }
    guard type.utf8.count <= 64 else { return [] }
    var rest = Substring(type)
    while rest.popFirst() != nil {
      if let columns = types["*" + rest] { return columns }
    }
    return []
  }

  private func row(_ texts: [String], _ columns: Columns) -> Value {
    let names: [String]
    var fields = texts[...]
    var record = Record()
    switch columns {
    case .unnamed, .header: return .array(texts.map { .string($0) })
    case .named(let columns): names = columns
    case .byType(let key, let types):
      let type = fields.popFirst() ?? ""
      record.append(unique: key, .string(type))
      names = Self.columns(of: type, types)
    }
    for name in names {
      guard let text = fields.popFirst() else { break }
      record[name] = .string(text)
    }
    if !fields.isEmpty { record[Self.moreKey] = .array(fields.map { .string($0) }) }
    return .object(record)
  }
}
