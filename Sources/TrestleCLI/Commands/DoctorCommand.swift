internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle doctor`: what is wrong, and the command that mends it.
struct DoctorCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is wrong here, and the command that mends it.",
    usage: "trestle doctor [SYSTEM …] [--offline]",
    discussion: """
      Looks at the files and contracts of the workspace, at the systems where they
      are (connection, TLS certificate, SOAP ?wsdl, XML-RPC system.listMethods), at
      the ports of mocks and what earlier ones left, at journal, disk and limits.
      Nothing is changed. Exit code 1 when something is wrong; warnings alone are 0.

      EXAMPLES
        trestle doctor             everything
        trestle doctor claims      one system, and the machine
        trestle doctor --offline   without the network
        trestle doctor -o json     for programs
      """)

  @Argument(
    help: "Systems of the workspace, or files; all when left out.", completion: Completion.systems)
  var systems: [String] = []

  @Flag(name: .customLong("offline"), help: "Call no system, not even to see whether it is there.")
  var isOffline = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let workspace = try session.anyWorkspace()
    var chosen: [LegacySystem]?
    for name in systems {
      chosen = (chosen ?? []) + [try await session.system(name, in: workspace)]
    }
    let doctor = WorkspaceDoctor(workspace, systems: chosen)
    let findings = await doctor.findings(isOffline: isOffline)
    session.print(
      findings.map { Self.lines($0, session.palette) }.joined(),
      as: .array(findings.map(\.jsonValue)))
    let isWrong = findings.contains {
      $0.level == .problem || session.isStrict && $0.level == .warning
    }
    if isWrong { throw .silent(.fault) }
  }

  /// A finding, and what mends it on a line of its own. Signs go with colours; without them words say it.
  private static func lines(_ finding: Finding, _ palette: Palette) -> String {
    let (mark, word) =
      switch finding.level {
      case .ok: (palette.green("✓"), "ok      ")
      case .warning: (palette.yellow("!"), "warning ")
      case .problem: (palette.red("✗"), "problem ")
      }
    let indent = palette.isOn ? "  " : "        "
    let remedy = (finding.remedy ?? "").split(separator: "\n").map {
      indent + palette.faint(String($0.drop { $0 == " " })) + "\n"
    }
    return "\(palette.isOn ? mark + " " : word)\(finding.text)\n" + remedy.joined()
  }
}
