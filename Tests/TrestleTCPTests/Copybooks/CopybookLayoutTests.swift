import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Copybook layout")
struct CopybookLayoutTests {
  @Test(
    "a field and its bytes are each other's",
    arguments: [
      ("PIC X(5)", "AB", "c1 c2 40 40 40"), ("PIC X(3) JUST RIGHT", "AB", "40 c1 c2"),
      ("PIC 9(3)", 123, "f1 f2 f3"), ("PIC S9(3)", 123, "f1 f2 c3"),
      ("PIC S9(3)", -120, "f1 f2 d0"), ("PIC S9(3) SIGN LEADING", -123, "d1 f2 f3"),
      ("PIC S99 SIGN LEADING SEPARATE", -12, "60 f1 f2"),
      ("PIC 99 SIGN IS TRAILING SEPARATE CHARACTER", -12, "f1 f2 60"),
      ("PIC S9(5)V99 COMP-3", "-12345.67", "12 34 56 7d"), ("PIC 9(4) COMP-3", 1234, "01 23 4f"),
      ("PIC 9(3) PACKED-DECIMAL", 123, "12 3f"), ("PIC 9(4) USAGE IS COMP-6", 1234, "12 34"),
      ("PIC S9(4) COMP", -2, "ff fe"), ("PIC 9(9) BINARY", 258, "00 00 01 02"),
      ("PIC S9(18) COMP-4", "-1", "ff ff ff ff ff ff ff ff"),
      ("PIC S9(20) COMP", "-1", "ff ff ff ff ff ff ff ff ff"),
      ("PIC S9(4) COMP-9", 258, "02 01"), ("PIC S9(4) COMP-5", 12345, "30 39"),
      ("PIC 9(4) COMP-5", 65535, "ff ff"), ("PIC 9(9) COMP-5", 4_294_967_295, "ff ff ff ff"),
      // IBM Principles of Operation: 1 is 4110 0000, -1.5 is C118 0000; 0.1 is 4019 999A rounded.
      ("COMP-1", .double(1), "41 10 00 00"), ("COMP-1", .double(-1.5), "c1 18 00 00"),
      ("USAGE COMPUTATIONAL-2", .double(-118.625), "c2 76 a0 00 00 00 00 00"),
      ("COMP-2", .double(0.0625), "40 10 00 00 00 00 00 00"),
      ("PIC N(2)", "Aé", "00 41 00 e9"), ("PIC X(2) NATIONAL", "A", "00 41 00 20"),
      ("PIC G(2) DISPLAY-1", "4FA14040", "4f a1 40 40"), ("POINTER", "0000FF01", "00 00 ff 01"),
      ("PIC ZZ9.99-", "-1.50", "40 40 f1 4b f5 f0 60"), ("PIC S9(3)PP COMP-3", 12300, "12 3c"),
      ("PIC 9(4) BLANK WHEN ZERO", 0, "40 40 40 40"),
    ] as [(String, Value, String)])
  func field(_ clauses: String, _ value: Value, _ hex: String) throws {
    let layout = try makeCopybookField(clauses)
    #expect(try layout.encode(["F": value]) == Array(hex: hex))
    #expect(try layout.decode(Array(hex: hex)).value == ["F": value])
    #expect(try layout.decode(Array(hex: hex)).warnings == [])
  }

  @Test(
    "options say what a copybook does not",
    arguments: [
      ("PIC S9(4) COMP", ["endian": "little"], 258, "02 01"),
      ("PIC S9(4) COMP-5", ["native_endian": "little"], 258, "02 01"),
      ("PIC S9(4) COMP", ["native_endian": "little"], 258, "01 02"),
      ("PIC 9(2) COMP", ["binary": "1-2-4-8"], 12, "0c"),
      ("PIC 9(2) COMP", ["binary": "1-8"], 12, "0c"),
      ("PIC S9(7) COMP", ["binary": "1-8"], 1, "00 00 00 01"),
      ("PIC 9(7) COMP", ["binary": "1-8"], 1, "00 00 01"),
      ("COMP-1", ["floats": "ieee"], .double(0.1), "3d cc cc cd"),
      ("COMP-1", ["encoding": "us-ascii"], .double(0.1), "3d cc cc cd"),
      ("PIC X(3)", ["trim": "none"], "A  ", "c1 40 40"),
      ("PIC X(3)", ["trim": "both"], "A", "c1 40 40"),
      ("PIC X(2)", ["encoding": "273"], "Ä", "4a 40"),
      ("PIC 9(3),99", ["decimal_point": "comma"], "123.45", "f1 f2 f3 6b f4 f5"),
      ("PIC S9(2)", ["encoding": "us-ascii", "ascii_signs": "digits"], -12, "31 72"),
    ] as [(String, Record, Value, String)])
  func options(_ clauses: String, _ options: Record, _ value: Value, _ hex: String) throws {
    let layout = try makeCopybookField(clauses, options)
    #expect(try layout.encode(["F": value]) == Array(hex: hex))
    #expect(try layout.decode(Array(hex: hex)).value == ["F": value])
  }

  @Test(
    "what hosts write besides is read",
    arguments: [
      ("PIC S9(3) COMP-3", "12 3a", 123), ("PIC S9(3) COMP-3", "12 3b", -123),
      ("PIC S9(3) COMP-3", "12 3f", 123), ("PIC S9(2)", "f1 b2", -12), ("PIC S9(2)", "f1 a2", 12),
      ("PIC 9(2)", "f1 c2", 12), ("PIC S9(3)", "60 f1 f2", -12),
      ("PIC S9(2) SIGN LEADING SEPARATE", "f1 f2 60", -12), ("PIC 9(3)", "40 f1 f2", 12),
      ("PIC 9(3)", "f1 f2 40", 12),
      ("PIC 9(2)V99", "40 40 40 40", "0.00"), ("PIC 9(4) COMP", "ff ff", 65535),
    ] as [(String, String, Value)])
  func lenient(_ clauses: String, _ hex: String, _ value: Value) throws {
    #expect(try makeCopybookField(clauses).decode(Array(hex: hex)).value == ["F": value])
  }

  @Test(
    "bytes that are no number are left out with a warning that shows them, or refused",
    arguments: [
      ("PIC 9(3)", "40 40 40"), ("PIC 9(3)", "00 00 00"), ("PIC 9(3)", "c1 c2 c3"),
      ("PIC 9(2)", "f1 d2"), ("PIC S9(3) COMP-3", "12 34"), ("PIC S9(3) COMP-3", "40 40"),
      ("PIC S9(3) COMP-3", "00 00"), ("PIC 9(4) COMP-6", "1a 00"), ("PIC ZZ9", "c1 40 40"),
      // Text is no number, and every letter of EBCDIC has its top bit set.
      ("PIC 9(8) COMP", "c1 c2 c3 c4"),
    ])
  func unreadable(_ clauses: String, _ hex: String) throws {
    let message = try makeCopybookField(clauses).decode(Array(hex: hex))
    #expect(message.value == [:])
    #expect(message.warnings.count == 1)
    #expect(message.warnings.first?.contains("[\(hex)]") == true)
    let strict = try makeCopybookField(clauses, ["strict": true])
    let error = #expect(throws: CodecError.self) { try strict.decode(Array(hex: hex)) }
    #expect(error?.path == "F")
    #expect(error?.offset == 0)
  }

  @Test(
    "values that a field cannot hold are refused, not cut",
    arguments: [
      ("PIC X(2)", "abc"), ("PIC 9(2)", 123), ("PIC 9(2)", -1), ("PIC S9(2)", "1.5"),
      ("PIC S9(4) COMP", 12345), ("PIC S9(4) COMP-5", 40000), ("PIC 9(3)PP", 12345),
      ("PIC 9(2) COMP-6", -1), ("PIC ZZ9", -1), ("COMP-1", "x"), ("PIC X(2)", "€"),
      ("PIC 9(4) COMP-5", 65536), ("PIC N(1)", "AB"), ("PIC S9(3)", true),
    ] as [(String, Value)])
  func unwritable(_ clauses: String, _ value: Value) throws {
    let layout = try makeCopybookField(clauses)
    let error = #expect(throws: CodecError.self) { try layout.encode(["F": value]) }
    #expect(error?.path == "F")
  }

  @Test("a short hexadecimal float is the shortest decimal that means the same")
  func shortFloat() throws {
    let layout = try makeCopybookField("COMP-1")
    // 0.1 rounded to 21 bits.
    #expect(try layout.encode(["F": .double(0.1)]) == Array(hex: "40 19 99 9a"))
    let found = try layout.decode(Array(hex: "40 19 99 9a")).value
    #expect(found == ["F": .double(0.100000024)])
    #expect(try layout.encode(found) == Array(hex: "40 19 99 9a"))
    #expect(throws: CodecError.self) { try layout.encode(["F": .double(1e80)]) }
    #expect(try layout.encode(["F": .double(1e-90)]) == [0, 0, 0, 0])
  }

  @Test("low-values in a text are nothing, and spaces are an empty text")
  func lowValues() throws {
    let layout = try makeCopybookField("PIC X(2)")
    #expect(try layout.decode([0, 0]).value == [:])
    #expect(try layout.decode([0x40, 0x40]).value == ["F": ""])
  }

  @Test("the record of the documentation reads as it says")
  func documented() throws {
    let layout = try makeCopybook(
      """
      01  CUST-REPLY.
          05  RETURN-CODE       PIC 99.
              88  NOT-FOUND     VALUE 4.
          05  CUST-NAME         PIC X(20).
          05  BALANCE           PIC S9(7)V99 COMP-3.
          05  LINE-COUNT        PIC S9(4) COMP.
          05  LINES OCCURS 0 TO 50 DEPENDING ON LINE-COUNT.
              10  LINE-DATE     PIC 9(8).
              10  LINE-DATE-X REDEFINES LINE-DATE PIC X(8).
              10  AMOUNT        PIC S9(5)V99.
      """)
    let bytes = Array(
      hex: """
        f0 f0 c1 c4 c1 40 40 40 40 40 40 40 40 40 40 40 40 40 40 40 40 40 \
        00 01 23 45 0d 00 01 f2 f0 f2 f6 f0 f1 f1 f5 f0 f0 f0 f0 f1 f5 d0
        """)
    let value: Value = [
      "RETURN-CODE": 0, "CUST-NAME": "ADA", "BALANCE": "-1234.50", "LINE-COUNT": 1,
      "LINES": [["LINE-DATE": 20_260_115, "LINE-DATE-X": "20260115", "AMOUNT": "-1.50"]],
    ]
    #expect(try layout.decode(bytes).value == value)
    #expect(try layout.encode(value) == bytes)
  }

  // MARK: REDEFINES

  static let redefined = """
    01 R.
       05 KIND        PIC X.
       05 COMPANY.
          10 NAME     PIC X(4).
          10 TAX      PIC 9(4) COMP.
       05 PERSON REDEFINES COMPANY.
          10 FIRST-N  PIC X(2).
          10 LAST-N   PIC X(2).
       05 RAW REDEFINES COMPANY PIC X(6).
       05 AFTER       PIC X.
    """

  @Test("every reading of redefined bytes is given")
  func alternatives() throws {
    let layout = try makeCopybook(Self.redefined, ["encoding": "us-ascii"])
    let found = try layout.decode(Array("CAcme".utf8) + [0, 7] + Array("Z".utf8)).value
    #expect(
      found == [
        "KIND": "C", "COMPANY": ["NAME": "Acme", "TAX": 7],
        "PERSON": ["FIRST-N": "Ac", "LAST-N": "me"], "RAW": "Acme\0\u{7}", "AFTER": "Z",
      ])
    // All of them agree, so that what was read can be written again.
    #expect(try layout.encode(found) == Array("CAcme".utf8) + [0, 7] + Array("Z".utf8))
  }

  @Test(
    "the alternative that is given is written, at the size of the longest",
    arguments: [
      (["KIND": "P", "PERSON": ["FIRST-N": "AB", "LAST-N": "C"]], "PABC   Z"),
      (["COMPANY": ["NAME": "AB", "TAX": 8241]], " AB   1Z"),
      (["RAW": "abcdef"], " abcdefZ"), ([:], " " + "    \0\0" + "Z"),
    ] as [(Record, String)])
  func alternative(_ value: Record, _ text: String) throws {
    let layout = try makeCopybook(Self.redefined, ["encoding": "us-ascii"])
    var value = value
    value["AFTER"] = "Z"
    #expect(try layout.encode(.object(value)) == Array(text.utf8))
  }

  @Test("alternatives that disagree are refused")
  func disagreement() throws {
    let layout = try makeCopybook(Self.redefined, ["encoding": "us-ascii"])
    let error = #expect(throws: CodecError.self) {
      try layout.encode(["RAW": "abcdef", "COMPANY": ["NAME": "abXd"]])
    }
    #expect(error?.reason == "COMPANY and RAW share their bytes and do not agree")
  }

  static let segments: Record = [
    "encoding": "us-ascii",
    "segments": ["on": "KIND", "cases": ["C": "COMPANY", "D": "COMPANY", "P": "PERSON"]],
  ]

  @Test("a segment's field says which alternative a record has")
  func segments() throws {
    let layout = try makeCopybook(Self.redefined, Self.segments)
    let person: Value = [
      "KIND": "P", "PERSON": ["FIRST-N": "AB", "LAST-N": "C"], "AFTER": "Z",
    ]
    #expect(try layout.decode(Array("PABC   Z".utf8)).value == person)
    #expect(try layout.encode(person) == Array("PABC   Z".utf8))
    // The field writes itself where the alternative says it.
    #expect(
      try layout.encode(["PERSON": ["FIRST-N": "AB", "LAST-N": "C"], "AFTER": "Z"])
        == Array("PABC   Z".utf8))
    #expect(try layout.decode(Array("XABCDEFZ".utf8)).value == ["KIND": "X", "AFTER": "Z"])
    #expect(throws: CodecError.self) { try layout.encode(["KIND": "P", "COMPANY": [:]]) }
    #expect(throws: CodecError.self) { try layout.encode(["KIND": "X", "COMPANY": [:]]) }
  }

  @Test("a selected alternative is the only one")
  func selection() throws {
    let layout = try makeCopybook(Self.redefined, ["encoding": "us-ascii", "select": "RAW"])
    #expect(
      try layout.decode(Array("CabcdefZ".utf8)).value == [
        "KIND": "C", "RAW": "abcdef", "AFTER": "Z",
      ])
  }

  @Test("a record may end with the alternative it has")
  func lastArea() throws {
    let text = "01 R.\n 05 K PIC X.\n 05 A PIC X(4).\n 05 B REDEFINES A PIC X(2)."
    let layout = try makeCopybook(text, ["encoding": "us-ascii"])
    #expect(try layout.decode(Array("kab".utf8)).value == ["K": "k", "A": "ab", "B": "ab"])
    #expect(throws: CodecError.self) { try layout.decode(Array("ka".utf8)) }
    #expect(try layout.encode(["K": "k", "B": "ab"]) == Array("kab  ".utf8))
    let variable = try makeCopybook(text, ["encoding": "us-ascii", "variable": true])
    #expect(try variable.encode(["K": "k", "B": "ab"]) == Array("kab".utf8))
  }

  // MARK: Tables

  @Test(
    "a table's count is known from the groups around it, and inner tables have counts of their own")
  func nested() throws {
    let layout = try makeCopybook(
      """
      01 R.
         02 N PIC 9.
         02 G OCCURS 0 TO 2 TIMES DEPENDING ON N.
            03 M PIC 9.
            03 H OCCURS 0 TO 3 TIMES DEPENDING ON M.
               04 F PIC X.
      """, ["encoding": "us-ascii"])
    let value: Value = [
      "N": 2, "G": [["M": 1, "H": [["F": "A"]]], ["M": 2, "H": [["F": "B"], ["F": "C"]]]],
    ]
    #expect(try layout.decode(Array("21A2BC".utf8)).value == value)
    #expect(try layout.encode(value) == Array("21A2BC".utf8))
    #expect(
      try layout.encode(["G": [["H": [["F": "A"]]], ["H": [["F": "B"], ["F": "C"]]]]])
        == Array("21A2BC".utf8))
    #expect(try layout.encode([:]) == Array("0".utf8))
    let error = #expect(throws: CodecError.self) { try layout.decode(Array("31A".utf8)) }
    #expect(error?.path == "G")
  }

  @Test("one count for several tables fits them all")
  func shared() throws {
    let layout = try makeCopybook(
      """
      01 R.
         03 N PIC 9.
         03 G OCCURS 2.
            05 H OCCURS 1 TO 3 DEPENDING ON N PIC X.
      """, ["encoding": "us-ascii"])
    let value: Value = ["N": 2, "G": [["H": ["a", "b"]], ["H": ["c", "d"]]]]
    #expect(try layout.decode(Array("2abcd".utf8)).value == value)
    #expect(try layout.encode(value) == Array("2abcd".utf8))
    let error = #expect(throws: CodecError.self) {
      try layout.encode(["G": [["H": ["a", "b"]], ["H": ["c"]]]])
    }
    #expect(error?.path == "N")
    #expect(throws: CodecError.self) { try layout.encode(["N": 1, "G": [["H": ["a", "b"]]]]) }
  }

  @Test("tables are at full size where the definition says so")
  func fullSize() throws {
    let layout = try makeCopybook(
      "01 R.\n 05 N PIC 9.\n 05 T OCCURS 0 TO 3 DEPENDING ON N PIC X.\n 05 Z PIC X.",
      ["encoding": "us-ascii", "variable": false])
    let value: Value = ["N": 1, "T": ["a"], "Z": "z"]
    #expect(try layout.decode(Array("1a??z".utf8)).value == value)
    #expect(try layout.encode(value) == Array("1a  z".utf8))
  }

  @Test("a letter may stand for the counts of several tables")
  func letters() throws {
    let layout = try makeCopybook(
      """
      01 R.
         05 K PIC X.
         05 D OCCURS 0 TO 2 DEPENDING ON K PIC X.
         05 E OCCURS 0 TO 2 DEPENDING ON K PIC X.
      """,
      ["encoding": "us-ascii", "counts": ["D": ["A": 0, "B": 1], "E": ["A": 1, "B": 2]]])
    let value: Value = ["K": "B", "D": ["x"], "E": ["y", "z"]]
    #expect(try layout.decode(Array("Bxyz".utf8)).value == value)
    #expect(try layout.encode(value) == Array("Bxyz".utf8))
    #expect(try layout.encode(["D": ["x"], "E": ["y", "z"]]) == Array("Bxyz".utf8))
    #expect(throws: CodecError.self) { try layout.encode(["D": ["x"], "E": ["y"]]) }
    #expect(throws: CodecError.self) { try layout.encode(["K": "A", "D": ["x"], "E": ["y"]]) }
    #expect(throws: CodecError.self) { try layout.decode(Array("Cxyz".utf8)) }
  }

  @Test("a fixed table is filled up, and never cut")
  func fixedTable() throws {
    let layout = try makeCopybookField("OCCURS 3 PIC 9(2)", ["encoding": "us-ascii"])
    #expect(try layout.encode(["F": [1]]) == Array("010000".utf8))
    #expect(try layout.decode(Array("0102  ".utf8)).value == ["F": [1, 2, nil]])
    #expect(throws: CodecError.self) { try layout.encode(["F": [1, 2, 3, 4]]) }
  }

  // MARK: Names

  @Test(
    "names are written as the definition wants them",
    arguments: [
      ("copybook", "Cust-Id"), ("lower_snake", "cust_id"), ("upper_snake", "CUST_ID"),
      ("camel", "custId"),
    ])
  func names(_ style: String, _ key: String) throws {
    let layout = try makeCopybook(
      "01 R.\n 05 Cust-Id PIC X.", ["encoding": "us-ascii", "names": .string(style)])
    #expect(try layout.decode([0x41]).value == .object([key: "A"]))
  }

  @Test("names that come twice are told apart, and FILLER groups have no name")
  func sameNames() throws {
    let layout = try makeCopybook(
      """
      01 R.
         05 A PIC X.
         05 FILLER.
            10 A PIC X.
            10 B PIC X.
         05 PIC X VALUE "-".
         05 FILLER OCCURS 2.
            10 C PIC X.
      """, ["encoding": "us-ascii"])
    let value: Value = ["A": "1", "A-2": "2", "B": "3", "FILLER": [["C": "4"], ["C": "5"]]]
    #expect(try layout.decode(Array("123-45".utf8)).value == value)
    #expect(try layout.encode(value) == Array("123-45".utf8))
    let error = #expect(throws: CodecError.self) { try layout.encode(["BB": "x"]) }
    #expect(error?.reason.contains("did you mean \"B\"?") == true)
  }

  // MARK: Ends

  @Test("a record that ends early is refused unless it may")
  func short() throws {
    let text = "01 R.\n 05 A PIC X(2).\n 05 N PIC 9(2).\n 05 B PIC X(3)."
    let layout = try makeCopybook(text, ["encoding": "us-ascii"])
    let error = #expect(throws: CodecError.self) { try layout.decode(Array("ab0".utf8)) }
    #expect(error?.path == "N")
    #expect(error?.offset == 2)
    let short = try makeCopybook(text, ["encoding": "us-ascii", "short": true])
    #expect(try short.decode(Array("ab07x".utf8)).value == ["A": "ab", "N": 7, "B": "x"])
    #expect(try short.decode(Array("ab".utf8)).value == ["A": "ab"])
    #expect(throws: CodecError.self) { try short.decode([]) }
    #expect(try layout.decode(Array("ab07xyz!".utf8)).warnings.count == 1)
  }

  @Test("every field is listed with its bytes, and what comes before a mistake too")
  func listing() throws {
    let layout = try makeCopybook(
      "01 R.\n 05 A PIC X.\n 05 G OCCURS 2.\n 10 N PIC 9(2) COMP-3.\n 05 Z PIC X(4).",
      ["encoding": "us-ascii"])
    var spans: [FieldSpan] = []
    #expect(throws: CodecError.self) {
      try layout.list([0x41, 0x01, 0x2C, 0x40, 0x40, 0x5A], into: &spans)
    }
    #expect(
      spans == [
        FieldSpan(path: "A", range: 0..<1, type: "X", value: "A"),
        FieldSpan(path: "G[0].N", range: 1..<3, type: "9(2) COMP-3", value: 12),
        FieldSpan(path: "G[1].N", range: 3..<5, type: "9(2) COMP-3", value: nil),
      ])
  }

  @Test("damaged messages give values or typed errors", arguments: 0..<200)
  func mutations(_ seed: Int) throws {
    let layout = try makeCopybook(
      CopybookGoldenTests.counted + "\n    05 G PIC X(4).\n    05 H REDEFINES G PIC S9(7) COMP-3.",
      ["encoding": "us-ascii"])
    var bytes = Array(hex: "303248484141001c4242002d545454000134325a") + Array("abcd".utf8)
    var state = UInt64(seed &* 7919 &+ 1)
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0...next(6) {
      switch next(3) {
      case 0: bytes[next(bytes.count)] = UInt8(next(256))
      case 1: if bytes.count > 1 { bytes.removeLast(1 + next(bytes.count - 1)) }
      default: bytes.append(UInt8(next(256)))
      }
    }
    do throws(CodecError) {
      let value = try layout.decode(bytes).value
      _ = try? layout.encode(value)
    } catch {
      #expect(!error.reason.isEmpty)
    }
    var spans: [FieldSpan] = []
    try? layout.list(bytes, into: &spans)
  }
}
