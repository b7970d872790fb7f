internal import TrestleCore

/// A test file, checked and ready.
public struct TestDefinition: Sendable {
  /// The file, as messages show it.
  public let name: String
  /// How many tests it has, combinations of matrices counted.
  public var count: Int { cases.count + loads.count }
  /// What is odd about it.
  public private(set) var diagnostics: [Diagnostic]

  let file: DataFile
  let subject: Subject
  let cases: [TestCase]
  let loads: [LoadDefinition]
  /// The workspace that its systems are of.
  let workspace: Workspace?

  /// What is tested.
  enum Subject: Sendable {
    case workflow(WorkflowDefinition)
    case command([String], CommandMocks)

    var title: String {
      switch self {
      case .workflow(let workflow): workflow.name
      case .command(let words, _): words.joined(separator: " ")
      }
    }

    /// What its mocks are made of, in the form of a workflow.
    var mocks: WorkflowDefinition {
      switch self {
      case .workflow(let workflow): workflow
      case .command(_, let mocks): mocks.definition
      }
    }
  }

  /// What a command calls.
  struct CommandMocks: Sendable {
    var definition: WorkflowDefinition
    var systems: [String]
  }

  init(
    file: DataFile, subject: Subject, cases: [TestCase], loads: [LoadDefinition],
    workspace: Workspace?, diagnostics: [Diagnostic]
  ) {
    self.file = file
    self.subject = subject
    self.cases = cases
    self.loads = loads
    self.workspace = workspace
    self.diagnostics = diagnostics
    name = file.shown
  }

  /// The names of its tests.
  public var testNames: [String] { cases.map(\.name) + loads.map(\.name) }

  /// The file's text, for reports.
  public var text: String {
    let bytes = (try? FilePaths.read(file.path, limit: 16 << 20)) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// One test.
struct TestCase: Sendable {
  var name: String
  var scenario: String?
  var responses: Record = [:]
  var faults: Record = [:]
  var inputs: Record = [:]
  var events: [Value]?
  var environment: Record = [:]
  var seed: UInt64 = 1
  var isVirtual = true
  var timeout = Duration.seconds(60)
  var skip: String?
  var expectations: Record
  /// Where it stands in its file.
  var path: ValuePath
}

/// Many runs at once.
struct LoadDefinition: Sendable {
  var name: String
  var runs = 100
  var concurrent = 10
  var inputs: Record = [:]
  var responses: Record = [:]
  var faults: Record = [:]
  var expectations: Record = [:]
  var path: ValuePath
}
