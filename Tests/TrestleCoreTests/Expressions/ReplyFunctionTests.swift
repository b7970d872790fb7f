import Testing
import TrestleCore

/// A decimal with its exact text.
private func number(_ text: String) -> Value { NumberText(text).map { .number($0) } ?? .null }

@Suite("Functions of replies")
struct ReplyFunctionTests {
  private struct Environment: ExpressionEnvironment {
    let generators = Generators.fixed(milliseconds: 1_706_694_330_005)

    func value(of name: String) -> Value? {
      switch name {
      case "list": [3, 1, "2"]
      case "bytes": .bytes([0, 255])
      case "record": ["a": ["b": 7]]
      case "key": "b"
      default: nil
      }
    }

    func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
      try generators.call(function, arguments)
    }
  }

  @Test(
    "each gives what it says",
    arguments: [
      ("base64('abc')", "YWJj"), ("base64(bytes)", "AP8="), ("base64Decode('YWJj')", "abc"),
      ("base64Decode('AP8=')", .bytes([0, 255])), ("hex('AZ')", "415a"),
      ("hexDecode('41 5a')", "AZ"),
      ("contains('abc', 'bc')", true), ("contains(list, 1)", true), ("contains('abc', 'x')", false),
      ("startsWith('abc', 'ab')", true), ("endsWith('abc', 'ab')", false),
      ("replace('a-b-c', '-', '+')", "a+b+c"), ("split('a,,b', ',')", ["a", "", "b"]),
      ("join(list, '/')", "3/1/2"), ("join(split('a b', ' '))", "ab"),
      ("substring('abcdef', 2)", "cdef"), ("substring('abcdef', 1, 3)", "bc"),
      ("substring('abc', 2, 1)", ""), ("substring('abc', 9)", ""),
      ("padRight('ab', 4, '.')", "ab.."), ("padLeft(7, 3, '0')", "007"),
      ("round(2.5)", 3), ("round('-2.5')", -3), ("round('1.005', 2)", number("1.01")),
      ("abs('-1.50')", number("1.50")), ("min(list)", 1), ("max(4, 9, 2)", 9),
      ("format('1234.5', '#,##0.00')", "1,234.50"), ("format(0.5, '0.##')", "0.5"),
      ("format(7, '000')", "007"), ("format('-1234567.891', ',0.0')", "-1,234,567.9"),
      ("format(2, '0.##')", "2"), ("json(record)", "{\"a\":{\"b\":7}}"),
      ("record.a[key]", 7), ("record['a'][key]", 7), ("list[1 + 1]", "2"), ("record.x[key]", nil),
      ("now('yyyy-MM-dd', '+3d')", "2024-02-03"), ("now('yyyy-MM-dd', '+1M')", "2024-02-29"),
      ("now('yyyy-MM-dd', '-11M')", "2023-02-28"), ("now('yyyy', '+1y-1d')", "2025"),
      ("now('HH:mm', '+1h30m')", "11:15"), ("now('unix')", "1706694330"),
      ("now('epoch', '+1s')", "1706694331005"),
      ("date('2024-12-31', 'dd.MM.yyyy', '+1d')", "01.01.2025"),
      ("date('2024-03-01T00:30:00+01:00', 'yyyy-MM-dd HH:mm')", "2024-02-29 23:30"),
      ("date('2024-01-31 10:11:12.5', 'HHmmssSSS')", "101112500"),
    ] as [(String, Value?)])
  func results(text: String, expected: Value?) throws {
    #expect(try Expression(text).evaluate(in: Environment()) == expected)
  }

  @Test(
    "what does not fit is told",
    arguments: [
      ("now('yyyy', '3d')", "no time to add"), ("now('yyyy', '+3x')", "no time to add"),
      ("now('yyyy', '+99999999y')", "ten thousand years"),
      ("date('31.12.2024', 'yyyy')", "ISO 8601"),
      ("date('2024-02-30', 'yyyy')", "ISO 8601"), ("format('x', '0')", "expects a number"),
      ("format(1, '0.0.0')", "expects a pattern"), ("base64Decode('?')", "expects Base64"),
      ("hexDecode('0')", "hexadecimal"), ("replace('a', '', 'b')", "a part to look for"),
      ("replace(padLeft('', 60000, 'a'), 'a', padLeft('', 60000))", "more than a megabyte"),
      ("pick()", "values to choose from"), ("randomText(99999999)", "expects a length"),
      ("join('a')", "expects a list"), ("round(1, 2, 3)", "takes"),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: ExpressionError.self) {
      try Expression(text).evaluate(in: Environment())
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
