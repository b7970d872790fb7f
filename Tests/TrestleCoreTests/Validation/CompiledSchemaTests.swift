import Testing

@testable import TrestleCore

@Suite("Compiled schemas")
struct CompiledSchemaTests {
  @Test("what is admitted has nothing wrong with it", arguments: 0..<150)
  func admitsNothingWrong(seed: Int) {
    var generator = SchemaGenerator(seed: UInt64(seed))
    let schema = generator.schema()
    let compiled = CompiledSchema(schema)
    let sample = SampleMaker.sample(for: schema, named: "x")
    var mutator = Mutator(seed: UInt64(seed))
    for value in [sample] + (0..<40).map({ _ in mutator.mutated(sample) }) {
      let issues = SchemaValidator.issues(in: value, against: schema)
      if compiled.admits(value) {
        #expect(issues.isEmpty, "admitted: \(value)")
      }
      #expect(compiled.issues(in: value) == issues)
    }
  }

  @Test("ordinary values are admitted without a second look")
  func admitsOrdinaryValues() {
    let line = SchemaBox("Line")
    line.set(
      Schema(
        .object(
          ObjectSchema(members: [
            .init(name: "sku", schema: Schema(.scalar(Self.scalar(.string)))),
            .init(name: "count", schema: Schema(.scalar(Self.scalar(.integer, maximum: "9")))),
            .init(name: "inner", schema: line.reference, isRequired: false),
          ]))))
    let list = Schema(.array(ArraySchema(item: line.reference)))
    let compiled = CompiledSchema(
      Schema(.object(ObjectSchema(members: [.init(name: "lines", schema: list)]))))
    let item: Value = ["sku": "a", "count": "7"]
    #expect(compiled.admits(["lines": [item, ["count": 1, "inner": item, "sku": "b"]]]))
    #expect(compiled.admits(["lines": []]))
    #expect(compiled.admits([:]))
    #expect(!compiled.admits(["lines": [["sku": "a", "count": 10]]]))
    #expect(!compiled.admits(["lines": [["sku": "a"]]]))
    #expect(!compiled.admits(["lines": [["sku": nil, "count": 1]]]))
    #expect(!compiled.admits(["lines": [["sku": "a", "count": 1, "other": 1]]]))
  }

  private static func scalar(
    _ kind: ScalarSchema.Kind, maximum: String? = nil
  ) -> ScalarSchema {
    var facets = Facets()
    facets.maximum = maximum
    return ScalarSchema(kind: kind, form: .string, typeName: "xs:\(kind.rawValue)", facets: facets)
  }
}

/// Breaks values a little, in the same way for the same seed.
private struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  mutating func mutated(_ value: Value) -> Value {
    if next(4) == 0 { return replacement() }
    switch value {
    case .object(let record):
      var members = record.members
      guard !members.isEmpty else { return ["x1": 1] }
      let position = next(members.count)
      switch next(5) {
      case 0: members.remove(at: position)
      case 1: members.append(.init(name: "_type", value: "Derived"))
      case 2: members.swapAt(position, next(members.count))
      default: members[position].value = mutated(members[position].value)
      }
      return .object(Record(members))
    case .array(var items):
      guard !items.isEmpty else { return [replacement()] }
      let position = next(items.count)
      switch next(3) {
      case 0: items.remove(at: position)
      case 1: items.append(items[position])
      default: items[position] = mutated(items[position])
      }
      return .array(items)
    default: return replacement()
    }
  }

  private mutating func replacement() -> Value {
    switch next(9) {
    case 0: nil
    case 1: 12
    case 2: "12"
    case 3: ""
    case 4: true
    case 5: 1.5
    case 6: ["_nil": true]
    case 7: [:]
    default: []
    }
  }
}
