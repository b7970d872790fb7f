import Testing
import TrestleWorkflow

@Suite("What tests say of services")
struct TestOverrideTests {
  @Test("responses of a test hold also where a state says something else")
  func overrides() async throws {
    let folder = try Folder([
      "small.yaml": smallSpecification,
      "w.yaml": """
      services: { small: { spec: ./small.yaml } }
      states:
        initial:
          services: { small: { /read: { from: state }, /write: { from: state } } }
          actions:
            - { name: look, type: api_call, service: small, endpoint: /read, save: { from: response.from }, transition_on_success: end }
        end: {}
      """,
      "w.test.yaml": """
      workflow: w.yaml
      tests:
        - { name: state, expect: { context: { from: state } } }
        - { name: test, responses: { small: { /read: { from: test } } }, expect: { context: { from: test } } }
      """,
    ])
    let outcomes = await TestRunner([try TestDefinition.load(folder.path("w.test.yaml"))]).run()
    #expect(outcomes.map(\.status) == [.passed, .passed])
  }
}
