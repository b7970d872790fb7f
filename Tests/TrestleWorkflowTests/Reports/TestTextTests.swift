import Testing

@testable import TrestleWorkflow

@Suite("Reports for terminals")
struct TestTextTests {
  @Test("a line for each test, what failed below it, the counts last")
  func text() {
    #expect(
      TestText().text(Outcomes.report) == """
        ✓ a batch is loaded  12 ms (1 min 5 s of virtual time)
        ✗ a <bad> model & "others"  1.03 s
          tests/pipeline.yaml:5:2: the run ends in another state
            expected failed
            found    complete
          tests/pipeline.yaml:5: the answer differs
              {
                "id": 7,
            -   "tags": ["a", "b"],
            +   "tags": ["a", "c"],
                "ok": true
              }
        – needs a live system  0 ms
          no endpoint is known
        1 passed, 1 failed, 1 skipped

        """)
  }

  @Test("colours are only what they are told to be")
  func colours() {
    let text = TestText { text, style in style == .failed ? "<\(text)>" : text }
    #expect(text.text(Outcomes.failed).hasPrefix("<✗> a"))
    #expect(text.totals(Outcomes.report) == "1 passed, <1 failed>, 1 skipped")
    #expect(text.totals(TestReport(outcomes: [])) == "0 passed, 0 failed, 0 skipped")
  }

  @Test("nothing that a test is called or finds can move the cursor")
  func control() {
    let outcome = TestOutcome(
      name: "a\u{1B}[2Jb\nc", file: "f", suite: "s", status: .failed,
      failures: [TestFailure(message: "m\u{7}", expected: "x\u{1B}[1m", found: "y")])
    let text = TestText().text(outcome)
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 })
    #expect(text.hasPrefix("✗ a [2Jb c  0 ms\n  f: m \n"))
  }

  @Test("a long difference is cut off")
  func longDifference() {
    let lines = (0..<100).map { "\($0)" }.joined(separator: "\n")
    let outcome = TestOutcome(
      name: "n", file: "f", suite: "s", status: .failed,
      failures: [TestFailure(message: "m", expected: lines, found: "")])
    #expect(TestText().text(outcome).hasSuffix("    and 61 more lines\n"))
  }
}

@Suite("What differs")
struct TextDifferenceTests {
  private func shown(_ expected: String, _ found: String) -> [String] {
    TextDifference(expected: expected, found: found).lines.map { $0.mark + $0.text }
  }

  @Test("lines that are the same far from others are left out")
  func surroundings() {
    let lines = (1...9).map { "\($0)" }
    var other = lines
    other[4] = "five"
    #expect(
      shown(lines.joined(separator: "\n"), other.joined(separator: "\n"))
        == [" …", " 3", " 4", "-5", "+five", " 6", " 7", " …"])
  }

  @Test("JSON is compared by its lines, whatever its blanks")
  func json() {
    #expect(shown("{\"a\":1}", "{ \"a\": 1 }") == [" {", "   \"a\": 1", " }"])
    #expect(shown("{\"a\":1}", "none") == ["-{\"a\":1}", "+none"])
  }

  @Test("what is added and what is missing stands where it belongs")
  func insertions() {
    #expect(shown("a\nc", "a\nb\nc") == [" a", "+b", " c"])
    #expect(shown("a\nb\nc", "a\nc") == [" a", "-b", " c"])
    #expect(shown("", "") == [" "])
  }

  @Test("texts of very many lines are not compared one with another")
  func bounds() {
    let long = String(repeating: "x\n", count: 100_000)
    let lines = TextDifference(expected: long, found: long).lines
    #expect(lines.count == TextDifference.comparedLimit * 2)
  }
}

@Suite("How long something took")
struct DurationTextTests {
  @Test(
    "it is told as people say it",
    arguments: [
      (0, "0 ms"), (40, "0.04 ms"), (999, "0.99 ms"), (1500, "1.5 ms"), (2000, "2 ms"),
      (12_345, "12 ms"),
      (1_240_000, "1.24 s"), (5_000_000, "5 s"), (59_999_000, "59.99 s"), (60_000_000, "1 min"),
      (125_000_000, "2 min 5 s"), (12_000_000_000, "3 h 20 min"),
    ] as [(Int64, String)])
  func short(_ microseconds: Int64, _ text: String) {
    #expect(DurationText.short(microseconds: microseconds) == text)
  }

  @Test("JUnit has seconds with three places")
  func seconds() {
    #expect(DurationText.seconds(.microseconds(1_002_999)) == "1.002")
    #expect(DurationText.seconds(.milliseconds(-4)) == "0.000")
  }
}
