internal import TrestleCore

/// Fields one after the other: fixed columns, EBCDIC, packed decimals, lists, switches.
struct RecordLayout: MessageLayout {
  let fields: [RecordField]
  /// How what it measures of its own bytes is computed.
  private(set) var plan = MeasurePlan()
  /// Why it is no message of its own but only a part of others; nil for most.
  var partReason: CodecError?
  /// The clock and counters of fields that write themselves.
  private var generators = Generators.system

  init(fields: [RecordField]) { self.fields = fields }

  /// A record whose measures have been resolved.
  init(fields: [RecordField], plan: MeasurePlan) {
    self.fields = fields
    self.plan = plan
  }

  func using(_ generators: Generators) -> any MessageLayout {
    var layout = RecordLayout(fields: fields.map { $0.using(generators) }, plan: plan)
    layout.partReason = partReason
    layout.generators = generators
    return layout
  }

  var fieldNames: [String]? { fields.map(\.name) }

  var schema: Schema? { RecordField.schema(of: fields) }

  func visible(_ message: Value) -> Value { Self.visible(message, .group(fields), in: []) }

  /// `scope` are the records around the value.
  private static func visible(
    _ value: Value, _ kind: RecordField.Kind, in scope: [Record]
  ) -> Value {
    switch (kind, value) {
    case (.group(let fields), .object(let record)):
      var visible = Record()
      for field in fields where field.isVisible {
        guard let value = record[field.name] else { continue }
        visible.append(unique: field.name, Self.visible(value, field.kind, in: scope + [record]))
      }
      return .object(visible)
    case (.list(let item, _, _), .array(let items)):
      return .array(items.map { Self.visible($0, item, in: scope) })
    case (.choice(let on, let cases, let otherwise), _):
      let chosen = RecordScope(records: scope).value(at: on)?.scalarText ?? ""
      guard let fields = cases[chosen] ?? otherwise else { return value }
      return Self.visible(value, .group(fields), in: scope)
    case (.within(_, let inner), _): return Self.visible(value, inner, in: scope)
    default: return value
    }
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var reading = RecordReading(bytes, plan)
    let record = try read(&reading)
    var message = DecodedMessage(value: .object(record), warnings: reading.reader.warnings)
    let reader = reading.reader
    if reader.remaining > 0 {
      message.warnings.append(
        "\(reader.remaining) bytes follow the last field, from byte \(reader.position)")
    }
    return message
  }

  func list(_ bytes: [UInt8], into spans: inout [FieldSpan]) throws(CodecError) {
    var reading = RecordReading(bytes, plan)
    reading.spans = []
    defer { spans += reading.spans ?? [] }
    _ = try read(&reading)
    guard reading.reader.remaining > 0 else { return }
    reading.spans?.append(
      FieldSpan(
        path: "", range: reading.reader.position..<bytes.count, type: "after the last field"))
  }

  private func read(_ reading: inout RecordReading) throws(CodecError) -> Record {
    if let partReason { throw partReason }
    return try reading.record(fields, owner: -1)
  }

  // MARK: Writing

  /// How often a message is written until lengths that depend on each other settle.
  private static let maximumPasses = 8

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    if let partReason { throw partReason }
    guard case .object(let record) = message else {
      throw CodecError(path: "layout", reason: "writes fields by name, found \(message.kindName)")
    }
    var writing = RecordWriting(plan, generators)
    for pass in 1...Self.maximumPasses {
      try writing.record(fields, record, owner: -1)
      let isSettled = try writing.finish()
      if isSettled, pass > 1 || !plan.needsPasses {
        if let mismatch = writing.mismatch { throw mismatch }
        return writing.output
      }
      writing.beginAgain()
    }
    throw CodecError(
      path: "layout", reason: "has lengths that change each other, and do not come to rest")
  }
}

extension RecordField {
  /// The field with the generators that its messages are written with.
  fileprivate func using(_ generators: Generators) -> RecordField {
    var field = self
    field.kind = field.kind.using(generators)
    return field
  }
}

extension RecordField.Kind {
  fileprivate func using(_ generators: Generators) -> RecordField.Kind {
    switch self {
    case .scalar(let codec): .scalar(codec.using(generators))
    case .group(let fields): .group(fields.map { $0.using(generators) })
    case .list(let item, let count, let maximum):
      .list(item.using(generators), count: count, maximum: maximum)
    case .choice(let on, let cases, let otherwise):
      .choice(
        on: on, cases: cases.mapValues { $0.map { $0.using(generators) } },
        otherwise: otherwise?.map { $0.using(generators) })
    case .within(let extent, let inner): .within(extent, inner.using(generators))
    }
  }
}
