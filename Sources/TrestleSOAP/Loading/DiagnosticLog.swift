internal import TrestleCore
internal import TrestleXML

/// What loading has found so far; the same finding is told once, however many operations meet it.
final class DiagnosticLog {
  private(set) var diagnostics: [Diagnostic] = []
  private var positions: [Diagnostic: Int] = [:]

  /// Adds a finding and gives its position.
  @discardableResult
  func add(
    _ severity: Diagnostic.Severity, _ message: String, at element: XMLElement? = nil,
    in file: ContractFile, hint: String? = nil
  ) -> Int {
    add(
      Diagnostic(
        severity, message, file: file.displayPath, line: element?.line, hint: hint))
  }

  @discardableResult
  func add(_ diagnostic: Diagnostic) -> Int {
    if let known = positions[diagnostic] { return known }
    positions[diagnostic] = diagnostics.count
    diagnostics.append(diagnostic)
    return diagnostics.count - 1
  }

  /// Says that an operation does not work because of a finding.
  func concern(_ operation: String, _ position: Int) {
    guard !diagnostics[position].operations.contains(operation) else { return }
    diagnostics[position].operations.append(operation)
  }
}
