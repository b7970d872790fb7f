internal import Subprocess
internal import SystemPackage
internal import TrestleCore
internal import TrestleStore

/// Runs a program with mocks that it finds in its environment, and judges it by what it wrote and what it called.
///
/// Of each mock NAME, the program is told `TRESTLE_NAME_URL`; of all of them `TRESTLE_MOCKS`, JSON by name, and of the
/// test's inputs `TRESTLE_INPUTS`, JSON too.
struct CommandTest {
  private let words: [String]
  private let mocked: TestDefinition.CommandMocks
  private let test: TestCase
  private let registry: ProtocolRegistry

  init(
    _ words: [String], _ mocked: TestDefinition.CommandMocks, _ test: TestCase,
    registry: ProtocolRegistry
  ) {
    self.words = words
    self.mocked = mocked
    self.test = test
    self.registry = registry
  }

  /// What is kept of each side of a program's output.
  private static let outputLimit = 1 << 20

  private struct Ended: Sendable {
    var exit: Int
    var output: String
    var errors: String
  }

  func run(
    _ outcome: inout TestOutcome, in directory: String
  ) async throws(WorkflowError) -> ExpectationChecker {
    let options = WorkflowOptions(usesFreePorts: true, registry: registry)
    let mocks = MockLoopClient(options: .init(mocked.definition, options))
    var definition = mocked.definition
    definition.steps = mocked.systems.map { Self.call(of: $0) }
    let stage: WorkflowStage
    do throws(WorkflowError) {
      stage = try await WorkflowStage.open(
        definition, mocks, .init(definition, options), callsLiveSystems: false)
      try await stage.set(responses: test.responses, faults: test.faults)
    } catch {
      await mocks.stop()
      throw error
    }
    let addresses = stage.serviceURLs.merging(stage.settings.endpoints) { $1 }
    let ended = await end(of: addresses, in: directory)
    let calls = await stage.observedCalls()
    await stage.shutdown()
    await mocks.stop()
    outcome.calls = calls.map(\.entry)
    let result = try ended.get()
    outcome.output = result.output + (result.errors.isEmpty ? "" : "\n" + result.errors)
    var checker = ExpectationChecker(test)
    checker.check(exit: result.exit, output: result.output, errors: result.errors, calls)
    return checker
  }

  /// A step that has the mock of a system started.
  private static func call(of system: String) -> StepDefinition {
    var reader = StepReader()
    return reader.step(
      ["system": .string(system), "operation": "any"], named: system, at: ValuePath())
  }

  private func end(
    of addresses: [String: String], in directory: String
  ) async -> Result<Ended, WorkflowError> {
    var variables: [Environment.Key: String?] = [:]
    func set(_ name: String, _ value: String) {
      variables[Environment.Key(stringLiteral: name)] = value
    }
    var all: Record = [:]
    for (name, url) in addresses.sorted(by: { $0.key < $1.key }) {
      set("TRESTLE_\(Self.variable(name))_URL", url)
      all[name] = .string(url)
    }
    set("TRESTLE_MOCKS", JSONWriter.text(.object(all)))
    set("TRESTLE_INPUTS", JSONWriter.text(.object(test.inputs)))
    for member in test.inputs {
      set(
        "TRESTLE_INPUT_\(Self.variable(member.name))",
        member.value.scalarText ?? JSONWriter.text(member.value))
    }
    for member in test.environment { set(member.name, member.value.scalarText ?? "") }
    let environment = Environment.inherit.updating(variables)
    var platform = PlatformOptions()
    // What the program has started ends with it.
    platform.processGroupID = 0
    platform.teardownSequence = [
      .gracefulShutDown(allowedDurationToNextStep: .seconds(1))
    ]
    let words = words
    let configuration = platform
    let ended = await within(test.timeout) { () async -> Result<Ended, WorkflowError> in
      do {
        let executable: Executable =
          words[0].contains("/")
          ? .path(FilePath(FilePaths.absolute(words[0], base: directory))) : .name(words[0])
        let result = try await Subprocess.run(
          executable, arguments: Arguments(Array(words.dropFirst())), environment: environment,
          workingDirectory: FilePath(directory), platformOptions: configuration,
          output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
        let exit: Int
        switch result.terminationStatus {
        case .exited(let code): exit = Int(code)
        case .signaled(let signal): exit = 128 + Int(signal)
        }
        return .success(
          Ended(
            exit: exit, output: result.standardOutput, errors: result.standardError))
      } catch {
        return .failure(
          WorkflowError(
            .failed, "\(words[0]) cannot be run: \(error)",
            hint: "it is looked for in PATH, or relative to the test file where it has a slash"))
      }
    }
    if Task.isCancelled { return .failure(WorkflowError(.cancelled, "it was interrupted")) }
    return ended
      ?? .failure(
        WorkflowError(
          .limit, "the command took longer than \(test.timeout.written) and was ended",
          hint: "timeout: allows more"))
  }

  /// How a name is spelled in a variable's.
  static func variable(_ name: String) -> String {
    String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}
