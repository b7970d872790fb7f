internal import Trestle
internal import TrestleCore

/// What `trestle import` says when it is done.
struct ImportReport {
  private let imported: WSDLImport
  private let session: Session

  init(_ imported: WSDLImport, _ session: Session) {
    self.imported = imported
    self.session = session
  }

  func nothingChanged() {
    session.print(
      "\(imported.name): nothing has changed since it was imported\n",
      as: ["system": .string(imported.name), "files": .array([])])
  }

  func changes(_ changes: [EarlierImport.Change]) {
    for change in changes { session.note(change.description) }
  }

  func written(_ paths: [String]) {
    let count = imported.operations.count
    let operation = imported.operations.first ?? ""
    let commands = [
      "trestle describe \(imported.name)",
      "trestle describe \(imported.name) \(operation) --template",
      "trestle mock \(imported.name)",
    ]
    session.print(
      "\(imported.name): \(count == 1 ? "1 operation" : "\(count) operations")\n"
        + paths.map { "  \($0)\n" }.joined() + "\nTry:\n" + commands.map { "  \($0)\n" }.joined(),
      as: [
        "system": .string(imported.name),
        "operations": .array(imported.operations.map { .string($0) }),
        "files": .array(paths.map { .string($0) }), "try": .array(commands.map { .string($0) }),
      ])
  }
}
