internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleWorkflow

/// `trestle schema`: the JSON Schema of a kind of file.
struct SchemaCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a kind of workspace file.",
    usage: "trestle schema adapter|workflow|test",
    discussion: """
      Editors complete and check files against it:
        # yaml-language-server: $schema=../.trestle/schema/adapter.json

      EXAMPLES
        trestle schema adapter > .trestle/schema/adapter.json
        trestle schema workflow > .trestle/schema/workflow.json
      """)

  @Argument(help: "The kind of file.") var kind: SchemaKind

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    switch kind {
    case .adapter: session.print(AdapterSchema.jsonSchema())
    case .workflow:
      session.print(
        AdapterSchema.jsonSchema(of: WorkflowSchema.keys, titled: "Trestle workflow file"))
    case .test:
      session.print(
        AdapterSchema.jsonSchema(of: TestSchema.keys, titled: "Trestle test file"))
    }
  }
}

/// The kinds of files that have a schema.
enum SchemaKind: String, ExpressibleByArgument, CaseIterable, Sendable {
  case adapter, workflow, test
}
