internal import Trestle
internal import TrestleCore

/// What `trestle import` says when it is done.
struct ImportReport {
  /// The system's name.
  let name: String
  let operations: [String]
  let session: Session

  func nothingChanged() {
    session.print(
      "\(name): nothing has changed since it was imported\n",
      as: ["system": .string(name), "files": .array([])])
  }

  func changes(_ changes: [EarlierImport.Change]) {
    for change in changes { session.note(change.description) }
  }

  func written(_ paths: [String]) {
    let count = operations.count
    let operation = operations.first ?? ""
    let commands = [
      "trestle describe \(name)",
      "trestle describe \(name) \(operation) --template",
      "trestle mock \(name)",
    ]
    session.print(
      "\(name): \(count == 1 ? "1 operation" : "\(count) operations")\n"
        + paths.map { "  \($0)\n" }.joined() + "\nTry:\n" + commands.map { "  \($0)\n" }.joined(),
      as: [
        "system": .string(name),
        "operations": .array(operations.map { .string($0) }),
        "files": .array(paths.map { .string($0) }), "try": .array(commands.map { .string($0) }),
      ])
  }
}
