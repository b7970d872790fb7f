import Testing
import TrestleCore

@testable import TrestleTCP

/// Records that programs compiled with GnuCOBOL 3.1.2 (`cobc -std=ibm`, on x86-64) wrote to a file.
@Suite("Copybook: records of a compiler")
struct CopybookGoldenTests {
  static let machine: Record = [
    "encoding": "us-ascii", "ascii_signs": "digits", "native_endian": "little",
    "sync": "natural",
  ]

  static let numbers = """
    01  NUMS.
        05  Z1              PIC 9(5).
        05  Z2              PIC S9(5).
        05  Z3              PIC S9(5).
        05  Z4              PIC S9(3)V99 SIGN LEADING.
        05  Z5              PIC S9(3)V99 SIGN LEADING.
        05  Z6              PIC S9(4) SIGN LEADING SEPARATE.
        05  Z7              PIC S9(4) SIGN TRAILING SEPARATE
                            CHARACTER.
        05  P1              PIC S9(5) COMP-3.
        05  P2              PIC S9(7)V99 COMP-3.
        05  P3              PIC 9(4) COMP-3.
        05  P4              PIC 9(5) COMP-6.
        05  B1              PIC S9(4) COMP.
        05  B2              PIC S9(9) COMP.
        05  B3              PIC S9(18) COMP.
        05  B4              PIC S9(7)V99 BINARY.
        05  N1              PIC S9(4) COMP-5.
        05  N2              PIC 9(9) COMP-5.
        05  N3              PIC S9(18) COMP-5.
        05  X1              PIC 9(4) COMP-X.
        05  X2              PIC 9(7) COMP-X.
        05  X3              PIC X(3) COMP-X.
        05  F1              COMP-1.
        05  F2              COMP-2.
        05  I1              BINARY-LONG.
        05  I2              BINARY-SHORT UNSIGNED.
        05  I3              BINARY-CHAR SIGNED.
        05  I4              BINARY-DOUBLE.
        05  S1              PIC S9(5)PPP.
        05  S2              PIC SPPP9(4).
        05  T1              PIC X(5).
        05  T2              PIC X(5) JUSTIFIED RIGHT.
        05  T3              PIC A(3).
        05  BZ              PIC 9(4) BLANK WHEN ZERO.
    """

  @Test("numbers of every usage are read and written as the compiler has them")
  func everyUsage() throws {
    let layout = try makeCopybook(Self.numbers, Self.machine)
    let bytes = Array(
      hex: """
        31 32 33 34 35 31 32 33 34 35 31 32 33 34 70 31 32 33 34 35 71 32 33 34 \
        35 2b 31 32 33 34 31 32 33 34 2d 12 34 5c 12 34 56 78 9d 01 23 4f 01 23 \
        45 ff fe 07 5b cd 15 fe 49 64 b4 59 cf 0c b2 ff ff ff 6a fe ff 15 cd 5b \
        07 b2 0c cf 59 b4 64 49 fe 01 02 01 02 03 01 02 03 cd cc 8c 3f 00 00 00 \
        00 00 4a 93 c0 fd ff ff ff ff ff ff 14 1a 99 be 1c 00 00 00 31 32 33 34 \
        35 31 32 33 74 41 42 20 20 20 20 20 20 41 42 58 59 5a 20 20 20 20
        """)
    let value: Value = [
      "Z1": 12345, "Z2": 12345, "Z3": -12340, "Z4": "123.45", "Z5": "-123.45", "Z6": 1234,
      "Z7": -1234, "P1": 12345, "P2": "-1234567.89", "P3": 1234, "P4": 12345, "B1": -2,
      "B2": 123_456_789, "B3": "-123456789012345678", "B4": "-1.50", "N1": -2,
      "N2": 123_456_789, "N3": "-123456789012345678", "X1": 258, "X2": 66051, "X3": 66051,
      "F1": .double(1.1), "F2": .double(-1234.5), "I1": -3, "I2": 65535, "I3": -1,
      "I4": "123456789012", "S1": 12_345_000, "S2": "-0.0001234", "T1": "AB",
      "T2": "AB", "T3": "XYZ", "BZ": 0,
    ]
    let message = try layout.decode(bytes)
    for (name, expected) in value.objectValue?.members.map({ ($0.name, $0.value) }) ?? [] {
      #expect(message.value[name] == expected, "\(name)")
    }
    #expect(message.warnings == [])
    #expect(try layout.encode(value) == bytes)
    #expect(try layout.encode(message.value) == bytes)
  }

  @Test("signs of EBCDIC in ASCII text are letters")
  func letters() throws {
    // cobc -fsign=EBCDIC
    let layout = try makeCopybook(
      "01 R.\n 05 A PIC S9(5).\n 05 B PIC S9(3)V99 SIGN LEADING.\n 05 C PIC S9(5).",
      ["encoding": "us-ascii"])
    let value: Value = ["A": 12345, "B": "123.45", "C": -12340]
    #expect(try layout.encode(value) == Array("1234EA23451234}".utf8))
    #expect(try layout.decode(Array("1234EA23451234}".utf8)).value == value)
  }

  static let aligned = """
    01  SYNCS.
        05  A0              PIC X.
        05  B0              PIC S9(4) COMP SYNC.
        05  A1              PIC X.
        05  B1              PIC S9(9) COMP SYNC.
        05  A2              PIC X.
        05  B2              PIC S9(18) COMP SYNC.
        05  A3              PIC X.
        05  F1              COMP-1 SYNC.
        05  A4              PIC X.
        05  F2              COMP-2 SYNC.
        05  A5              PIC X.
        05  G OCCURS 3.
            10  H           PIC S9(9) COMP-5 SYNC.
            10  I           PIC X.
        05  A6              PIC X.
        05  K OCCURS 2.
            10  L           PIC X.
            10  M           PIC S9(4) COMP SYNC.
        05  A7              PIC X.
        05  P               PIC S9(5) COMP-3 SYNC.
        05  A8              PIC X.
    """

  @Test("SYNCHRONIZED items stand at their boundaries")
  func slack() throws {
    let layout = try makeCopybook(Self.aligned, Self.machine)
    let bytes = Array(
      hex: """
        61 00 00 01 62 00 00 00 00 00 00 02 63 00 00 00 00 00 00 00 00 00 00 03 \
        64 00 00 00 00 00 c0 3f 65 00 00 00 00 00 00 00 00 00 00 00 00 00 04 40 \
        66 00 00 00 04 00 00 00 78 00 00 00 05 00 00 00 79 00 00 00 06 00 00 00 \
        7a 67 70 00 00 07 71 00 00 08 68 00 00 9c 69
        """)
    let value: Value = [
      "A0": "a", "B0": 1, "A1": "b", "B1": 2, "A2": "c", "B2": "3", "A3": "d",
      "F1": .double(1.5), "A4": "e", "F2": .double(2.5), "A5": "f",
      "G": [["H": 4, "I": "x"], ["H": 5, "I": "y"], ["H": 6, "I": "z"]], "A6": "g",
      "K": [["L": "p", "M": 7], ["L": "q", "M": 8]], "A7": "h", "P": 9, "A8": "i",
    ]
    #expect(try layout.decode(bytes).value == value)
    #expect(try layout.encode(value) == bytes)
  }

  static let counted = """
    01  R.
        05  N               PIC 9(2).
        05  HEAD            PIC X(2).
        05  T OCCURS 0 TO 5 TIMES DEPENDING ON N
              INDEXED BY IX.
            10  A           PIC X(2).
            10  M           PIC S9(3) COMP-3.
        05  TAIL            PIC X(3).
        05  K               PIC S9(4) COMP.
        05  U OCCURS 1 TO 3 DEPENDING ON K PIC 9(2).
        05  LAST-ONE        PIC X.
    """

  @Test(
    "tables have as many items as their counts say",
    arguments: [
      (
        "30 32 48 48 41 41 00 1c 42 42 00 2d 54 54 54 00 01 34 32 5a",
        [
          "HEAD": "HH", "T": [["A": "AA", "M": 1], ["A": "BB", "M": -2]], "TAIL": "TTT",
          "U": [42], "LAST-ONE": "Z",
        ]
      ),
      (
        "30 30 48 48 54 54 54 00 03 30 31 30 32 30 33 5a",
        ["HEAD": "HH", "T": [], "TAIL": "TTT", "U": [1, 2, 3], "LAST-ONE": "Z"]
      ),
    ] as [(String, Value)])
  func tables(_ hex: String, _ value: Value) throws {
    let layout = try makeCopybook(Self.counted, Self.machine)
    #expect(try layout.encode(value) == Array(hex: hex))
    let found = try layout.decode(Array(hex: hex)).value
    for member in value.objectValue ?? [:] { #expect(found[member.name] == member.value) }
    #expect(found["N"] == .integer(Int64(value["T"]?.arrayValue?.count ?? -1)))
    #expect(try layout.encode(found) == Array(hex: hex))
  }

  static let initialised = """
    01  R.
        05  A    PIC X(4) VALUE "CINQ".
        05  B    PIC 9(3) VALUE 7.
        05  C    PIC S9(3)V9 COMP-3 VALUE -1.5.
        05  D    PIC X(3) VALUE ALL "*".
        05  E    PIC X(2) VALUE LOW-VALUES.
        05  F    PIC X(2) VALUE HIGH-VALUES.
        05  G    PIC X(2) VALUE ZEROS.
        05  H    PIC X(2) VALUE X"4142".
        05  FILLER PIC X(2) VALUE "--".
        05  I    PIC ZZ9.
        05  J    PIC S9(3) SIGN LEADING SEPARATE.
        05  K    PIC X(3).
        05  L    PIC S9(4) COMP.
    """

  @Test("what is left out is written as VALUE and INITIALIZE fill it")
  func values() throws {
    let layout = try makeCopybook(Self.initialised, Self.machine)
    let bytes = Array(
      hex: """
        43 49 4e 51 30 30 37 00 01 5d 2a 2a 2a 00 00 ff ff 30 30 41 42 2d 2d 20 \
        20 30 2b 30 30 30 20 20 20 00 00
        """)
    #expect(try layout.encode([:]) == bytes)
  }
}
