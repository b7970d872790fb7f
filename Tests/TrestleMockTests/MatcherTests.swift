import Testing
import TrestleCore
import TrestleMock

@Suite("Conditions")
struct MatcherTests {
  private static func scalar(_ kind: ScalarSchema.Kind) -> Schema {
    Schema(.scalar(ScalarSchema(kind: kind, form: .string, typeName: "xs:\(kind.rawValue)")))
  }

  private static func object(_ members: KeyValuePairs<String, Schema>) -> Schema {
    Schema(
      .object(
        ObjectSchema(
          members: members.map {
            ObjectSchema.Member(name: $0.key, schema: $0.value, isRequired: false)
          })))
  }

  private static let schema = object([
    "id": scalar(.string), "amount": scalar(.decimal), "at": scalar(.dateTime),
    "lines": Schema(
      .array(ArraySchema(item: object(["sku": scalar(.string), "count": scalar(.integer)])))),
    "owner": object(["name": scalar(.string), "type": scalar(.string)]), "more": .any,
  ])

  /// 2026-11-28T12:00:00Z.
  private static let context = MatchContext { WallTime(milliseconds: 1_795_867_200_000) }

  private func compile(_ when: Value) -> (matcher: Matcher, problems: [ValueProblem]) {
    var problems: [ValueProblem] = []
    let matcher = Matcher.compile(
      when: when, parameters: Self.schema, at: ValuePath(), problems: &problems)
    return (matcher, problems)
  }

  @Test(
    "each holds for what it says",
    arguments: [
      // Whole objects.
      (["owner": ["deep_equals": ["name": "A"]]], ["owner": ["name": "A"]], true),
      (["owner": ["deep_equals": ["name": "A"]]], ["owner": ["name": "A", "type": "x"]], false),
      (["owner": ["equals": ["name": "A"]]], ["owner": ["name": "A", "type": "x"]], true),
      (["deep_equals": ["amount": "1.0"]], ["amount": "1.00"], true),
      // What the contract declares is a name, whatever words there are.
      (["owner": ["type": "string"]], ["owner": ["type": "string"]], true),
      (["owner": ["type": "string"]], ["owner": ["type": "x"]], false),
      // Where it tells nothing, the value decides.
      (["more": ["type": "gold"]], ["more": ["type": "gold"]], true),
      (["more": ["type": "integer"]], ["more": "12"], true),
      (["more": ["equals": ["type": "integer"]]], ["more": ["type": "integer"]], true),
      (["more": ["type": "integer", "n": 1]], ["more": ["type": "integer", "n": 1]], true),
      // Texts.
      (["id": ["starts_with": "AB"]], ["id": "ABC"], true),
      (["id": ["starts_with": "BC"]], ["id": "ABC"], false),
      (["id": ["ends_with": "BC"]], ["id": "ABC"], true),
      (["id": ["equals_ignoring_case": "Äb"]], ["id": "äB"], true),
      (["id": ["matches": #"^\d{3}(-\d+)?$"#]], ["id": "123-4"], true),
      (["id": ["matches": #"(?i)abc"#]], ["id": "xABCx"], true),
      (["id": ["matches": #"^\d+$"#]], ["id": "1\n2"], false),
      (["id": ["length": 3]], ["id": "äöü"], true),
      (["id": ["length": ["gt": 3]]], ["id": "äöü"], false),
      // Numbers, by their exact value.
      (["amount": ["gt": "0.1"]], ["amount": "0.10000000000000000000001"], true),
      (["amount": ["lte": "0.1"]], ["amount": "0.10000000000000000000001"], false),
      (["amount": ["gte": 10]], ["amount": "1e1"], true),
      // Dates.
      (["at": ["before": "2026-01-02"]], ["at": "2026-01-01T23:59:59Z"], true),
      (["at": ["before": "2026-01-01T23:59:59Z"]], ["at": "2026-01-02T00:00:00+01:00"], true),
      (["at": ["after": "now-1d"]], ["at": "2026-11-27T12:00:01Z"], true),
      (["at": ["after": "now-1d"]], ["at": "2026-11-27T11:59:59Z"], false),
      (["at": ["before": "now+1h30m"]], ["at": "2026-11-28T13:29:59Z"], true),
      (["at": ["same_time": "2026-11-28T12:00:00Z"]], ["at": "2026-11-28T13:00:00.0+01:00"], true),
      (["at": ["same_time": "now"]], ["at": "20261128T12:00:00"], true),
      (["at": ["after": "2026-01-01"]], ["at": "yesterday"], false),
      // Types, by how a value is written.
      (["id": ["type": "integer"]], ["id": "-12"], true),
      (["id": ["type": "integer"]], ["id": "1.5"], false),
      (["id": ["type": "decimal"]], ["id": "1.5"], true),
      (["id": ["type": "uuid"]], ["id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"], true),
      (["id": ["type": "uuid"]], ["id": "6ba7b810-9dad-11d1-80b4-00c04fd430cg"], false),
      (["id": ["type": "date"]], ["id": "2026-02-29"], false),
      (["at": ["type": "dateTime"]], ["at": "2026-02-28T00:00:00"], true),
      // Lists.
      (["lines": ["any_item": ["sku": "b"]]], ["lines": [["sku": "a"], ["sku": "b"]]], true),
      (["lines": ["any_item": ["sku": "c"]]], ["lines": [["sku": "a"], ["sku": "b"]]], false),
      (
        ["lines": ["all_items": ["count": ["gt": 0]]]], ["lines": [["count": 1], ["count": 2]]],
        true
      ),
      (
        ["lines": ["all_items": ["count": ["gt": 1]]]], ["lines": [["count": 1], ["count": 2]]],
        false
      ),
      (["lines": ["length": ["gte": 2]]], ["lines": [["sku": "a"], ["sku": "b"]]], true),
      (["lines": ["length": 0]], [:], true), (["lines": ["any_item": ["sku": "c"]]], [:], false),
      // Logic, at any depth.
      (["or": [["id": "1"], ["amount": ["gt": 5]]]], ["amount": "6"], true),
      (["or": [["id": "1"], ["amount": ["gt": 5]]]], ["amount": "4"], false),
      (["id": "1", "not": ["amount": ["gt": 5]]], ["id": "1", "amount": "4"], true),
      (["id": "1", "not": ["amount": ["gt": 5]]], ["id": "1", "amount": "6"], false),
      (["id": ["and": [["starts_with": "A"], ["not": ["contains": "x"]]]]], ["id": "Ab"], true),
      (["id": ["or": ["1", ["starts_with": "A"]]]], ["id": "Ab"], true),
      (
        ["owner": ["name": "A", "or": [["type": "x"], ["type": "y"]]]],
        ["owner": ["name": "A", "type": "y"]], true
      ),
      // JSON Schema.
      (
        [
          "more": [
            "schema": ["type": "object", "required": ["n"], "properties": ["n": ["minimum": 3]]]
          ]
        ],
        ["more": ["n": 3]], true
      ),
      (["more": ["schema": ["type": "object", "required": ["n"]]]], ["more": ["m": 3]], false),
      (
        [
          "more": [
            "schema": ["properties": ["n": ["enum": ["a", "b"]]], "additionalProperties": false]
          ]
        ],
        ["more": ["n": "a", "m": 1]], false
      ),
      (
        ["more": ["schema": ["type": "array", "items": ["pattern": "^x"], "maxItems": 2]]],
        ["more": ["x1", "x2"]], true
      ),
    ] as [(Value, Value, Bool)])
  func conditions(when: Value, parameters: Value, expected: Bool) {
    let (matcher, problems) = compile(when)
    #expect(problems.map(\.message) == [])
    #expect(matcher.matches(parameters, in: Self.context) == expected)
    // Where something does not match, a near miss has something to say.
    #expect(matcher.mismatches(parameters, in: Self.context).isEmpty == expected)
  }

  @Test(
    "mistakes are told with the nearest word, and match nothing",
    arguments: [
      (["id": ["start_with": "a"]], #"unknown operator "start_with"; did you mean "starts_with"?"#),
      (
        ["id": ["before": "tomorrow"]],
        #"before expects a date or an offset from now, found "tomorrow""#
      ),
      (["id": ["type": "integr"]], #"unknown type "integr"; did you mean "integer"?"#),
      (["id": ["or": "1"]], "or expects a list, found string"),
      (["id": ["starts_with": ["a"]]], "starts_with expects a text, found array"),
      (["id": ["matches": "(a"]], #"matches expects a regular expression, found "(a""#),
      (
        ["id": ["schema": ["minimun": 1]]],
        #"unknown word "minimun" of JSON Schema; did you mean "minimum"?"#
      ),
    ] as [(Value, String)])
  func mistakes(when: Value, message: String) {
    let (matcher, problems) = compile(when)
    #expect(problems.map(\.message) == [message])
    #expect(!matcher.matches(["id": "1"], in: Self.context))
  }

  @Test("a regular expression takes time linear in the text, however it is written")
  func linearPatterns() {
    let (matcher, problems) = compile(["id": ["matches": "^(a+)+$"]])
    #expect(problems.isEmpty)
    #expect(!matcher.matches(["id": .string(String(repeating: "a", count: 200_000) + "!")]))
  }
}
