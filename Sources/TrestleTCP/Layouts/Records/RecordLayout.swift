internal import TrestleCore

/// Fields one after the other: fixed columns, EBCDIC, packed decimals, lists, switches.
struct RecordLayout: MessageLayout {
  let fields: [RecordField]

  var schema: Schema? { RecordField.schema(of: fields) }

  func visible(_ message: Value) -> Value { Self.visible(message, .group(fields), in: [:]) }

  private static func visible(
    _ value: Value, _ kind: RecordField.Kind, in record: Record
  ) -> Value {
    switch (kind, value) {
    case (.group(let fields), .object(let record)):
      var visible = Record()
      for field in fields where field.isVisible {
        guard let value = record[field.name] else { continue }
        visible.append(unique: field.name, Self.visible(value, field.kind, in: record))
      }
      return .object(visible)
    case (.list(let item, _, _), .array(let items)):
      return .array(items.map { Self.visible($0, item, in: record) })
    case (.choice(let on, let cases, let otherwise), _):
      guard let fields = cases[record[on]?.scalarText ?? ""] ?? otherwise else { return value }
      return Self.visible(value, .group(fields), in: record)
    default: return value
    }
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var pass = ReadingPass(bytes)
    let record = try pass.record(fields)
    var message = DecodedMessage(value: .object(record))
    if pass.reader.remaining > 0 {
      message.warnings.append(
        "\(pass.reader.remaining) bytes follow the last field, from byte \(pass.reader.position)")
    }
    return message
  }

  func list(_ bytes: [UInt8], into spans: inout [FieldSpan]) throws(CodecError) {
    var pass = ReadingPass(bytes)
    pass.spans = []
    defer { spans += pass.spans ?? [] }
    _ = try pass.record(fields)
    guard pass.reader.remaining > 0 else { return }
    pass.spans?.append(
      FieldSpan(path: "", range: pass.reader.position..<bytes.count, type: "after the last field"))
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else {
      throw CodecError(path: "layout", reason: "writes fields by name, found \(message.kindName)")
    }
    var output: [UInt8] = []
    try write(fields, record, to: &output)
    return output
  }

  private func write(
    _ fields: [RecordField], _ record: Record, to output: inout [UInt8]
  ) throws(CodecError) {
    let known = fields.map(\.name)
    for name in record.names where !known.contains(name) {
      throw CodecError(
        path: name,
        reason: "is no field of the layout" + Suggestion.clause(for: name, among: known),
        hint: "fields: \(known.joined(separator: ", "))")
    }
    var record = record
    for field in fields {
      if let condition = field.condition, try !isTrue(condition, of: record, field.name) {
        continue
      }
      let value = try value(of: field, in: record)
      if value == nil, field.isOptional { continue }
      // What follows may depend on what was written by itself.
      if let value, record[field.name] == nil { record[field.name] = value }
      do throws(CodecError) {
        try write(field.kind, value ?? .null, in: record, to: &output)
      } catch {
        throw error.inside(field.name)
      }
    }
  }

  private func value(of field: RecordField, in record: Record) throws(CodecError) -> Value? {
    switch field.source {
    case .caller: return record[field.name]
    case .defaults(let value): return record[field.name] ?? value
    case .constant(let value): return value
    case .filler: return nil
    case .count(let list):
      return .integer(Int64(record[list]?.arrayValue?.count ?? 0))
    case .computed(let expression): return try evaluate(expression, of: record, field.name)
    }
  }

  private func write(
    _ kind: RecordField.Kind, _ value: Value, in record: Record, to output: inout [UInt8]
  ) throws(CodecError) {
    switch kind {
    case .scalar(let codec): try codec.write(value, to: &output)
    case .group(let fields):
      guard let inner = value.isNull ? Record() : value.objectValue else {
        throw .unwritable(value, "an object")
      }
      try write(fields, inner, to: &output)
    case .choice(let on, let cases, let otherwise):
      guard let fields = cases[record[on]?.scalarText ?? ""] ?? otherwise else {
        throw CodecError(reason: Self.noCase(record[on], on, cases))
      }
      try write(.group(fields), value, in: record, to: &output)
    case .list(let item, let count, let maximum):
      guard let items = value.isNull ? [] : value.arrayValue else {
        throw .unwritable(value, "a list")
      }
      if case .fixed(let count) = count, !value.isNull, items.count != count {
        throw CodecError(reason: "has \(items.count) items, the layout has \(count)")
      }
      guard items.count <= maximum else {
        throw CodecError(reason: "has \(items.count) items, more than \(maximum)")
      }
      var written = items
      if case .fixed(let count) = count, value.isNull {
        written = [Value](repeating: .null, count: count)
      }
      for (position, element) in written.enumerated() {
        do throws(CodecError) {
          try write(item, element, in: record, to: &output)
        } catch {
          throw error.inside("[\(position)]")
        }
      }
    }
  }

  fileprivate static func noCase(
    _ found: Value?, _ field: String, _ cases: [String: [RecordField]]
  ) -> String {
    let text = found?.scalarText ?? ""
    let known = cases.keys.sorted()
    return "has no case for \(field) \"\(text)\"" + Suggestion.clause(for: text, among: known)
      + " (cases: \(known.joined(separator: ", ")))"
  }
}

/// One message being read.
private struct ReadingPass {
  var reader: FieldReader
  /// Filled when places are wanted.
  var spans: [FieldSpan]?
  private var path: [String] = []

  init(_ bytes: [UInt8]) { reader = FieldReader(bytes) }

  /// Reads fields; gives them all but fillers, also those that callers do not see: conditions may
  /// speak of them.
  mutating func record(_ fields: [RecordField]) throws(CodecError) -> Record {
    var scope = Record()
    for field in fields {
      if field.isOptional, reader.remaining == 0 { continue }
      if let condition = field.condition, try !isTrue(condition, of: scope, field.name) { continue }
      let start = reader.position
      path.append(field.name)
      let value: Value
      do throws(CodecError) {
        value = try read(field.kind, in: scope)
        try verify(field, value, in: scope, from: start)
      } catch {
        throw error.inside(field.name)
      }
      if case .scalar = field.kind { note(start, field.type, value) }
      path.removeLast()
      if case .filler = field.source { continue }
      scope.append(unique: field.name, value)
    }
    for field in fields {
      guard case .computed(let expression) = field.source, let found = scope[field.name] else {
        continue
      }
      let right = try evaluate(expression, of: scope, field.name) ?? .null
      guard found.matches(right) else {
        throw CodecError(
          path: field.name,
          reason: "is \(found), but \(expression.text) is \(right)")
      }
    }
    return scope
  }

  private mutating func note(_ start: Int, _ type: String, _ value: Value) {
    guard spans != nil else { return }
    let place = path.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
    spans?.append(
      FieldSpan(path: place, range: start..<reader.position, type: type, value: value))
  }

  private func verify(
    _ field: RecordField, _ value: Value, in scope: Record, from start: Int
  ) throws(CodecError) {
    guard case .constant(let constant) = field.source, !value.matches(constant) else { return }
    throw reader.wrong(
      reader.bytes[start..<reader.position], "expects \(constant.scalarText ?? "")")
  }

  private mutating func read(
    _ kind: RecordField.Kind, in scope: Record
  ) throws(CodecError) -> Value {
    switch kind {
    case .scalar(let codec): return try codec.read(&reader)
    case .group(let fields): return .object(try record(fields))
    case .choice(let on, let cases, let otherwise):
      guard let fields = cases[scope[on]?.scalarText ?? ""] ?? otherwise else {
        throw CodecError(
          reason: RecordLayout.noCase(scope[on], on, cases), offset: reader.position)
      }
      return .object(try record(fields))
    case .list(let item, let count, let maximum):
      return .array(try items(item, count, maximum, in: scope))
    }
  }

  private mutating func items(
    _ item: RecordField.Kind, _ count: RecordField.Count, _ maximum: Int, in scope: Record
  ) throws(CodecError) -> [Value] {
    var wanted: Int?
    switch count {
    case .fixed(let number): wanted = number
    case .untilEnd: wanted = nil
    case .field(let name):
      guard let number = scope[name]?.scalarText.flatMap({ Int($0) }), number >= 0 else {
        throw CodecError(reason: "\(name) is no count", offset: reader.position)
      }
      wanted = number
    }
    if let wanted, wanted > maximum {
      throw CodecError(
        reason: "would have \(wanted) items, more than \(maximum)", offset: reader.position)
    }
    var items: [Value] = []
    while wanted.map({ items.count < $0 }) ?? (reader.remaining > 0) {
      guard items.count < maximum else {
        throw CodecError(reason: "has more than \(maximum) items", offset: reader.position)
      }
      let start = reader.position
      path.append("[\(items.count)]")
      do throws(CodecError) {
        items.append(try read(item, in: scope))
      } catch {
        throw error.inside("[\(items.count)]")
      }
      if case .scalar = item, let item = items.last { note(start, "", item) }
      path.removeLast()
      guard wanted != nil || reader.position > start else {
        throw CodecError(reason: "has items without bytes, of which there is no end", offset: start)
      }
    }
    return items
  }
}

private func isTrue(
  _ condition: Expression, of record: Record, _ name: String
) throws(CodecError) -> Bool {
  do throws(ExpressionError) {
    return try condition.isTrue(in: MessageScope(message: .object(record)))
  } catch {
    throw CodecError(path: name, reason: "\(condition.text): \(error.reason)")
  }
}

private func evaluate(
  _ expression: Expression, of record: Record, _ name: String
) throws(CodecError) -> Value? {
  do throws(ExpressionError) {
    return try expression.evaluate(in: MessageScope(message: .object(record)))
  } catch {
    throw CodecError(path: name, reason: "\(expression.text): \(error.reason)")
  }
}
