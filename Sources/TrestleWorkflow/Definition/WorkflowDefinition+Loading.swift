public import TrestleCore

extension WorkflowDefinition {
  /// Reads a workflow file, and holds everything in it against everything else before anything starts.
  ///
  /// Its steps may call the systems of the workspace beside those that it describes itself. `inputs` are the names of what
  /// its run is given beside its own context; under strictness, what is odd is a mistake.
  ///
  /// - Throws: `WorkflowError` of kind `invalid` with every mistake, each with file, line and column.
  public static func load(
    _ path: String, workspace: Workspace? = nil, registry: ProtocolRegistry = .standard,
    inputs: [String] = [], isStrict: Bool = false
  ) throws(WorkflowError) -> WorkflowDefinition {
    let absolute = FilePaths.absolute(path)
    guard FilePaths.isFile(absolute) else {
      let names = FilePaths.list(FilePaths.parent(absolute)) ?? []
      throw WorkflowError(
        .notFound,
        FilePaths.isDirectory(absolute)
          ? "\(path) is a directory; name a file in it"
          : "no such file: \(path)"
            + Suggestion.clause(for: FilePaths.name(absolute), among: names))
    }
    let root = workspace?.directory ?? FilePaths.parent(absolute)
    let (file, diagnostics) = DataFile.read(
      absolute, root: FilePaths.isInside(absolute, root) ? root : FilePaths.parent(absolute))
    guard let file else {
      throw WorkflowError(.invalid, "\(path) cannot be read", diagnostics: diagnostics)
    }
    let name = FilePaths.name(absolute).split(separator: ".").first.map(String.init) ?? "workflow"
    return try WorkflowDefinition(
      file, named: name, workspace: workspace, registry: registry, inputs: inputs,
      isStrict: isStrict)
  }

  /// A workflow of data, as a file has it; its specifications are relative to a directory.
  ///
  /// - Throws: `WorkflowError` of kind `invalid` with every mistake.
  public init(
    _ data: Value, named name: String = "workflow", directory: String = ".",
    workspace: Workspace? = nil, registry: ProtocolRegistry = .standard, isStrict: Bool = false
  ) throws(WorkflowError) {
    self = try WorkflowDefinition(
      DataFile(data, directory: FilePaths.absolute(directory)), named: name, workspace: workspace,
      registry: registry, inputs: [], isStrict: isStrict)
  }

  private init(
    _ file: DataFile, named name: String, workspace: Workspace?, registry: ProtocolRegistry,
    inputs: [String], isStrict: Bool
  ) throws(WorkflowError) {
    var reader = WorkflowReader(
      file: file, root: workspace?.directory ?? file.directory, registry: registry)
    var workflow = reader.read(named: name)
    var checker = WorkflowChecker(
      workflow, workspaceSystems: workspace?.systems.map(\.name) ?? [], inputs: inputs,
      isStrict: isStrict)
    checker.check()
    var diagnostics = (reader.problems + checker.problems).map { file.diagnostic($0) }
    diagnostics += workflow.systems.flatMap(\.diagnostics)
    let called = Set(workflow.calledSystems)
    for system in workspace?.systems ?? [] where called.contains(system.name) {
      workflow.systems.append(system)
    }
    workflow.diagnostics = diagnostics
    let errors = diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      let shown = file.shown.isEmpty ? name : file.shown
      throw WorkflowError(
        .invalid, "\(shown) has \(errors.count == 1 ? "a mistake" : "\(errors.count) mistakes")",
        diagnostics: (errors + diagnostics.filter { $0.severity != .error }).inFileOrder)
    }
    self = workflow
  }
}

extension [Diagnostic] {
  /// Errors first, each kind in the order of the file.
  fileprivate var inFileOrder: [Diagnostic] {
    enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if first.severity != second.severity { return first.severity == .error }
      let places = (
        (first.line ?? .max, first.column ?? 0), (second.line ?? .max, second.column ?? 0)
      )
      return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
    }.map(\.element)
  }
}
