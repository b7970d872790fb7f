import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("An ISO 8583 definition")
struct ISO8583DefinitionTests {
  @Test("each version has its table", arguments: [("1987", 125), ("1993", 125), ("2003", 125)])
  func tables(_ version: String, _ count: Int) throws {
    let entries = try #require(StandardElements(rawValue: version)?.entries)
    #expect(entries.map(\.number) == (2...128).filter { $0 != 65 })
    let layout = try makeLayout(["iso8583": .string(version)])
    guard case .object(let object)? = layout.schema?.shape else {
      Issue.record("the schema is an object")
      return
    }
    #expect(object.members.count == count + 2)
    #expect(object.members.filter(\.isRequired).map(\.name) == ["mti"])
  }

  @Test("the schema says how long a field is, what it is, and that it is secret")
  func schema() throws {
    let layout = try makeLayout([
      "iso8583": ["fields": ["2": "pan masked", "4": "n12 bcd amount", "64": "b8 mac"]]
    ])
    guard case .object(let object)? = layout.schema?.shape,
      case .scalar(let pan)? = object.member(named: "pan")?.schema.shape,
      case .scalar(let mac)? = object.member(named: "mac")?.schema.shape
    else {
      Issue.record("fields are scalars of an object")
      return
    }
    #expect(object.member(named: "pan")?.schema.summary == "Primary account number; secret")
    #expect(pan.facets.maximumLength == 19)
    #expect(pan.facets.patterns == [#"\d*"#])
    #expect(mac.kind == .hex)
    #expect(mac.facets.minimumLength == 8)
    #expect(mac.facets.maximumLength == 8)
  }

  @Test("a sample has the fields that the definition speaks of, and can be sent")
  func sample() throws {
    let layout = try makeLayout([
      "iso8583": [
        "fields": [
          "2": "pan", "4": "amount", "28": "x+n8 fee", "35": "z..37 bcd track2",
          "37": "an12 pad none",
          "52": "b8 pin", "55": "b...255 ber", "60": "b..9 counts digits pad 0 left",
          "48": ["type": "ans...99", "fields": ["1": "n2", "2": "ans..9"]],
        ]
      ]
    ])
    let sample = SampleMaker.sample(for: try #require(layout.schema))
    #expect(sample.objectValue?.count == 10)
    let bytes = try layout.encode(sample)
    #expect(try layout.encode(try layout.decode(bytes).value) == bytes)
  }

  @Test(
    "a definition's mistakes are told with their place",
    arguments: [
      (
        ["version": 1988],
        "layout.iso8583.version: unknown version \"1988\"; did you mean \"1987\"?"
      ),
      (["mti": "asci"], "layout.iso8583.mti: unknown mti \"asci\"; did you mean \"ascii\"?"),
      (["bitmap": "hexx"], "layout.iso8583.bitmap: unknown bitmap \"hexx\"; did you mean \"hex\"?"),
      (
        ["fields": ["2": "n..19 pan maskd x"]],
        "layout.iso8583.fields.2: unknown word \"maskd\"; did you mean \"masked\"?"
      ),
      (["fields": ["2": "q..19"]], "layout.iso8583.fields.2: unknown type \"q..19\""),
      (["fields": ["129": "pan"]], "layout.iso8583.fields.129: does not say its type"),
      (["fields": ["1": "b8"]], "layout.iso8583.fields.1: field 1 is the second bitmap"),
      (
        ["fields": ["200": "b8"]],
        "layout.iso8583.fields.200: fields have numbers up to 192, found \"200\""
      ),
      (
        ["fields": ["2": "pan", "3": "pan"]],
        "layout.iso8583.fields.3: fields 2 and 3 have one name"
      ),
      (["fields": ["2": "mti"]], "layout.iso8583.fields.2: the name mti is taken"),
      (["fields": ["4": "n12 hex"]], "layout.iso8583.fields.4: n12 is not written that way"),
      (["fields": ["4": 12]], "layout.iso8583.fields.4: expects a type, found 12"),
      (
        ["fields": ["4": ["type": "n12", "lenght": "bcd"]]],
        "layout.iso8583.fields.4.lenght: a field has no key \"lenght\"; did you mean \"length\"?"
      ),
      (
        ["fields": ["4": ["type": "n..12", "length": "bdc"]]],
        "layout.iso8583.fields.4.length: unknown word \"bdc\"; did you mean \"bcd\"?"
      ),
      (
        ["fields": ["4": "n..999 length u8"]],
        "layout.iso8583.fields.4: a length of 1 byte cannot say 999"
      ),
      (
        ["defaults": ["numeric": "bin"]],
        "layout.iso8583.defaults.numeric: numeric is not written as \"bin\""
      ),
      (
        ["header": ["type": "b2", "default": "00"]],
        "layout.iso8583.header.default: has 1 byte, expects 2"
      ),
      (
        ["feilds": [:]],
        "layout.iso8583.feilds: layout.iso8583 has no key \"feilds\"; did you mean \"fields\"?"
      ),
    ] as [(Value, String)])
  func mistakes(_ section: Value, _ mistake: String) {
    let found = layoutMistakes(["iso8583": section])
    #expect(found.contains { $0.hasPrefix(mistake) }, "\(found)")
  }
}
