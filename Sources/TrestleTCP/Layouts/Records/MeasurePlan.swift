internal import TrestleCore

/// How the measured fields of a record are computed: where the places of its fields are kept, and in
/// which order the measures are taken. Empty for records that measure nothing.
struct MeasurePlan: Sendable {
  /// The last slot within each slot's field.
  var lastWithin: [Int] = []
  /// How many rounds of measures there are.
  var ranks = 0
  /// Whether what is measured changes what is written: it is then written until nothing changes.
  var needsPasses = false

  var isEmpty: Bool { ranks == 0 }

  /// The slots of the fields within a field, or of the whole message.
  func slots(within slot: Int) -> Range<Int> {
    slot < 0 ? 0..<lastWithin.count : slot + 1..<lastWithin[slot] + 1
  }
}

/// Where the fields of a message lie, while it is read or written.
struct FieldPlaces {
  private var ranges: [Range<Int>?]
  private var counts: [Int: Int] = [:]
  private let plan: MeasurePlan

  init(_ plan: MeasurePlan) {
    self.plan = plan
    ranges = plan.isEmpty ? [] : Array(repeating: nil, count: plan.lastWithin.count)
  }

  /// Forgets the fields of a record that begins anew.
  mutating func begin(recordOf slot: Int) {
    guard !ranges.isEmpty else { return }
    for inner in plan.slots(within: slot) { ranges[inner] = nil }
  }

  mutating func note(_ slot: Int, _ range: Range<Int>) {
    guard slot >= 0, !ranges.isEmpty else { return }
    ranges[slot] = range
  }

  mutating func note(_ slot: Int, count: Int) {
    guard slot >= 0, !ranges.isEmpty else { return }
    counts[slot] = count
  }

  /// The bytes of a measure; nil for the message, whose end is not known before it is complete.
  func range(of measure: Measure) -> Range<Int>? {
    guard measure.first >= 0 else { return nil }
    if case .field = measure.span {
      guard let range = ranges[measure.first] else { return 0..<0 }
      let start = min(range.lowerBound + measure.margins.before, range.upperBound)
      return start..<max(start, range.upperBound - measure.margins.after)
    }
    // Where an end is absent, the next field that is there stands in for it.
    let slots = measure.first...max(measure.first, plan.lastWithin[measure.last])
    guard let first = slots.first(where: { ranges[$0] != nil }), let start = ranges[first],
      let end = ranges[measure.last]
        ?? slots.last(where: { ranges[$0] != nil })
        .flatMap({ ranges[$0] })
    else { return 0..<0 }
    return start.lowerBound..<max(start.lowerBound, end.upperBound)
  }

  func count(of measure: Measure) -> Int {
    measure.first >= 0 && ranges[measure.first] != nil ? counts[measure.first] ?? 0 : 0
  }
}

/// A measured field of a message, whose measures wait until everything they are of is there.
struct PendingMeasure {
  var computation: Computation
  var codec: any FieldCodec
  /// The field's own bytes.
  var place: Range<Int>
  /// What it held when read, or which of the message's measured fields it is when written.
  var value: Value
  var number = 0
  var path: [String]
  /// The bytes of each measure, and the items of those that count some; set when the owner is complete.
  var ranges: [Range<Int>?] = []
  var counts: [Int] = []
  /// The records around it; only kept where an expression speaks of them.
  var scope: RecordScope

  mutating func resolve(_ places: FieldPlaces) {
    ranges = computation.measures.map { places.range(of: $0) }
    counts = computation.measures.map { places.count(of: $0) }
  }

  /// What the field must hold, by the bytes of a message.
  func value(over bytes: [UInt8]) throws(CodecError) -> Value {
    var results: [Value] = []
    for (position, measure) in computation.measures.enumerated() {
      let range = ranges[position] ?? 0..<bytes.count
      switch measure.function {
      case .length: results.append(.integer(Int64(range.count)))
      case .count: results.append(.integer(Int64(counts[position])))
      case .check(let checksum):
        let number = checksum.number(over: try covered(range, of: bytes))
        results.append(
          computation.expression == nil
            ? codec.value(ofCheck: number, width: checksum.algorithm.width)
            : .integer(Int64(number)))
      case .digits(let digits):
        results.append(.integer(Int64(try digits.number(over: bytes[range]))))
      }
    }
    guard let expression = computation.expression else { return results.first ?? .null }
    var scope = scope
    scope.records.append(
      Record(
        uniqueMembers: results.enumerated().map {
          Record.Member(name: Computation.name(ofMeasure: $0.offset), value: $0.element)
        }))
    return try scope.evaluate(expression) ?? .null
  }

  /// The bytes of a range, with the field itself blank where it is among them.
  private func covered(
    _ range: Range<Int>, of bytes: [UInt8]
  ) throws(CodecError) -> ArraySlice<UInt8> {
    guard computation.coversItself, range.overlaps(place) else { return bytes[range] }
    var copy = Array(bytes[range])
    var blank: [UInt8] = []
    try codec.write(.null, to: &blank)
    let own = place.clamped(to: range)
    for (offset, index) in own.enumerated() {
      copy[index - range.lowerBound] = offset < blank.count ? blank[offset] : 0
    }
    return copy[...]
  }

  /// The bytes that the first measure is of, for messages.
  var description: String {
    guard case .count? = computation.measures.first?.function else {
      guard let range = ranges.first ?? nil else { return computation.text }
      return range.isEmpty
        ? "\(computation.text) of no bytes"
        : "\(computation.text) of bytes \(range.lowerBound) to \(range.upperBound - 1)"
    }
    return computation.text
  }
}

extension PendingMeasure {
  /// Whether what was found means what it should be: by value, or by the bytes that would be written.
  func isRight(_ right: Value, in bytes: [UInt8]) throws(CodecError) -> Bool {
    if value.matches(right) { return true }
    // The case of hexadecimal digits does not matter.
    if case .string(let found) = value, case .string(let wanted) = right,
      found.lowercased() == wanted.lowercased()
    {
      return true
    }
    var written: [UInt8] = []
    try codec.write(right, to: &written)
    return bytes[place].elementsEqual(written)
  }
}
