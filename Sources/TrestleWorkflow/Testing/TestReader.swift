internal import TrestleCore

extension TestDefinition {
  /// Reads a test file and the workflow that it tests.
  ///
  /// - Throws: `WorkflowError` of kind `invalid` with every mistake, each with file, line and column.
  public static func load(
    _ path: String, workspace: Workspace? = nil, registry: ProtocolRegistry = .standard
  ) throws(WorkflowError) -> TestDefinition {
    let absolute = FilePaths.absolute(path)
    let root = workspace?.directory ?? FilePaths.parent(absolute)
    let (file, diagnostics) = DataFile.read(
      absolute, root: FilePaths.isInside(absolute, root) ? root : FilePaths.parent(absolute))
    guard let file else {
      throw WorkflowError(.invalid, "\(path) cannot be read", diagnostics: diagnostics)
    }
    var reader = TestReader(file: file, workspace: workspace, registry: registry)
    return try reader.read()
  }
}

/// Reads a test file's data.
struct TestReader {
  let file: DataFile
  let workspace: Workspace?
  let registry: ProtocolRegistry
  private var problems: [ValueProblem]
  private var others: [Diagnostic] = []

  init(file: DataFile, workspace: Workspace?, registry: ProtocolRegistry) {
    self.file = file
    self.workspace = workspace
    self.registry = registry
    problems = file.problems
  }

  mutating func read() throws(WorkflowError) -> TestDefinition {
    let record = file.value.objectValue ?? [:]
    var checker = DocumentChecker()
    checker.check(record, keys: TestSchema.keys)
    problems += checker.problems
    let defaults = record["defaults"]?.objectValue ?? [:]
    let subject = try subject(of: record)
    let scenarios = (subject?.mocks.scenarios ?? [:]).merging(
      record["scenarios"]?.objectValue ?? [:])
    var cases: [TestCase] = []
    for (position, item) in (record["tests"]?.arrayValue ?? []).enumerated() {
      let path = ValuePath([.member("tests"), .item(position)])
      cases += self.cases(item.objectValue ?? [:], defaults, scenarios, at: path)
    }
    let loads = record["load"].map { self.loads($0, at: ValuePath([.member("load")])) } ?? []
    if cases.isEmpty, loads.isEmpty, record["tests"]?.arrayValue?.isEmpty != false {
      problems.append(
        ValueProblem(
          .error, "the file has no tests", at: ValuePath(),
          hint: "write tests: with a list, or load:"))
    }
    check(cases, of: subject)
    let diagnostics = problems.map { file.diagnostic($0) } + others
    let errors = diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty, let subject else {
      throw WorkflowError(.invalid, "\(file.shown) has mistakes", diagnostics: errors)
    }
    return TestDefinition(
      file: file, subject: subject, cases: cases, loads: loads, workspace: workspace,
      diagnostics: diagnostics)
  }

  // MARK: What is tested

  private mutating func subject(
    of record: Record
  ) throws(WorkflowError) -> TestDefinition.Subject? {
    switch (record["workflow"]?.scalarText, record["command"]) {
    case (let workflow?, nil):
      do throws(WorkflowError) {
        let inputs =
          (record["defaults"]?["inputs"]?.objectValue ?? [:]).names
          + (record["tests"]?.arrayValue ?? []).flatMap {
            ($0["inputs"]?.objectValue ?? [:]).names + ($0["matrix"]?.objectValue ?? [:]).names
          } + (record["load"]?["inputs"]?.objectValue ?? [:]).names
        let definition = try WorkflowDefinition.load(
          FilePaths.absolute(workflow, base: file.directory), workspace: workspace,
          registry: registry, inputs: inputs)
        others += definition.diagnostics
        return .workflow(definition)
      } catch {
        if error.diagnostics.isEmpty {
          problems.append(
            ValueProblem(
              .error, error.message, at: ValuePath([.member("workflow")]), hint: error.hint))
        }
        others += error.diagnostics
        return nil
      }
    case (nil, let command?):
      let words = command.arrayValue?.compactMap(\.scalarText)
      return .command(words ?? ["/bin/sh", "-c", command.scalarText ?? ""], mocks(of: record))
    case (nil, nil):
      problems.append(
        ValueProblem(
          .error, "the file says not what is tested", at: ValuePath(),
          hint: "write workflow: FILE, or command: for a program"))
    default:
      problems.append(
        ValueProblem(
          .error, "a workflow and a command are not tested by one file",
          at: ValuePath([.member("command")])))
    }
    return nil
  }

  /// The mocks of a command: services and systems as a workflow has them.
  private mutating func mocks(of record: Record) -> TestDefinition.CommandMocks {
    var definition = WorkflowDefinition(
      name: "test", form: .steps, file: file.shown, directory: file.directory)
    var part: Record = ["steps": .array([])]
    part["services"] = record["services"]
    var reader = WorkflowReader(
      file: DataFile(.object(part), directory: file.directory),
      root: workspace?.directory ?? file.directory, registry: registry)
    definition.services = reader.read(named: "test").services
    definition.systems = LegacySystem.described(
      in: file.written["legacy_systems"]?.objectValue ?? [:],
      at: ValuePath([.member("legacy_systems")]), of: file,
      root: workspace?.directory ?? file.directory, registry: registry)
    others += definition.systems.flatMap(\.diagnostics)
    var names = definition.systems.map(\.name)
    for (position, name) in (record["systems"]?.arrayValue ?? []).compactMap(\.scalarText)
      .enumerated()
    {
      guard let system = workspace?.systems.first(where: { $0.name == name }) else {
        let known = workspace?.systems.map(\.name) ?? []
        problems.append(
          ValueProblem(
            .error, "No adapter for system: \(name)" + Suggestion.clause(for: name, among: known),
            at: ValuePath([.member("systems"), .item(position)])))
        continue
      }
      names.append(name)
      definition.systems.append(system)
    }
    var checker = WorkflowChecker(definition, workspaceSystems: [])
    checker.check()
    problems += checker.problems
    return TestDefinition.CommandMocks(definition: definition, systems: names)
  }

  // MARK: Tests

  private mutating func cases(
    _ own: Record, _ defaults: Record, _ scenarios: Record, at path: ValuePath
  ) -> [TestCase] {
    let record = defaults.merging(own)
    func merged(_ key: String) -> Record {
      (defaults[key]?.objectValue ?? [:]).merging(own[key]?.objectValue ?? [:])
    }
    var test = TestCase(
      name: own["name"]?.scalarText ?? "\(path)", expectations: own["expect"]?.objectValue ?? [:],
      path: path)
    test.scenario = record["scenario"]?.scalarText
    if let name = test.scenario {
      if let scenario = scenarios[name] {
        test.responses = scenario.objectValue ?? [:]
      } else {
        problems.append(
          ValueProblem(
            .error,
            "Scenario \(name) not found" + Suggestion.clause(for: name, among: scenarios.names),
            at: path.member("scenario")))
      }
    }
    for service in merged("responses") {
      let before = test.responses[service.name]?.objectValue ?? [:]
      test.responses[service.name] = .object(before.merging(service.value.objectValue ?? [:]))
    }
    test.faults = merged("faults")
    test.inputs = merged("inputs")
    test.events = record["events"]?.arrayValue
    test.environment = merged("environment")
    test.seed = record["seed"]?.integerValue.flatMap { UInt64(exactly: $0) } ?? 1
    test.isVirtual = record["clock"]?.stringValue != "real"
    if let limit = record["timeout"]?.scalarText.flatMap({ Duration(written: $0) }) {
      test.timeout = limit
    }
    test.skip = record["skip"]?.scalarText
    var combinations: [[(name: String, value: Value)]] = [[]]
    for axis in own["matrix"]?.objectValue ?? [:] {
      combinations = combinations.flatMap { combination in
        (axis.value.arrayValue ?? []).map { combination + [(axis.name, $0)] }
      }
    }
    guard combinations.count <= 1000 else {
      problems.append(
        ValueProblem(
          .error, "the matrix has \(combinations.count) combinations", at: path.member("matrix"),
          hint: "1000 are as many as there may be"))
      return []
    }
    return combinations.map { combination in
      var one = test
      for (name, value) in combination { one.inputs[name] = value }
      if !combination.isEmpty {
        let values = combination.map { "\($0.name)=\($0.value.scalarText ?? "\($0.value)")" }
        one.name += " (\(values.joined(separator: ", ")))"
      }
      return one
    }
  }

  private mutating func loads(_ value: Value, at path: ValuePath) -> [LoadDefinition] {
    var load = LoadDefinition(name: value["name"]?.scalarText ?? "load", path: path)
    load.runs = value["runs"]?.integerValue.flatMap { Int(exactly: $0) } ?? load.runs
    load.concurrent = value["concurrent"]?.integerValue.flatMap { Int(exactly: $0) } ?? 10
    load.inputs = value["inputs"]?.objectValue ?? [:]
    load.responses = value["responses"]?.objectValue ?? [:]
    load.faults = value["faults"]?.objectValue ?? [:]
    load.expectations = value["expect"]?.objectValue ?? [:]
    let scenarios = value["scenarios"]?.objectValue ?? [:]
    guard !scenarios.isEmpty else { return [load] }
    return scenarios.map { scenario in
      var one = load
      one.name = "\(load.name): \(scenario.name)"
      one.faults = load.faults.merging(scenario.value.objectValue ?? [:])
      return one
    }
  }

  private mutating func check(_ cases: [TestCase], of subject: TestDefinition.Subject?) {
    var seen: Set<String> = []
    for test in cases where !seen.insert(test.name).inserted {
      problems.append(
        ValueProblem(
          .error, "there are two tests \"\(test.name)\"", at: test.path.member("name")))
    }
    for test in cases {
      // Held against nothing: what is wrong with the expectations themselves is told before anything starts.
      var checker = ExpectationChecker(test)
      checker.check(.nothing, [])
      for problem in checker.problems where !problems.contains(problem) {
        problems.append(problem)
      }
    }
    guard let mocks = subject?.mocks else { return }
    let known =
      mocks.services.map(\.name) + mocks.webhooks.map(\.name) + mocks.systems.map(\.name)
      + mocks.frameworks.flatMap { framework in
        framework.services.map { MultiFrameworkOrchestrator.service($0.name, of: framework.name) }
          + [framework.name]
      } + mocks.flow.steps.filter { $0.transform != nil }.map { "transform_\($0.step.name)" }
    for test in cases {
      for key in ["responses", "faults"] {
        let names = (key == "faults" ? test.faults : test.responses).names
        for name in names where !known.contains(name) {
          problems.append(
            ValueProblem(
              .error,
              "Service \(name) not registered" + Suggestion.clause(for: name, among: known),
              at: test.path.member(key).member(name), concernsName: true))
        }
      }
    }
  }
}
