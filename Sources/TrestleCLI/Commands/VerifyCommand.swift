internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleMock
internal import TrestleStore

/// `trestle verify`: holds the calls of the journal against checks.
struct VerifyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check what mocks were called with, from their journal.",
    usage: "trestle verify CHECK… [--in-order] [--since D]",
    discussion: """
      A check is one word to the shell, so put it in quotes:

        SYSTEM [OPERATION] [NAME=TEXT | NAME:=JSON …] [exactly N | at least N | at most N | once | never]

      Without a count at least one call is expected. JSON may be conditions as in a stub's when:
      amount:={"gt":5}. A check that fails says what was called instead; the exit code is then 1.

      EXAMPLES
        trestle verify "claims GetClaim id=C-7 once"
        trestle verify "billing CreateInvoice exactly 2" "billing Cancel never"
        trestle verify --in-order "crm Find" "billing CreateInvoice" "mail Send"
        trestle verify "claims GetClaim" --since 5m
        trestle verify "claims GetClaim once" --admin http://build-7:8900
      """)

  @Argument(help: "The checks.") var checks: [String]

  @Flag(
    name: .customLong("in-order"),
    help: "Expect one call of each check, one after the other; others may come between.")
  var isInOrder = false

  @Option(
    name: .customLong("since"),
    help: ArgumentHelp("Look at the calls of the last time, such as 5m.", valueName: "duration"))
  var since: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    guard admin.url == nil else { return try await ask(session) }
    await admin.settle(session)
    let workspace = try session.anyWorkspace()
    let expectations: [CallExpectation]
    do throws(MockControlError) {
      expectations = try CheckReader(workspace.systems).expectations(
        try checks.map { text throws(MockControlError) in try CallCheck(text) }, inOrder: isInOrder)
    } catch {
      throw Self.failure(error)
    }
    let verifier = CallVerifier(try calls(of: workspace))
    let findings =
      isInOrder
      ? [verifier.check(inOrder: expectations)] : expectations.map { verifier.check($0) }
    try show(
      findings.map { (check: $0.expectation, count: $0.count, failure: $0.failure) }, session)
  }

  /// Has mocks that run elsewhere hold their calls against the checks.
  private func ask(_ session: Session) async throws(CommandFailure) {
    var body: Record = [
      "checks": .array(checks.map { .string($0) }), "in_order": .bool(isInOrder),
    ]
    if let since { body["since"] = .string(since) }
    let asked = Value.object(body)
    let answer = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.send("POST", "verify", body: asked)
    }
    try show(
      (answer["checks"]?.arrayValue ?? []).map { finding in
        (
          check: finding["check"]?.stringValue ?? "",
          count: finding["count"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0,
          failure: finding["failure"]?.stringValue
        )
      }, session)
  }

  private static func failure(_ error: MockControlError) -> CommandFailure {
    var failure = CommandFailure.usage(error.message)
    failure.hints = error.problems.map(\.description) + [error.hint].compactMap { $0 }
    return failure
  }

  private func calls(of workspace: Workspace) throws(CommandFailure) -> [RecordedCall] {
    var query = JournalQuery(limit: .max, isOldestFirst: true)
    if let since {
      guard let duration = Duration(written: since) else {
        throw .usage("\"\(since)\" is no duration", hint: "write 30s, 5m or 2h")
      }
      query.from =
        (WallTime.now.milliseconds - Int64(duration.components.seconds) * 1000
          - duration.components.attoseconds / 1_000_000_000_000_000) * 1000
    }
    do throws(JournalError) {
      let entries = try JournalFile(path: workspace.journalPath).entries(query, bodies: false)
      return entries.inTimeOrder.compactMap { entry in
        entry.operation.map {
          RecordedCall(
            system: entry.system, operation: $0,
            parameters: entry.parameters.objectValue ?? Record(), origin: entry.origin)
        }
      }
    } catch {
      throw CommandFailure(.configuration, error.description, hint: error.hint)
    }
  }

  private typealias Finding = (check: String, count: Int, failure: String?)

  /// Shows what the checks came to; one that fails is the exit code.
  private func show(_ findings: [Finding], _ session: Session) throws(CommandFailure) {
    let failed = findings.count { $0.failure != nil }
    var text = ""
    for finding in findings {
      text +=
        finding.failure.map { "FAILED  \($0)\n" } ?? "ok      \(finding.check) (\(finding.count))\n"
    }
    text += "\(findings.count - failed) passed, \(failed) failed\n"
    session.print(
      text,
      as: [
        "passed": .integer(Int64(findings.count - failed)), "failed": .integer(Int64(failed)),
        "checks": .array(
          findings.map { finding in
            [
              "check": .string(finding.check), "holds": .bool(finding.failure == nil),
              "count": .integer(Int64(finding.count)),
              "failure": finding.failure.map { .string($0) } ?? .null,
            ]
          }),
      ])
    if failed > 0 { throw .silent(.fault) }
  }
}
