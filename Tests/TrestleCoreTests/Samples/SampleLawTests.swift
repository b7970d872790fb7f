import Testing

@testable import TrestleCore

@Suite("Laws of samples")
struct SampleLawTests {
  @Test("a sample of any schema is valid, in memory and as JSON", arguments: 1...400)
  func samplesAreValid(seed: Int) throws {
    var generator = SchemaGenerator(seed: UInt64(seed))
    let schema = generator.schema()
    let sample = SampleMaker.sample(for: schema)
    #expect(SchemaValidator.issues(in: sample, against: schema) == [])
    let read = try JSONParser.parse(JSONWriter.text(sample))
    #expect(SchemaValidator.issues(in: read, against: schema) == [])
    #expect(SampleMaker.sample(for: schema) == sample)
  }

  @Test("a template is a valid sample once its comments are gone", arguments: 1...200)
  func templatesAreValid(seed: Int) throws {
    var generator = SchemaGenerator(seed: UInt64(seed))
    let schema = generator.schema()
    let template = SampleTemplate.text(for: schema)
    let json = template.split(separator: "\n").map(withoutComment).joined(separator: "\n")
    let value = try JSONParser.parse(json)
    #expect(SchemaValidator.issues(in: value, against: schema) == [])
  }

  /// The line up to a `//` that stands outside of a string.
  private func withoutComment(_ line: Substring) -> Substring {
    var isInString = false
    var last: Character?
    for position in line.indices {
      let character = line[position]
      if character == "\"", last != "\\" { isInString.toggle() }
      if character == "/", last == "/", !isInString {
        return line[..<line.index(before: position)]
      }
      last = character
    }
    return line
  }

  @Test("a value with one required member taken away is refused", arguments: 1...100)
  func missingMembersAreFound(seed: Int) throws {
    var generator = SchemaGenerator(seed: UInt64(seed))
    let schema = generator.schema()
    guard case .object(let object) = schema.shape,
      case .object(var record) = SampleMaker.sample(for: schema), record["_type"] == nil,
      let member = object.members.first(where: { $0.isRequired && !$0.mayBeEmptyArray })
    else { return }
    record[member.name] = nil
    let issues = SchemaValidator.issues(in: .object(record), against: schema)
    #expect(issues.map(\.path) == [member.name])
  }
}

extension ObjectSchema.Member {
  fileprivate var mayBeEmptyArray: Bool {
    if case .array(let array) = schema.resolved.shape { return array.minimumCount == 0 }
    return false
  }
}
