package import TrestleCore

/// A file of settings beside the adapter files: read, its placeholders filled in, and held against its keys.
package struct SettingsFile {
  /// What the file says, with secrets and variables in place.
  package let record: Record
  /// What stands in it.
  package let written: Record
  /// Everything that is wrong with it so far.
  package private(set) var diagnostics: [Diagnostic]
  private let places: PlaceMap
  private let shown: String

  /// Reads a file. Never fails: what hinders it is told in `diagnostics`.
  package init(path: String, root: String, keys: [AdapterKey]) {
    shown = FilePaths.display(path, root: root)
    var found: [Diagnostic] = []
    let document = Self.document(path, shown, &found)
    places = document?.places ?? PlaceMap()
    written = document?.value.objectValue ?? [:]
    diagnostics = found
    guard let document else {
      record = [:]
      return
    }
    var interpolation = Interpolation(
      environment: { Surroundings.variable($0) },
      secret: { Surroundings.secret($0, root: root) })
    record = interpolation.fill(document.value).objectValue ?? [:]
    // What is not filled in yet is checked: messages show values, and secrets are none to show.
    var checker = DocumentChecker()
    checker.check(written, keys: keys)
    for problem in document.problems + interpolation.problems + checker.problems { add(problem) }
  }

  /// Tells of something else that is wrong.
  package mutating func add(_ problem: ValueProblem) {
    diagnostics.append(places.diagnostic(problem, file: shown))
  }

  private static func document(
    _ path: String, _ shown: String, _ diagnostics: inout [Diagnostic]
  ) -> YAMLReader.Document? {
    let documents = DataFile.documents(
      at: path, shown: shown, limit: 1 << 20, diagnostics: &diagnostics)
    func refuse(_ message: String, hint: String? = nil) {
      diagnostics.append(Diagnostic(.error, message, file: shown, hint: hint))
    }
    guard documents.count <= 1 else {
      refuse("the file has several documents", hint: "leave out the line ---")
      return nil
    }
    guard let document = documents.first else { return nil }
    if document.value.objectValue != nil || document.value.isNull { return document }
    refuse("the file is an object, found \(document.value.kindName)")
    return nil
  }
}
