import Testing
import TrestleCore
import TrestleStore
import TrestleXML

@testable import TrestleWorkflow

@Suite("Reports as pages")
struct TestPageTests {
  private let page = Outcomes.report.html

  @Test("the page has the counts at its top, and filters without a script")
  func summary() {
    #expect(page.hasPrefix("<!DOCTYPE html>\n"))
    #expect(page.contains("<title>trestle test: 1 passed, 1 failed, 1 skipped</title>"))
    #expect(page.contains("<label class=\"failed\" for=\"only-failed\">1 failed</label>"))
    #expect(page.contains("id=\"only-all\" checked"))
    #expect(page.contains("#only-failed:checked ~ main .test:not(.failed)"))
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("prefers-color-scheme: dark"))
  }

  @Test("tests that failed are open, the others are not")
  func open() {
    #expect(page.contains("<details class=\"test passed\" id=\"test-1\">"))
    #expect(page.contains("<details class=\"test failed\" id=\"test-2\" open>"))
    #expect(page.contains("<details class=\"test skipped\" id=\"test-3\">"))
  }

  @Test("the failing line is shown, with a mark under its column")
  func source() {
    #expect(
      page.contains(
        """
        <span class="failing"><i>5</i> &#9;a bad model is refused: { state: failed }</span>
        <span class="caret"><i> </i> \t^</span>
        """))
  }

  @Test("names, calls and replies are text and no markup")
  func escaping() {
    #expect(page.contains("a &lt;bad&gt; model &amp; &quot;others&quot;"))
    #expect(page.contains("&quot;/&lt;status&gt;&quot;"))
    #expect(page.contains("it said &lt;no&gt;"))
    #expect(!page.contains("<bad>") && !page.contains("<no>"))
    #expect(page.contains("line one\nline \u{FFFD}[1mtwo"))
  }

  @Test("what differs is told line by line")
  func difference() {
    #expect(
      page.contains(
        "<span class=\"expected\">-   &quot;tags&quot;: [&quot;a&quot;, &quot;b&quot;],</span>"))
    #expect(
      page.contains(
        "<span class=\"found\">+   &quot;tags&quot;: [&quot;a&quot;, &quot;c&quot;],</span>"))
  }

  @Test("virtual time is told as such")
  func virtualTime() {
    #expect(page.contains("12 ms · 1 min 5 s of virtual time"))
    #expect(page.contains("class=\"timeline virtual\""))
  }

  @Test("every element but those of no content is closed")
  func wellFormed() throws {
    let body = try #require(page.split(separator: "<body>").last)
    // As XML, once the few elements that HTML leaves open are closed.
    let text = body.replacing("</body>", with: "").replacing("</html>", with: "")
      .replacing(" checked>", with: ">").replacing(" open>", with: ">")
      .split(separator: "\n").map { $0.hasPrefix("<input") ? "" : String($0) }
      .joined(separator: "\n")
    _ = try XMLDocument(Array("<body>\(text)</body>".utf8))
  }

  @Test("long values are cut off, and long lists counted")
  func bounds() {
    let steps = (0..<600).map { Outcomes.step("step \($0)", at: Int64($0)) }
    let outcome = TestOutcome(
      name: "n", file: "f", suite: "s", steps: steps,
      output: String(repeating: "x", count: 200_000))
    let page = TestReport(outcomes: [outcome]).html
    #expect(page.contains("and 100 steps more"))
    #expect(page.contains("… (200000 bytes in all)"))
    #expect(page.utf8.count < 1_000_000)
  }

  @Test("the same report gives the same page")
  func determinism() { #expect(Outcomes.report.html == page) }
}

@Suite("Timelines")
struct StepTimelineTests {
  @Test("bars begin and end where the steps do, by the whole of the time")
  func bars() throws {
    let timeline = StepTimeline(
      [
        Outcomes.step("late", at: 5000, for: 5000), Outcomes.step("early", at: 0, for: 5000),
      ], isVirtual: false)
    #expect(timeline.steps.map(\.name) == ["early", "late"])
    let root = try XMLDocument(Array(timeline.svg.utf8)).root
    var bars: [[String?]] = []
    for group in root.children {
      for part in group.children where part.attribute("class") == "bar" {
        bars.append([part.attribute("x"), part.attribute("width")])
      }
    }
    #expect(bars == [["320", "280"], ["600", "280"]])
  }

  @Test("each state is named once above its steps, and transitions are points")
  func owners() {
    let svg = StepTimeline(
      [
        Outcomes.step("a", in: "one"), Outcomes.step("b", in: "one", at: 1),
        Outcomes.step("go", kind: "transition", in: "one", at: 2, for: 0),
        Outcomes.step("c", in: "two", .failed, at: 3),
      ], isVirtual: true
    ).svg
    #expect(svg.split(separator: "class=\"owner\"").count == 3)
    #expect(svg.split(separator: "class=\"moment\"").count == 2)
    #expect(svg.contains("<g class=\"failed\"><title>c&#10;api_call, failed, 1 ms</title>"))
    #expect(svg.contains(">virtual time<"))
  }

  @Test("a run that did nothing has none; one that took no time has")
  func empty() throws {
    #expect(StepTimeline([], isVirtual: false).svg.isEmpty)
    let svg = StepTimeline([Outcomes.step("a", for: 0)], isVirtual: false).svg
    _ = try XMLDocument(Array(svg.utf8))
  }

  @Test(
    "ticks are round and few",
    arguments: [(1, 1), (7, 2), (999, 200), (1000, 200), (60_000_000, 20_000_000)]
      as [(Int64, Int64)])
  func ticks(_ length: Int64, _ tick: Int64) { #expect(StepTimeline.tick(length) == tick) }
}

@Suite("Lines of test files")
struct SourceExcerptTests {
  @Test("two lines on each side are shown, whatever lines end with")
  func lines() throws {
    let excerpt = try #require(SourceExcerpt("1\r\n2\r\n3\r\n4\r\n5", line: 4, column: 1))
    #expect(excerpt.lines.map(\.text) == ["2", "3", "4", "5"])
    #expect(excerpt.lines.map(\.number) == [2, 3, 4, 5])
    #expect(excerpt.lines.filter(\.isFailing).map(\.number) == [4])
    #expect(excerpt.indent == "")
  }

  @Test("a column past the end of its line is marked there, a line that is not there is not shown")
  func ends() {
    #expect(SourceExcerpt("ab", line: 1, column: 99)?.indent == "  ")
    #expect(SourceExcerpt("ab", line: 1, column: nil)?.indent == nil)
    #expect(SourceExcerpt("ab", line: 2, column: 1) == nil)
    #expect(SourceExcerpt("ab", line: 0, column: 1) == nil)
  }
}
