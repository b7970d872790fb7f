internal import Trestle
internal import TrestleCore
internal import TrestleWorkflow

extension Session {
  /// The workflow that a word of the command line means: a file, or one in `workflows/` by its name. `inputs` are the
  /// names of what its run is given.
  func workflow(
    _ argument: String, in workspace: Workspace, inputs: [String] = []
  ) throws(CommandFailure) -> WorkflowDefinition {
    let path = try workflowPath(argument)
    do throws(WorkflowError) {
      return try WorkflowDefinition.load(
        path, workspace: workspace, registry: registry, inputs: inputs, isStrict: isStrict)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The events of a file, a list in YAML or JSON or one of JSON a line; of standard input for `-`.
  func events(in file: String) throws(CommandFailure) -> [Value] {
    let isYAML = [".yaml", ".yml"].contains { file.hasSuffix($0) }
    guard isYAML else {
      return try Self.events(try bytes(ofArgument: file == "-" ? "-" : "@" + file))
    }
    let path = FilePaths.absolute(file)
    let (read, diagnostics) = DataFile.read(path, root: FilePaths.parent(path))
    guard let read else { throw .mistakes(diagnostics, else: "\(file) cannot be read") }
    return read.value.arrayValue ?? [read.value]
  }

  private static func events(_ bytes: [UInt8]) throws(CommandFailure) -> [Value] {
    let text = String(decoding: bytes, as: UTF8.self)
    if let value = try? JSONParser.parse(text) { return value.arrayValue ?? [value] }
    var events: [Value] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      do throws(JSONError) {
        events.append(try JSONParser.parse(String(line)))
      } catch {
        throw .usage(
          "line \(number + 1) of the events is no JSON: \(error.reason)",
          hint: "write a list of {\"type\": …, \"data\": …}, or one of them a line")
      }
    }
    return events
  }

  private func workflowPath(_ argument: String) throws(CommandFailure) -> String {
    if FilePaths.isFile(FilePaths.absolute(argument)) { return argument }
    let root = FilePaths.absolute(directory)
    // A file is told as a run kept it: relative to the workspace.
    let inside = FilePaths.absolute(argument, base: root)
    if FilePaths.isFile(inside) { return inside }
    guard !argument.contains("/"), !argument.contains(".") else { return argument }
    let endings = ["yaml", "yml", "json"]
    let named = endings.map { "\(root)/workflows/\(argument).\($0)" }
    if let found = named.first(where: { FilePaths.isFile($0) }) { return found }
    let known = (FilePaths.list("\(root)/workflows") ?? []).compactMap { name -> String? in
      let parts = name.split(separator: ".")
      guard parts.count == 2, endings.contains(String(parts[1])) else { return nil }
      return String(parts[0])
    }
    throw .usage(
      "there is no workflow \"\(argument)\"" + Suggestion.clause(for: argument, among: known),
      hint: known.isEmpty
        ? "name a file, or put it into workflows/"
        : "workflows here: \(known.sorted().joined(separator: ", "))")
  }
}

/// What a body gives, or what it gives after it was cancelled by a signal that means to.
///
/// `onSignal` is told of each signal, whether it is the first, and says whether the body is to be cancelled.
func interruptible<Result: Sendable>(
  _ body: @escaping @Sendable () async -> Result,
  onSignal: @escaping @Sendable (_ isFirst: Bool) -> Bool = { _ in true }
) async -> Result {
  let signals = StopSignals()
  let task = Task { await body() }
  let watcher = Task {
    var isFirst = true
    for await _ in signals.all {
      if onSignal(isFirst) { task.cancel() }
      isFirst = false
    }
  }
  let result = await task.value
  watcher.cancel()
  return result
}
