import Testing
import TrestleXML

@testable import TrestleWorkflow

@Suite("Reports as JUnit XML")
struct JUnitTextTests {
  private func document(_ report: TestReport) throws -> XMLElement {
    try XMLDocument(Array(report.junit.utf8)).root
  }

  private func children(_ element: XMLElement) -> [XMLElement] { element.children.map { $0 } }

  @Test("suites have their counts, and times in seconds")
  func counts() throws {
    let root = try document(Outcomes.report)
    #expect(root.localName == "testsuites")
    #expect(root.attribute("tests") == "3")
    #expect(root.attribute("failures") == "1")
    #expect(root.attribute("skipped") == "1")
    #expect(root.attribute("time") == "1.043")
    let suites = children(root)
    #expect(suites.map { $0.attribute("name") } == ["pipeline", "live"])
    #expect(suites.map { $0.attribute("tests") } == ["2", "1"])
    #expect(suites[0].attribute("timestamp") == "2030-01-01T00:00:00")
    #expect(suites[0].attribute("file") == "tests/pipeline.yaml")
  }

  @Test("a test has its place, and one that passed nothing else")
  func tests() throws {
    let tests = try children(children(document(Outcomes.report))[0])
    #expect(tests[0].attribute("classname") == "pipeline")
    #expect(tests[0].attribute("time") == "0.012")
    #expect(tests[0].attribute("line") == "3")
    #expect(children(tests[0]).isEmpty)
    #expect(tests[1].attribute("name") == "a <bad> model & \"others\"")
  }

  @Test("all failures of a test are told in one element, with their places")
  func failure() throws {
    let parts = try children(children(children(document(Outcomes.report))[0])[1])
    #expect(parts.map(\.localName) == ["failure", "system-out"])
    #expect(parts[0].attribute("message") == "the run ends in another state (and 1 more)")
    #expect(
      parts[0].text == """
        tests/pipeline.yaml:5:2: the run ends in another state
          - failed
          + complete
        tests/pipeline.yaml:5: the answer differs
            {
              "id": 7,
          -   "tags": ["a", "b"],
          +   "tags": ["a", "c"],
              "ok": true
            }
        """)
  }

  @Test("what XML cannot have is replaced in what a test wrote")
  func output() throws {
    let parts = try children(children(children(document(Outcomes.report))[0])[1])
    #expect(parts[1].text == "line one\nline \u{FFFD}[1mtwo]]>")
  }

  @Test("a test that was skipped says why")
  func skipped() throws {
    let test = try children(children(document(Outcomes.report))[1])[0]
    #expect(children(test).map(\.localName) == ["skipped"])
    #expect(children(test)[0].attribute("message") == "no endpoint is known")
  }

  @Test("a report without tests is one")
  func empty() throws {
    let root = try document(TestReport(name: "a \"b\"\n", outcomes: []))
    #expect(root.attribute("name") == "a \"b\"\n")
    #expect(root.attribute("tests") == "0")
    #expect(children(root).isEmpty)
  }
}
