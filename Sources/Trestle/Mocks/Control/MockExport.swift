internal import TrestleCore
internal import TrestleMock

struct MockExport {
  let definition: AdapterDefinition
  let live: LiveAnswers
  let contract: Contract
  var yaml: String { "mock: {}\n" }
}
