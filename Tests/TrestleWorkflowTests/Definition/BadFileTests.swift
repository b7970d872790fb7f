import Testing
import TrestleCore
import TrestleWorkflow

@Suite("Workflow files with mistakes")
struct BadFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var isStrict = false
    var line: Int
    var column: Int
    var message: String

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "an unknown state",
      text: """
        services: { small: { spec: ./small.yaml } }
        states:
          initial:
            actions:
              - { name: go, type: api_call, service: small, endpoint: /read, transition_on_success: finihsed }
          finished: {}
        """, line: 5, column: 93, message: "Unknown state: finihsed; did you mean \"finished\"?"),
    Case(
      name: "a missing service",
      text: """
        services: { small: { spec: ./small.yaml } }
        steps:
          - name: go
            service: smal
            endpoint: /read
        """, line: 4, column: 14, message: "Service smal not registered; did you mean \"small\"?"),
    Case(
      name: "steps that wait for each other",
      text: """
        services: { small: { spec: ./small.yaml } }
        steps:
          - { name: a, service: small, endpoint: /read, needs: [b] }
          - { name: b, service: small, endpoint: /read, needs: [a] }
        """, line: 3, column: 56, message: "steps wait for each other: a → b → a"),
    Case(
      name: "a typo in a key",
      text: """
        services: { small: { spec: ./small.yaml } }
        steps:
          - name: go
            service: small
            endpont: /read
        """, line: 5, column: 5, message: "unknown key \"endpont\"; did you mean \"endpoint\"?"),
    Case(
      name: "a template that names nothing, strictly",
      text: """
        context: { batch_size: 3 }
        services: { small: { spec: ./small.yaml } }
        steps:
          - name: go
            service: small
            endpoint: /write
            method: POST
            data: { size: "${batch_sise}" }
        """, isStrict: true, line: 8, column: 19,
      message: "nothing gives ${batch_sise} a value; did you mean \"batch_size\"?"),
    Case(
      name: "a specification that is not there",
      text: """
        services:
          small: { spec: ./smal.yaml }
        steps: [{ name: go, service: small, endpoint: /read }]
        """, line: 2, column: 18, message: "no such file: ./smal.yaml; did you mean \"small.yaml\"?"
    ),
    Case(
      name: "a system that is not there",
      text: """
        legacy_systems:
          stock: { protocol_adapter: { type: soap, port: 8201 } }
        steps: [{ name: go, system: stok, operation: Get }]
        """, line: 3, column: 29, message: "No adapter for system: stok; did you mean \"stock\"?"),
    Case(
      name: "an unknown type of action",
      text: """
        steps:
          - { name: go, type: api_cal, url: "http://127.0.0.1:1" }
        """, line: 2, column: 23,
      message: "Unknown action type: api_cal; did you mean \"api_call\"?"),
    Case(
      name: "an expression that cannot be read",
      text: """
        steps:
          - { name: go, condition: "1 +" }
        """, line: 2, column: 28, message: "steps[0].condition: "),
    Case(
      name: "a port that two services have",
      text: """
        services:
          one: { spec: ./small.yaml, port: 8001 }
          two: { spec: ./small.yaml, port: 8001 }
        steps: [{ name: go, service: one, endpoint: /read }]
        """, line: 3, column: 36, message: "port 8001 is one's already"),
  ]

  @Test("each mistake is told with its place and the nearest right word", arguments: cases)
  func mistake(_ test: Case) throws {
    let folder = try Folder(["small.yaml": smallSpecification, "bad.yaml": test.text])
    let error = try #require(throws: WorkflowError.self) {
      _ = try WorkflowDefinition.load(folder.path("bad.yaml"), isStrict: test.isStrict)
    }
    #expect(error.kind == .invalid)
    let first = try #require(error.diagnostics.first)
    #expect(first.severity == .error)
    #expect(first.message.hasPrefix(test.message))
    #expect(first.file.hasSuffix("bad.yaml"))
    #expect([first.line, first.column] == [test.line, test.column])
  }

  @Test("without strictness a template that names nothing is a warning, and stands as it is")
  func lenient() async throws {
    let folder = try Folder([
      "small.yaml": smallSpecification,
      "odd.yaml": """
      services: { small: { spec: ./small.yaml } }
      steps: [{ name: go, service: small, endpoint: /write, method: POST, data: { a: "${nobody}" } }]
      """,
    ])
    let definition = try WorkflowDefinition.load(folder.path("odd.yaml"))
    #expect(definition.diagnostics.map(\.severity) == [.warning])
    let result = try await WorkflowRun(definition, options: .init(usesFreePorts: true)).run()
    #expect(result.isSuccess)
    #expect(result.steps.first?.call["data"] == ["a": "${nobody}"])
    #expect(result.warnings == ["nothing is known of ${nobody}; it stands as it is"])
  }
}
