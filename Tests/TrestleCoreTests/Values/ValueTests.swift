import Testing

@testable import TrestleCore

@Suite("Values")
struct ValueTests {
  @Test("literals make the values they look like")
  func literals() {
    let value: Value = ["a": 1, "b": [true, nil, 1.5], "c": "x\(1)"]
    #expect(value["a"] == .integer(1))
    #expect(value["b"]?[0] == .bool(true))
    #expect(value["b"]?[1] == .null)
    #expect(value["b"]?[2] == .double(1.5))
    #expect(value["c"] == .string("x1"))
    #expect(value["b"]?[3] == nil)
    #expect(value["d"] == nil)
  }

  @Test("a whole number is one by its type or by its text")
  func integers() {
    #expect(Value.integer(5).integerValue == 5)
    #expect(NumberText("5").map { Value.number($0).integerValue } == 5)
    #expect(NumberText("5.0").map { Value.number($0).integerValue } == .some(nil))
    #expect(Value.string("5").integerValue == nil)
  }

  static let texts: [(Double, String)] = [
    (1, "1"), (1.5, "1.5"), (-0.0, "-0"), (.infinity, "INF"), (-.infinity, "-INF"), (.nan, "NaN"),
    (0.1, "0.1"), (1e21, "1e+21"), (1e-7, "1e-07"),
  ]

  @Test("a double is written as XSD writes it", arguments: texts)
  func doubles(number: Double, text: String) {
    #expect(number.lexicalText == text)
    #expect(
      ScalarRules(ScalarSchema(kind: .double, form: .number, typeName: "xs:double"))
        .refusal(of: text) == nil)
  }

  @Test("number texts are JSON's numbers, and nothing else")
  func numberTexts() {
    for text in ["0", "-0", "10.500", "1e400", "1E+5", "-1.0e-5"] {
      #expect(NumberText(text)?.text == text)
    }
    for text in ["", "+1", ".5", "1.", "01", "1e", "0x1", "NaN", " 1", "1 ", "--1", "-"] {
      #expect(NumberText(text) == nil, "\(text)")
    }
  }

  static let plain: [(String, String?)] = [
    ("10.500", "10.500"), ("1e3", "1000"), ("1.5e3", "1500"), ("1.50e1", "15"),
    ("-2.5E-3", "-0.0025"),
    ("1e-2", "0.01"), ("12e-1", "1.2"), ("0e5", "0"), ("1e+2", "100"), ("1e401", nil),
    ("1e99999999999999999999", nil),
  ]

  @Test("an exponent can be written out", arguments: plain)
  func plainTexts(text: String, plain: String?) throws {
    let number = try #require(NumberText(text))
    #expect(number.plainText == plain)
  }
}

@Suite("Records")
struct RecordTests {
  @Test("members keep their order and their names are unique")
  func order() {
    var record = Record(
      [Record.Member(name: "b", value: 1), .init(name: "a", value: 2), .init(name: "b", value: 3)])
    #expect(record.names == ["b", "a"])
    #expect(record["b"] == 3)
    record["c"] = 4
    record["b"] = Value?.none
    #expect(record.names == ["a", "c"])
    record["a"] = .null
    #expect(record["a"] == .some(.null))
    #expect(record.count == 2)
  }

  @Test("order does not count for equality or hashing")
  func equality() {
    let left: Record = ["a": 1, "b": ["x": 1, "y": 2]]
    let right: Record = ["b": ["y": 2, "x": 1], "a": 1]
    #expect(left == right)
    #expect(left.hashValue == right.hashValue)
    #expect(left != ["a": 1])
    #expect(left != ["a": 1, "c": ["x": 1, "y": 2]])
    let many = Record((0..<50).map { Record.Member(name: "k\($0)", value: .integer($0)) })
    let reversed = Record(many.members.reversed())
    #expect(many == reversed)
    var changed = reversed
    changed["k7"] = "other"
    #expect(many != changed)
  }

  @Test(
    "what takes long to write is known by its values and its texts, without a look at all of it")
  func weight() {
    #expect(!Value.null.weighs(moreThan: 10))
    #expect(!Value.array(Array(repeating: 1, count: 9)).weighs(moreThan: 10))
    #expect(Value.array(Array(repeating: 1, count: 10)).weighs(moreThan: 10))
    #expect(Value.string("eleven char").weighs(moreThan: 10))
    #expect(!Value.string("a text").weighs(moreThan: 10))
    #expect(Value.bytes(Array(repeating: 0, count: 11)).weighs(moreThan: 10))
    #expect(Value.object(["a long name": .null]).weighs(moreThan: 10))
    #expect(Value.object(["a": [["b": "text"], ["c": "texts"]]]).weighs(moreThan: 10))
    #expect(!Value.object(["a": [["b": "t"]]]).weighs(moreThan: 10))
  }
}
