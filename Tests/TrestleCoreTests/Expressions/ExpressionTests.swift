import Testing

@testable import TrestleCore

/// Names are members of one value.
private struct Names: ExpressionEnvironment {
  let values: Value
  func value(of name: String) -> Value? { values[name] }
}

private let sample = Names(values: [
  "request": [
    "id": "42", "amount": "10.50", "count": 3, "order-id": "A-7", "flags": ["a", "b"],
    "lines": [["sku": "x1", "qty": 2], ["sku": "y2", "qty": 5]], "note": nil, "_cur": "EUR",
    "text": "", "yes": true,
  ],
  "rc": "00", "MSA-1": "AE", "OBX": [["5": "x"], ["5": ["1": "y"]]], "n": [7],
  "big": .number(NumberText(verified: "123456789012345678901234567890")),
  "Envelope": ["Rc": "0000", "Bal": ["_ccy": "USD", "_text": "10.5"]], "PID-3": [["1": "M1"]],
])

@Suite("Expressions")
struct ExpressionTests {
  @Test(
    "a path, a literal or an operator gives its value",
    arguments: [
      ("request.id", "42"), ("request.lines[1].sku", "y2"), ("request['order-id']", "A-7"),
      ("OBX[0]-5", "x"), ("OBX[1]-5.1", "y"), ("n[0] - 5", 2), ("n[0]*2-5", 9),
      ("request.order-id", "A-7"), ("Envelope/Rc", "0000"), ("Envelope/Bal/@ccy", "USD"),
      ("PID-3[0].1", "M1"), ("request.note", nil), ("1.50", .number(NumberText(verified: "1.50"))),
      ("'it\\'s'", "it's"), ("not request.yes", false), ("not not request.yes", true),
      ("request.count + 1", 4), ("request.amount + 1", .number(NumberText(verified: "11.50"))),
      ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("7 % 4", 3),
      ("10 / 4", .number(NumberText(verified: "2.5"))),
      ("1 / 3", .number(NumberText(verified: "0.333333333333"))), ("-request.count - -1", -2),
      ("0.1 + 0.2 == 0.3", true), ("big + 1 > big", true),
      ("0.5 - 0.75", .number(NumberText(verified: "-0.25"))),
      ("rc == '00'", true), ("rc != 0", false), ("rc == '0'", false),
      ("request.amount == 10.5", true),
      ("request.amount == '10.5'", false), ("request.amount > 9", true), ("'b' > 'a'", true),
      ("MSA-1 in [AE, AR]", true), ("'x' in [AE, 'AR']", false),
      ("request.flags == ['a', 'b']", true),
      ("missing present", false), ("missing absent", true), ("request.note present", true),
      ("missing == null", true), ("missing < 3", false), ("missing or 'none'", "none"),
      ("request.text or 'empty'", "empty"), ("0 or 5", 0), ("missing and 1", nil),
      ("length(request.flags)", 2), ("length('grüße')", 5), ("upper(request.order-id)", "A-7"),
      ("concat('a', 1, request._cur)", "a1EUR"), ("padLeft(request.id, 6, '0')", "000042"),
      ("count('a<<b<', '<')", 3), ("count('aaaa', 'aa')", 2), ("count('', 'x')", 0),
      ("sum([1, 2, -4])", -1), ("sum([])", 0), ("sum(request.nothing)", 0),
      ("sum([1, 0.5])", .number(NumberText(verified: "1.5"))),
      ("[1, 2, 3][-1]", 3), ("[1][-2] absent", true),
      ("if(request.count > 2, 'many', 'few')", "many"), ("slice('abcdef', 2, 3)", "cde"),
      ("trim('  x ')", "x"), ("number('0042')", 42),
      ("number('4.20')", .number(NumberText(verified: "4.20"))),
      ("true and request.yes == true", true),
    ] as [(String, Value)])
  func values(text: String, expected: Value) throws {
    #expect(try Expression(text).evaluate(in: sample) ?? .null == expected)
  }

  @Test(
    "a mistake is told with its place and what to write instead",
    arguments: [
      ("", 0, "expected a value, found the end"), ("request.", 8, "a name after"),
      ("a b", 2, "expected an operator or the end, found \"b\""), ("(1", 2, "expected \")\""),
      ("a && b", 2, "write \"and\""), ("a = b", 2, "write \"==\""), ("!a", 0, "write \"not\""),
      ("'open", 0, "not closed"), ("f(1,", 4, "expected a value"), ("a[b", 3, "expected \"]\""),
      ("a[]", 2, "expected a value"),
      ("a # b", 2, "unexpected character \"#\""), ("1 in", 4, "expected a value"),
      ("007", 0, "quotes"),
      (String(repeating: "(", count: 200) + "1", 64, "nested deeper"),
    ])
  func mistakes(text: String, offset: Int, message: String) {
    let error = #expect(throws: ExpressionError.self) { try Expression(text) }
    #expect(error?.offset == offset)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test(
    "operands that do not fit give an error that names them",
    arguments: [
      ("'a' + 1", "concat"), ("1 / 0", "division by zero"), ("1 in 2", "expects a list"),
      ("big * big", "38 digits"), ("upper(request)", "found object"), ("upper(1, 2)", "takes 1"),
      ("uper('x')", "did you mean \"upper\""), ("padLeft('x', 99999999)", "65536"),
      ("number('two')", "found \"two\""),
    ])
  func failures(text: String, message: String) throws {
    let expression = try Expression(text)
    let error = #expect(throws: ExpressionError.self) { try expression.evaluate(in: sample) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("unknown names and functions are found at load, with the nearest right word")
  func vocabulary() throws {
    let vocabulary = ExpressionVocabulary(names: ["request", "uuid"], functions: ["now"])
    func problems(_ text: String) throws -> [String] {
      try Expression(text).problems(in: vocabulary).map(\.description)
    }
    #expect(try problems("request.x == uuid and now('yyyy') present").isEmpty)
    #expect(try problems("reqest.id") == ["unknown name \"reqest\"; did you mean \"request\"?"])
    #expect(try problems("now") == ["unknown name \"now\"; now is a function: write now(…)"])
    #expect(try problems("uuid-1").first?.contains("spaces around") == true)
    #expect(
      try problems("lenght('x')") == ["unknown function \"lenght\"; did you mean \"length\"?"])
  }

  @Test(
    "numbers compare exactly, however long they are",
    arguments: [
      ("10.50", "10.5", 0), ("1e3", "1000", 0), ("-1", "1", -1), ("0.1", "0.09", 1),
      ("007", "7", 0),
      ("123456789012345678901234567890.1", "123456789012345678901234567890.2", -1),
      ("1e999999999", "1e999999998", 1), ("-0", "0", 0), ("-2", "-10", 1), ("0.001", "1e-3", 0),
    ])
  func decimals(left: String, right: String, order: Int) throws {
    let left = try #require(DecimalText(left))
    let right = try #require(DecimalText(right))
    #expect(left.order(against: right) == order)
    #expect(right.order(against: left) == -order)
  }

  @Test(
    "what is not a decimal is none",
    arguments: ["", "-", ".", "1e", "1e99999999999999999999", "1x", "INF"])
  func notDecimals(text: String) { #expect(DecimalText(text) == nil) }
}
