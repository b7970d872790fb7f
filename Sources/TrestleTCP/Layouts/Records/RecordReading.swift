internal import TrestleCore

/// One message being read.
struct RecordReading {
  var reader: FieldReader
  /// Filled when places are wanted.
  var spans: [FieldSpan]?
  private var path: [String] = []
  /// The records around the field that is read, the outermost first.
  private var scope = RecordScope(records: [])
  private var places: FieldPlaces
  private var pending: [PendingMeasure] = []
  private let isMeasuring: Bool

  init(_ bytes: [UInt8], _ plan: MeasurePlan) {
    reader = FieldReader(bytes)
    places = FieldPlaces(plan)
    isMeasuring = !plan.isEmpty
  }

  /// Reads fields; gives them all but fillers, also those that callers do not see: conditions may
  /// speak of them. `owner` is the slot of the field that holds them.
  mutating func record(_ fields: [RecordField], owner: Int) throws(CodecError) -> Record {
    let level = scope.records.count
    let firstPending = pending.count
    scope.records.append(Record())
    places.begin(recordOf: owner)
    var computed: [(field: RecordField, place: Range<Int>)] = []
    for field in fields {
      if field.isOptional, reader.remaining == 0 { continue }
      let start = reader.position
      path.append(field.name)
      do throws(CodecError) {
        if let condition = field.condition, try !scope.isTrue(condition) {
          path.removeLast()
          continue
        }
        try read(field, level: level)
        if case .computed = field.source {
          computed.append((field, field.place(from: start, to: reader.position)))
        }
      } catch {
        throw error.inside(field.name)
      }
      path.removeLast()
    }
    try verify(computed, in: scope.records[level])
    if isMeasuring { try verify(from: firstPending, owner: owner) }
    return scope.records.removeLast()
  }

  private mutating func read(_ field: RecordField, level: Int) throws(CodecError) {
    let start = reader.position
    let value = try value(of: field.kind, slot: field.slot, type: field.type)
    places.note(field.slot, field.place(from: start, to: reader.position))
    switch field.source {
    case .filler: return
    case .constant(let constant) where !value.matches(constant):
      throw reader.wrong(
        reader.bytes[start..<reader.position], "expects \(constant.scalarText ?? "")")
    case .measured(let computation):
      guard case .scalar(let codec) = field.kind else { break }
      pending.append(
        PendingMeasure(
          computation: computation, codec: codec, place: start..<reader.position, value: value,
          path: path,
          scope: computation.expression == nil ? RecordScope(records: []) : scope))
    default: break
    }
    scope.records[level].append(unique: field.name, value)
  }

  /// Notes a field's place and value, when these are wanted.
  private mutating func note(_ range: Range<Int>, _ type: String, _ value: Value) {
    guard spans != nil else { return }
    let span = FieldSpan(path: place, range: range, type: type, value: value)
    spans?.append(span)
  }

  /// The path of the field that is read.
  private var place: String { Self.written(path[...]) }

  private static func written(_ path: ArraySlice<String>) -> String {
    path.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
  }

  // MARK: Kinds

  private mutating func value(
    of kind: RecordField.Kind, slot: Int, type: String
  ) throws(CodecError) -> Value {
    switch kind {
    case .scalar(let codec):
      let start = reader.position
      if var inner = spans {
        spans = nil
        defer { spans = inner }
        if let value = try codec.list(&reader, at: place, into: &inner) { return value }
      }
      let value = try codec.read(&reader)
      note(codec.place(from: start, to: reader.position), type, value)
      return value
    case .group(let fields): return .object(try record(fields, owner: slot))
    case .choice(let on, let cases, let otherwise):
      let chosen = scope.value(at: on)
      guard let fields = cases[chosen?.scalarText ?? ""] ?? otherwise else {
        throw reader.wrong(next, RecordField.noCase(chosen, on, cases))
      }
      return .object(try record(fields, owner: slot))
    case .list(let item, let count, let maximum):
      return .array(try items(item, count, maximum, slot: slot, type: type))
    case .within(let extent, let inner):
      return try value(of: inner, within: extent, slot: slot, type: type)
    }
  }

  private mutating func value(
    of kind: RecordField.Kind, within extent: RecordExtent, slot: Int, type: String
  ) throws(CodecError) -> Value {
    let count: Int
    // What stands behind the content: its delimiter.
    var rest = 0
    var pad: UInt8?
    switch extent {
    case .known(let extent, let padding):
      var ahead = reader
      let content = try extent.read(&ahead)
      pad = padding
      // What stands before the content is passed now, what stands after it at the end.
      count = content.count
      let start = reader.position
      reader.pass(content.startIndex - start)
      if content.startIndex > start {
        note(start..<content.startIndex, "length", .integer(Int64(count)))
      }
      rest = ahead.position - content.endIndex
    case .reserving(let size):
      count = reader.remaining - size
      guard count >= 0 else {
        throw CodecError(
          path: "",
          reason: "is followed by \(size) byte\(size == 1 ? "" : "s"), the message has"
            + " \(reader.remaining) left", in: reader.bytes[...],
          wrong: reader.position..<reader.end)
      }
    case .computed(let expression, _):
      count = try scope.number(expression)
      guard count <= reader.remaining else {
        throw CodecError(
          path: "",
          reason: "has \(count) bytes by \(expression.text), the message has"
            + " \(reader.remaining) left", in: reader.bytes[...],
          wrong: reader.position..<reader.position + reader.remaining)
      }
    }
    let outer = reader.enter(count)
    let value = try value(of: kind, slot: slot, type: type)
    let left = reader.bytes[reader.position..<reader.end]
    if !left.isEmpty, pad == nil || !left.allSatisfy({ $0 == pad }) {
      reader.warnings.append(
        "\(place): \(left.count) bytes follow its last field, from byte \(left.startIndex)")
    }
    reader.leave(to: outer)
    if rest > 0 { note(reader.position..<reader.position + rest, "delimiter", .null) }
    reader.pass(rest)
    return value
  }

  private mutating func items(
    _ item: RecordField.Kind, _ count: RecordField.Count, _ maximum: Int, slot: Int, type: String
  ) throws(CodecError) -> [Value] {
    var wanted: Int?
    var end: [UInt8] = []
    switch count {
    case .fixed(let number): wanted = number
    case .untilEnd: wanted = nil
    case .terminated(let bytes): end = bytes
    case .field(let name):
      guard let number = scope.value(at: name)?.scalarText.flatMap({ Int($0.trimmed) }),
        number >= 0
      else {
        throw reader.wrong(next, "\(name) is no count")
      }
      wanted = number
    }
    if let wanted, wanted > maximum {
      throw reader.wrong(next, "would have \(wanted) items, more than \(maximum)")
    }
    var items: [Value] = []
    while wanted.map({ items.count < $0 }) ?? (reader.remaining > 0) {
      if !end.isEmpty, reader.bytes[reader.position..<reader.end].starts(with: end) {
        reader.pass(end.count)
        end = []
        break
      }
      guard items.count < maximum else {
        throw reader.wrong(next, "has more than \(maximum) items")
      }
      let start = reader.position
      path.append("[\(items.count)]")
      do throws(CodecError) {
        items.append(try value(of: item, slot: slot, type: type))
      } catch {
        throw error.inside("[\(items.count)]")
      }
      path.removeLast()
      guard wanted != nil || reader.position > start else {
        throw reader.wrong(next, "has items without bytes, of which there is no end")
      }
    }
    guard end.isEmpty else {
      throw CodecError(
        path: "", reason: "is not ended by \(FrameCheck.text(end))", in: reader.bytes[...],
        wrong: reader.position..<reader.end)
    }
    places.note(slot, count: items.count)
    return items
  }

  /// The byte that is read next, if there is one.
  private var next: ArraySlice<UInt8> {
    reader.bytes[reader.position..<min(reader.position + 1, reader.end)]
  }

  // MARK: Verifying

  /// Holds computed fields against the record they are in, once it is complete.
  private func verify(
    _ fields: [(field: RecordField, place: Range<Int>)], in record: Record
  ) throws(CodecError) {
    for (field, place) in fields {
      guard case .computed(let expression) = field.source, let found = record[field.name] else {
        continue
      }
      do throws(CodecError) {
        let right = try scope.evaluate(expression) ?? .null
        guard found.matches(right) else {
          throw reader.wrong(
            reader.bytes[place], "is \(found), but \(expression.text) is \(right)")
        }
      } catch {
        throw error.inside(field.name)
      }
    }
  }

  /// Holds the measured fields whose owner is complete against the bytes they are of.
  private mutating func verify(from first: Int, owner: Int) throws(CodecError) {
    guard pending.count > first else { return }
    var kept = first
    for position in first..<pending.count {
      guard pending[position].computation.owner == owner else {
        pending.swapAt(kept, position)
        kept += 1
        continue
      }
      var measure = pending[position]
      measure.resolve(places)
      do throws(CodecError) {
        let right = try measure.value(over: reader.bytes)
        guard !(try measure.isRight(right, in: reader.bytes)) else { continue }
        throw CodecError(
          path: "", reason: "is \(measure.value), but \(measure.description) is \(right)",
          in: reader.bytes[...], wrong: measure.place)
      } catch {
        throw error.inside(Self.written(measure.path[path.count...]))
      }
    }
    pending.removeLast(pending.count - kept)
  }
}

extension FieldCodec {
  /// The bytes of a field between where reading it began and ended; bits are passed only with the last
  /// of those that share their bytes.
  fileprivate func place(from start: Int, to end: Int) -> Range<Int> {
    guard let shared else { return start..<end }
    return start + shared.part.lowerBound..<start + shared.part.upperBound
  }
}

extension RecordField {
  fileprivate func place(from start: Int, to end: Int) -> Range<Int> {
    if case .scalar(let codec) = kind { return codec.place(from: start, to: end) }
    return start..<end
  }

  /// Why a switch leads nowhere.
  static func noCase(
    _ found: Value?, _ field: String, _ cases: [String: [RecordField]]
  ) -> String {
    let text = found?.scalarText ?? ""
    let known = cases.keys.sorted()
    return "has no case for \(field) \"\(text)\"" + Suggestion.clause(for: text, among: known)
      + " (cases: \(known.joined(separator: ", ")))"
  }
}
