internal import TrestleCore

/// One message being written: front to back, with what is measured of its bytes put in when they are
/// there. Where a measure changes what is written, the message is written again.
struct RecordWriting {
  private(set) var output: [UInt8] = []
  /// A field that does not have the bytes it should, by what is known so far.
  private(set) var mismatch: CodecError?

  private let plan: MeasurePlan
  private var scope: RecordScope
  private var path: [String] = []
  private var places: FieldPlaces
  private var pending: [PendingMeasure] = []
  private var resolved: [PendingMeasure] = []
  /// What the measured fields were when the message was last written, in the order of their bytes.
  private var measured: [Value] = []
  private var measuredCount = 0
  /// What clocks and counters said: the same each time the message is written.
  private var generated: [Value] = []
  private var generatedCount = 0

  init(_ plan: MeasurePlan, _ generators: Generators) {
    self.plan = plan
    scope = RecordScope(records: [], generators: generators)
    places = FieldPlaces(plan)
  }

  /// Begins the message anew with what is known now.
  mutating func beginAgain() {
    output = []
    mismatch = nil
    path = []
    places = FieldPlaces(plan)
    pending = []
    resolved = []
    measuredCount = 0
    generatedCount = 0
  }

  // MARK: Fields

  mutating func record(
    _ fields: [RecordField], _ record: Record, owner: Int
  ) throws(CodecError) {
    for name in record.names where !fields.contains(where: { $0.name == name }) {
      let known = fields.map(\.name)
      throw CodecError(
        path: name,
        reason: "is no field of the layout" + Suggestion.clause(for: name, among: known),
        hint: "fields: \(known.joined(separator: ", "))")
    }
    let firstPending = pending.count
    let level = scope.records.count
    scope.records.append(record)
    places.begin(recordOf: owner)
    for field in fields {
      path.append(field.name)
      do throws(CodecError) {
        try write(field, given: record[field.name], level: level)
      } catch {
        throw error.inside(field.name)
      }
      path.removeLast()
    }
    resolve(from: firstPending, owner: owner)
    scope.records.removeLast()
  }

  private mutating func write(
    _ field: RecordField, given: Value?, level: Int
  ) throws(CodecError) {
    if let condition = field.condition, try !scope.isTrue(condition) { return }
    let start = output.count
    if case .measured(let computation) = field.source, case .scalar(let codec) = field.kind {
      try write(computation, codec, level: level)
    } else {
      let value = try value(of: field.source, given: given, level: level)
      if value == nil, field.isOptional { return }
      // What follows may depend on what was written by itself.
      if let value, given == nil { scope.records[level][field.name] = value }
      try write(field.kind, value ?? .null, slot: field.slot)
    }
    places.note(field.slot, field.place(from: start, to: output.count))
  }

  private mutating func value(
    of source: RecordField.Source, given: Value?, level: Int
  ) throws(CodecError) -> Value? {
    switch source {
    case .caller, .measured: return given
    case .defaults(let value): return given ?? value
    case .constant(let value): return value
    case .filler: return nil
    case .count(let list):
      return .integer(Int64(scope.records[level][list]?.arrayValue?.count ?? 0))
    case .computed(let expression): return try scope.evaluate(expression)
    case .generated(let expression):
      if let given { return given }
      if generatedCount == generated.count {
        generated.append(try scope.evaluate(expression) ?? .null)
      }
      generatedCount += 1
      return generated[generatedCount - 1]
    }
  }

  // MARK: Measures

  /// Writes a measured field blank, or as it was when the message was last written.
  private mutating func write(
    _ computation: Computation, _ codec: any FieldCodec, level: Int
  ) throws(CodecError) {
    let start = output.count
    let known = measured.dropFirst(measuredCount).first
    if plan.needsPasses, let name = path.last { scope.records[level][name] = known ?? 0 }
    try codec.write(known ?? .null, to: &output)
    pending.append(
      PendingMeasure(
        computation: computation, codec: codec, place: start..<output.count, value: known ?? .null,
        number: measuredCount, path: path,
        scope: computation.expression == nil ? RecordScope(records: []) : scope))
    measuredCount += 1
  }

  /// Settles the bytes of measures whose owner is complete.
  private mutating func resolve(from first: Int, owner: Int) {
    guard pending.count > first else { return }
    var kept = 0
    for var measure in pending[first...] {
      if measure.computation.owner == owner {
        measure.resolve(places)
        resolved.append(measure)
      } else {
        pending[first + kept] = measure
        kept += 1
      }
    }
    pending.removeLast(pending.count - first - kept)
  }

  /// Puts the measures into the message; gives whether nothing of it has to be written anew.
  mutating func finish() throws(CodecError) -> Bool {
    let before = measured
    measured = Array(repeating: .null, count: measuredCount)
    var isSettled = true
    // What a check covers is written before it.
    for rank in 0..<plan.ranks {
      for measure in resolved where measure.computation.rank == rank {
        do throws(CodecError) {
          let value = try measure.value(over: output)
          var bytes: [UInt8] = []
          try measure.codec.write(value, to: &bytes)
          measured[measure.number] = value
          if bytes.count == measure.place.count {
            output.replaceSubrange(measure.place, with: bytes)
          } else {
            isSettled = false
          }
        } catch {
          throw error.inside(Self.written(measure.path))
        }
      }
    }
    return isSettled && (!plan.needsPasses || measured == before)
  }

  private static func written(_ path: [String]) -> String {
    path.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
  }

  // MARK: Kinds

  private mutating func write(
    _ kind: RecordField.Kind, _ value: Value, slot: Int
  ) throws(CodecError) {
    switch kind {
    case .scalar(let codec): try codec.write(value, to: &output)
    case .group(let fields):
      guard let inner = value.isNull ? Record() : value.objectValue else {
        throw .unwritable(value, "an object")
      }
      try record(fields, inner, owner: slot)
    case .choice(let on, let cases, let otherwise):
      let chosen = scope.value(at: on)
      guard let fields = cases[chosen?.scalarText ?? ""] ?? otherwise else {
        throw CodecError(reason: RecordField.noCase(chosen, on, cases))
      }
      try write(.group(fields), value, slot: slot)
    case .list(let item, let count, let maximum):
      try write(item, count, maximum, value, slot: slot)
    case .within(let extent, let inner):
      try write(inner, within: extent, value, slot: slot)
    }
  }

  private mutating func write(
    _ kind: RecordField.Kind, within extent: RecordExtent, _ value: Value, slot: Int
  ) throws(CodecError) {
    switch extent {
    case .known(let extent, let pad):
      extent.open(in: &output)
      let start = output.count
      try write(kind, value, slot: slot)
      try extent.close(from: start, in: &output, pad: pad)
    case .reserving: try write(kind, value, slot: slot)
    case .computed(let expression, let writes):
      let start = output.count
      try write(kind, value, slot: slot)
      guard !writes else { return }
      // What the size depends on may not be known before everything has been written once.
      do throws(CodecError) {
        let expected = try scope.number(expression)
        guard expected != output.count - start, mismatch == nil else { return }
        mismatch = CodecError(
          path: Self.written(path),
          reason: "has \(output.count - start) bytes, but \(expression.text) is \(expected)")
      } catch {
        mismatch = mismatch ?? error.inside(Self.written(path))
      }
    }
  }

  private mutating func write(
    _ item: RecordField.Kind, _ count: RecordField.Count, _ maximum: Int, _ value: Value, slot: Int
  ) throws(CodecError) {
    guard var items = value.isNull ? [] : value.arrayValue else {
      throw .unwritable(value, "a list")
    }
    if case .fixed(let count) = count {
      if value.isNull { items = [Value](repeating: .null, count: count) }
      guard items.count == count else {
        throw CodecError(reason: "has \(items.count) items, the layout has \(count)")
      }
    }
    guard items.count <= maximum else {
      throw CodecError(reason: "has \(items.count) items, more than \(maximum)")
    }
    var end: [UInt8] = []
    if case .terminated(let bytes) = count { end = bytes }
    for (position, element) in items.enumerated() {
      let start = output.count
      path.append("[\(position)]")
      do throws(CodecError) {
        try write(item, element, slot: slot)
        guard end.isEmpty || !output[start...].starts(with: end) else {
          throw CodecError(reason: "begins with \(FrameCheck.text(end)), which ends the list")
        }
      } catch {
        throw error.inside("[\(position)]")
      }
      path.removeLast()
    }
    output += end
    places.note(slot, count: items.count)
  }
}

extension RecordField {
  /// The bytes of a field between where writing it began and ended; bits are there from the first of
  /// those that share their bytes.
  fileprivate func place(from start: Int, to end: Int) -> Range<Int> {
    guard case .scalar(let codec) = kind, let shared = codec.shared else { return start..<end }
    let base = shared.isFirst ? start : start - shared.count
    return base + shared.part.lowerBound..<base + shared.part.upperBound
  }
}
