import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Copybook text")
struct CopybookParsingTests {
  private func names(_ text: String) -> [String] {
    let outline = CopybookOutline(Array(text.utf8))
    #expect(outline.diagnostics == [])
    return outline.records.first?.keys ?? []
  }

  @Test(
    "code is found in its columns, or without columns",
    arguments: [
      // Sequence numbers before, and marks after column 72.
      """
      000100* A COMMENT.
      000200 01  R.                                                           ABC00001
      000300     05 A PIC X.                                                  ABC00002
             05 B PIC X.
      """,
      // From column 7, and to the right of column 80.
      """
            01 R.
               05 A                                                                        PIC X.
               05 B                                                                        PIC X.
      """,
      // Free format.
      "01 R.\n  05 A PIC X. *> the first\n  05 B\n PIC X.\n",
      // Tabs, lower case, no period at a line's end, a directive, an empty line.
      "\t01 r.\n\n       EJECT\n\t05 A pic x\n\t05 B pic x.\n",
      // A debugging line, and one of the compiler's.
      "      /\n       01  R.\n      D    05 X PIC X.\n      $SET A\n           05 A PIC X.\n"
        + "           05 B PIC X.\n",
    ])
  func formats(_ text: String) {
    let outline = CopybookOutline(Array(text.utf8))
    #expect(!outline.diagnostics.contains { $0.severity == .error }, "\(outline.diagnostics)")
    #expect(outline.records.first?.keys == ["A", "B"])
    #expect(outline.records.first?.size == 2)
  }

  @Test("a hyphen in column 7 goes on with the word or literal before it")
  func continuation() {
    let text = """
             01  R.
                 05  A PIC X(4) VALUE "AB
            -        "CD".
                 05  LONG-
            -        NAME PIC X.
      """
    #expect(names(text) == ["A", "LONG-NAME"])
  }

  @Test("clauses that say nothing about the bytes are passed over")
  func clauses() {
    let text = """
      01 R EXTERNAL.
         05 A PICTURE IS X(2), VALUE IS "A.B".
            88 A-OK VALUES ARE "AA" THRU "BB" "CC".
            88 A-NO VALUE X'FF'.
         05 B OCCURS 2 TIMES ASCENDING KEY IS C D INDEXED BY I J.
            10 C PIC 9.
            10 D PIC 9.
         66 ALL-B RENAMES A THRU B.
         05 E PIC X( 3 ).
      """
    #expect(names(columns(text)) == ["A", "B", "E"])
  }

  @Test("constants of level 78 are sizes")
  func constants() {
    let text = """
      78 SIZE-OF-T VALUE 4.
      01 R.
         05 T OCCURS SIZE-OF-T PIC X.
      """
    #expect(CopybookOutline(Array(columns(text).utf8)).records.first?.size == 4)
  }

  @Test("the records of a program are found among its divisions")
  func program() {
    let text = """
      IDENTIFICATION DIVISION.
      PROGRAM-ID. INQUIRY.
      DATA DIVISION.
      FILE SECTION.
      FD  CUSTOMERS RECORDING MODE IS F.
      01  CUST.
          05 ID PIC X(4).
      WORKING-STORAGE SECTION.
      77  COUNTER PIC S9(4) COMP.
      PROCEDURE DIVISION.
          MOVE 1 TO COUNTER.
      """
    let outline = CopybookOutline(Array(columns(text).utf8))
    #expect(outline.diagnostics == [])
    #expect(outline.records.map(\.name) == ["CUST", "COUNTER"])
    #expect(outline.records.map(\.size) == [4, 2])
  }

  @Test("several records are told apart, and one may lack its 01")
  func records() {
    let two = CopybookOutline(Array(columns("01 A.\n 05 B PIC X.\n01 C.\n 05 D PIC XX.").utf8))
    #expect(two.records.map(\.name) == ["A", "C"])
    #expect(two.records.map(\.size) == [1, 2])
    let none = CopybookOutline(Array(columns("05 B PIC X.\n05 D PIC XX.").utf8))
    #expect(none.records.map(\.name) == [nil])
    #expect(none.records.map(\.size) == [3])
  }

  @Test("usage, sign and synchronisation hold for the items of a group")
  func inheritance() throws {
    let layout = try makeCopybook(
      """
      01 R.
         05 G COMP-3.
            10 A PIC S9(3).
            10 B PIC S9(3) COMP.
         05 H SIGN LEADING SEPARATE.
            10 C PIC S9.
            10 D PIC 9.
      """, ["encoding": "us-ascii"])
    let value: Value = ["G": ["A": 1, "B": 2], "H": ["C": 3, "D": 4]]
    #expect(try layout.encode(value) == [0x00, 0x1C, 0x00, 0x02] + Array("+34".utf8))
  }

  @Test("prefixes that COPY would fill in are left away, or filled in")
  func tags() throws {
    let text = "01 :TAG:-REC.\n 05 :TAG:-ID PIC X.\n 05 X REDEFINES :TAG:-ID PIC X."
    #expect(names(columns(text)) == ["ID", "X"])
    let layout = try makeCopybook(
      text, ["encoding": "us-ascii", "replacing": [":TAG:": "CUST"]])
    #expect(try layout.encode(["CUST-ID": "A"]) == [0x41])
  }

  @Test("a copybook that copies another holds its fields")
  func copies() throws {
    var problems: [ValueProblem] = []
    let layout = CompiledLayout(
      ["copybook": "books/R.cpy", "encoding": "us-ascii"],
      files: files([
        "books/R.cpy": columns(
          "01 R.\n COPY INNER REPLACING ==:T:== BY ==IN== LEADING ==OLD== BY ==NEW==.\n 05 Z PIC X."
        ),
        "books/INNER.cpy": columns("05 :T:-A PIC X.\n05 OLD-B PIC X."),
      ]), problems: &problems)
    #expect(problems == [])
    let found = try #require(layout).decode(Array("abz".utf8)).value
    #expect(found == ["IN-A": "a", "NEW-B": "b", "Z": "z"])
  }

  @Test(
    "mistakes are told with the line and the construct",
    arguments: [
      ("01 R.\n 05 A PIC Q(3).", "R.cpy line 2: A has a picture that cannot be read: Q(3)"),
      ("01 R.\n 05 A PIC 9(4) COMP-7.", "R.cpy line 2: A: usage COMP-7 is not known here"),
      ("01 R.\n 05 A PIC X.\n 05 B REDEFINES C PIC X.", "R.cpy line 3: B redefines C"),
      ("01 R.\n 05 T OCCURS 1 TO 5 DEPENDING ON N PIC X.", "R.cpy line 2: T depends on N"),
      ("01 R.\n 05 A PIC X WRONG.", "R.cpy line 2: A: \"WRONG\" begins no clause"),
      ("01 R.\n COPY ELSE.\n 05 A PIC X.", "R.cpy line 2: COPY ELSE cannot be read"),
      ("01 R.\n 05 A PIC X(3) COMP-3.", "R.cpy line 2: A is a text, X(3), of usage COMP-3"),
      ("01 R.\n 05 T OCCURS UNBOUNDED PIC X.", "R.cpy line 2: T: OCCURS expects a number"),
      ("01 R.\n 05 A PIC X.\n  10 B PIC X.", "R.cpy line 2: A has a picture and fields within"),
      (
        "01 R.\n 05 T OCCURS 9999999.\n 10 U OCCURS 9999999 PIC X.", "R.cpy line 2: T has more than"
      ),
      ("hello", "R.cpy line 1: expects a level number, found \"hello\""),
      ("", "the copybook has no fields"),
      ("01 A.\n 05 X PIC X.\n01 B.\n 05 Y PIC X.", "the copybook has several records"),
    ])
  func wrong(_ text: String, _ message: String) {
    #expect(
      mistakes(inCopybook: text).contains { $0.contains(message) || message.contains($0) },
      "\(mistakes(inCopybook: text))")
  }

  @Test("a mistake in one record leaves the others readable")
  func otherRecords() throws {
    let text = "01 A.\n 05 X PIC Q.\n01 B.\n 05 Y PIC X."
    let layout = try makeCopybook(text, ["record": "B", "encoding": "us-ascii"])
    #expect(try layout.decode([0x41]).value == ["Y": "A"])
    #expect(mistakes(inCopybook: text, ["record": "A"]).count == 1)
    #expect(
      mistakes(inCopybook: text, ["record": "BB"]) == [
        "the copybook has no record \"BB\"; did you mean \"B\"?"
      ])
  }

  @Test("options that name what is not there are mistakes")
  func options() {
    let text = "01 R.\n 05 A PIC X.\n 05 B PIC X.\n 05 C REDEFINES B PIC X."
    #expect(mistakes(inCopybook: text, ["select": "A"]).count == 1)
    #expect(
      mistakes(inCopybook: text, ["segments": ["on": "Q", "cases": ["x": "B"]]]).count == 1)
    #expect(
      mistakes(inCopybook: text, ["segments": ["on": "A", "cases": ["x": "A"]]]).count == 1)
    #expect(mistakes(inCopybook: text, ["segments": ["on": "A"]]).count == 1)
    #expect(mistakes(inCopybook: text, ["counts": ["T": "x"]]).count == 1)
    #expect(mistakes(inCopybook: text, ["binary": "3"]).count == 1)
    #expect(mistakes(inCopybook: text, ["endain": "big"]).count == 1)
  }

  @Test("garbage is told, not crashed on", arguments: 0..<100)
  func garbage(_ seed: Int) {
    let words = [
      "01", "05", "10", "88", "66", "A", "B", ".", "PIC", "X(", "9(3)V", "OCCURS", "TO", "5",
      "DEPENDING", "ON", "REDEFINES", "COMP-3", "VALUE", "'x", "==", "COPY", "\n", "      -",
      "SIGN",
      "LEADING", "(", ")", "REPLACING", "BY", "*>", "S9(99999)", "78", "CONSTANT", "AS",
    ]
    var state = UInt64(seed &* 104_729 &+ 3)
    var text = "       "
    for _ in 0..<120 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text += words[Int(state >> 33) % words.count] + " "
    }
    let outline = CopybookOutline(Array(text.utf8))
    #expect(!outline.records.isEmpty || !outline.diagnostics.isEmpty)
  }
}
