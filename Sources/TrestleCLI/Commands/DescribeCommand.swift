internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle describe`: what a system offers, or what goes into and comes out of an operation.
struct DescribeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show what a system offers, or one of its operations.",
    usage: "trestle describe SYSTEM [OP] [--template | --json-schema] [--reply]",
    discussion: """
      EXAMPLES
        trestle describe claims                      its operations
        trestle describe claims GetClaim             what goes in and comes out
        trestle describe claims GetClaim --template  JSON to fill in for call -d
        trestle describe some.wsdl                   without a workspace
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String?

  @Flag(name: .customLong("template"), help: "The parameters as JSON to fill in, with comments.")
  var showsTemplate = false

  @Flag(
    name: .customLong("json-schema"),
    help: "The JSON Schema of the parameters; with --reply, of the reply.")
  var showsJSONSchema = false

  @Flag(name: .customLong("reply"), help: "With --template or --json-schema: the reply's.")
  var isReply = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if showsTemplate, operation == nil {
      throw ValidationError(
        "--template needs an operation: trestle describe \(system) OPERATION --template")
    }
    if isReply, !showsTemplate, !showsJSONSchema {
      throw ValidationError("--reply goes with --template or --json-schema")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let (system, _) = try await session.system(self.system)
    guard let name = operation else { return try describe(system, session) }
    let operation = try session.operation(name, of: system)
    let schema = isReply ? operation.output : operation.input
    if showsJSONSchema {
      return session.print(
        JSONSchemaWriter.jsonSchema(for: schema, title: "\(system.name) \(operation.name)"))
    }
    if showsTemplate {
      return session.output.data.write(TemplateText(operation, schema: schema, of: system).text)
    }
    session.print(
      OperationText(operation, of: system, palette: session.palette).text,
      as: .object(system.description(of: operation)))
  }

  private func describe(_ system: LegacySystem, _ session: Session) throws(CommandFailure) {
    _ = try session.codec(of: system)
    let palette = session.palette
    let contract = system.contract
    var text =
      [palette.bold(system.name), system.protocolName, system.file]
      .filter { !$0.isEmpty }.joined(separator: " · ") + "\n"
    if let documentation = contract.documentation { text += documentation + "\n" }
    text += Table(
      header: [],
      rows: [
        ["endpoint", system.endpoint ?? system.contractEndpoint ?? "none"],
        ["mock port", system.definition.mock.port.map(String.init) ?? "any free one"],
      ] + (system.sessionSummary.map { [["session", $0]] } ?? [])
    ).text()
    text += "\n"
    if contract.operations.isEmpty {
      text += contract.isOpen ? "any operation: there is no contract\n" : "no operations\n"
    } else {
      for operation in contract.operations {
        let signature = SignatureText(operation)
        text += palette.bold(operation.name) + signature.text + "\n"
        let facts =
          [operation.effects.rawValue] + signature.further
          + [operation.summary].compactMap(\.self)
        text += palette.faint("  " + facts.joined(separator: " · ")) + "\n"
      }
    }
    session.print(text, as: Self.value(system))
    session.show(system.diagnostics)
  }

  private static func value(_ system: LegacySystem) -> Value {
    [
      "system": .string(system.name), "protocol": .string(system.protocolName),
      "operations": .array(
        system.contract.operations.map { operation in
          var record: Record = [
            "operation": .string(operation.name), "effects": .string(operation.effects.rawValue),
          ]
          if let summary = operation.summary { record["summary"] = .string(summary) }
          let signature = SignatureText(operation)
          record["signature"] = .string(operation.name + signature.text)
          let headers = operation.headers
          for (key, blocks) in [("headers", headers.input), ("returned_headers", headers.output)]
          where !blocks.isEmpty {
            record[key] = .array(blocks.map { .string($0.name) })
          }
          if !operation.faults.isEmpty {
            record["faults"] = .array(operation.faults.map { .string($0.name) })
          }
          return .object(record)
        }),
    ]
  }
}
