package import TrestleCore

/// What was found out about one thing of a workspace or of the machine.
package struct Finding: Sendable, Hashable {
  /// How bad it is.
  package enum Level: String, Sendable {
    case ok, warning, problem
  }

  /// What was looked at.
  package enum Check: String, Sendable {
    case files, contract, endpoint, certificate, service, port, journal, disk, library, limits
    case runFile = "run_file"
  }

  package var level: Level
  package var check: Check
  /// The system it concerns; nil where it concerns all.
  package var system: String?
  /// What was found, as a clause.
  package var message: String
  /// What mends it: a command where there is one. Nil when nothing sensible can be said.
  package var remedy: String?
  /// Where in a file it is.
  package var file: String?
  package var line: Int?
  package var column: Int?

  init(
    _ level: Level, _ check: Check, of system: String? = nil, _ message: String,
    remedy: String? = nil
  ) {
    self.level = level
    self.check = check
    self.system = system
    self.message = message
    self.remedy = remedy
  }

  init(_ diagnostic: Diagnostic, _ check: Check, of system: String?) {
    self.init(
      diagnostic.severity == .error ? .problem : .warning, check, of: system, diagnostic.message,
      remedy: diagnostic.hint)
    file = diagnostic.file.isEmpty ? nil : diagnostic.file
    line = diagnostic.line
    column = diagnostic.column
  }

  /// What it is about, and what was found, in a line.
  package var text: String {
    var place = file ?? system ?? check.rawValue.replacing("_", with: " ")
    if let line { place += ":\(line)" }
    if let column { place += ":\(column)" }
    return "\(place): \(message)"
  }

  /// The finding as programs read it.
  package var jsonValue: Value {
    var record: Record = ["level": .string(level.rawValue), "check": .string(check.rawValue)]
    if let system { record["system"] = .string(system) }
    record["message"] = .string(message)
    if let remedy { record["remedy"] = .string(remedy) }
    if let file { record["file"] = .string(file) }
    if let line { record["line"] = .integer(Int64(line)) }
    if let column { record["column"] = .integer(Int64(column)) }
    return .object(record)
  }
}
