import Testing

@testable import TrestleCore

private struct Request: ExpressionEnvironment {
  let request: Value
  var generators = Generators.fixed(milliseconds: 1_000_000_000_123)

  func value(of name: String) -> Value? {
    name == "request" ? request : generators.value(of: name)
  }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    try generators.call(function, arguments)
  }
}

private let vocabulary = ExpressionVocabulary(
  names: Generators.names.union(["request"]), functions: Generators.functions)

@Suite("Templates")
struct TemplateTests {
  private func render(_ value: Value, _ request: Value = ["id": 7, "name": "Ann"]) throws -> Value {
    var problems: [Template.Problem] = []
    let template = Template(value, in: vocabulary, problems: &problems)
    #expect(problems.isEmpty)
    return try template.render(in: Request(request: request))
  }

  @Test("a text that is nothing but one placeholder keeps the value's type")
  func types() throws {
    #expect(
      try render(["a": "{{request.id}}", "b": "{{ request }}"])
        == ["a": 7, "b": ["id": 7, "name": "Ann"]])
  }

  @Test("a placeholder inside a text gives its text")
  func texts() throws {
    #expect(try render("no {{request.id}} for {{request.name}}!") == "no 7 for Ann!")
    #expect(try render("{{request.id}}{{request.id}}") == "77")
    #expect(try render("<{{request.missing}}>") == "<>")
    #expect(try render("{{ '}}' }}") == "}}")
  }

  @Test("an absent value leaves its member out")
  func absent() throws {
    #expect(try render(["a": "{{request.missing}}", "b": 1]) == ["b": 1])
  }

  @Test("a value without placeholders is kept as it is")
  func constants() {
    var problems: [Template.Problem] = []
    let value: Value = ["a": [1, "x", ["y": "}} {"]]]
    #expect(Template(value, in: vocabulary, problems: &problems).constant == value)
  }

  @Test("time, chance and counters come from the generators")
  func generators() throws {
    #expect(try render("{{timestamp}}") == "2001-09-09T01:46:40.123Z")
    #expect(try render("{{now('yyyyMMdd HH:mm:ss.SSS')}}") == "20010909 01:46:40.123")
    #expect(try render(["{{counter('a')}}", "{{counter('a')}}", "{{next('b')}}"]) == [1, 2, 1])
    let uuid = try #require(try render("{{uuid}}").stringValue)
    #expect(uuid.utf8.count == 36 && Array(uuid)[14] == "4")
    #expect(try render("{{uuid}}") == .string(uuid))
    for _ in 0..<20 {
      let roll = try #require(try render("{{random(1, 6)}}").integerValue)
      #expect((1...6).contains(roll))
    }
  }

  @Test("a counter with a range begins again at its end")
  func ranges() {
    let counters = Counters(ranges: ["stan": 8...9])
    #expect((0..<3).map { _ in counters.next("stan") } == [8, 9, 8])
  }

  @Test(
    "what is wrong with a placeholder is told with its place in the value",
    arguments: [
      (["a": ["{{uid}}"]], "a[0]", "did you mean \"uuid\""), ("{{request.id", "", "is not closed"),
      (["b": "x {{1 +}}"], "b", "expected a value"), ("{{nwo('HH')}}", "", "did you mean \"now\""),
    ] as [(Value, String, String)])
  func problems(value: Value, path: String, message: String) throws {
    var problems: [Template.Problem] = []
    _ = Template(value, in: vocabulary, problems: &problems)
    let problem = try #require(problems.first)
    #expect(problem.path.description == path)
    #expect(problem.error.description.contains(message), "\(problem.error)")
  }

  @Test(
    "days before 1970 and leap days have their dates",
    arguments: [
      (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (0, "1970-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func dates(milliseconds: Int64, text: String) {
    #expect(WallTime(milliseconds: milliseconds).iso8601 == text)
  }

  @Test("a wrong time pattern is refused")
  func patterns() throws {
    #expect(WallTime.problem(inPattern: "yyyy-MM-dd'T'HH") == nil)
    #expect(WallTime.problem(inPattern: "YYYY")?.contains("\"YYYY\"") == true)
  }
}
