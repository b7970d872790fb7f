internal import TrestleCore
internal import Yams

/// Why a text is no YAML, in words for people who did not write a YAML parser.
struct YAMLMistake: Error {
  var message: String
  var hint: String?
  var line: Int?
  var column: Int?

  init(_ error: any Error, text: String) {
    message = "\(error)"
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      message = "this is no YAML: \(problem)"
      line = mark.line
      column = mark.column
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let index = mark.line - 1
      // The parser often notices a mistake only on the line after it.
      let near = (max(0, index - 1)...max(0, index)).filter { $0 < lines.count }.map { lines[$0] }
      hint = Self.hint(problem, current: index < lines.count ? lines[index] : "", near: near)
    case .reader(let problem, let offset, _, _):
      message = "this is no text YAML can have: \(problem)"
      let before = text.utf8.prefix(offset ?? 0)
      line = before.count { $0 == 0x0A } + 1
      hint = "save the file as UTF-8"
    case .duplicatedKeysInMapping(let names, let context):
      message =
        "the name \(names.sorted().map { "\"\($0)\"" }.joined(separator: ", ")) stands twice"
      line = context.mark.line
      column = context.mark.column
      hint = "a name may stand once in an object"
    default: break
    }
  }

  func diagnostic(file: String) -> Diagnostic {
    Diagnostic(.error, message, file: file, line: line, column: column, hint: hint)
  }

  private static func hint(_ problem: String, current: Substring, near: [Substring]) -> String? {
    if problem.contains("tab") || current.contains("\t") && problem.contains("token") {
      return "indent with spaces: YAML takes no tabs there"
    }
    if near.contains(where: { hasBareBraces($0, "${") }) {
      return
        "put quotes around \"${…}\": unquoted inside { } the braces mean something else to YAML"
    }
    if near.contains(where: { hasBareBraces($0, "{{") }) {
      return "put quotes around \"{{…}}\": unquoted, the braces mean something else to YAML"
    }
    if problem.contains("mapping values are not allowed") {
      return "put quotes around a text with \": \" in it, and check the indentation"
    }
    if problem.contains("did not find expected key") {
      return "check the indentation: names of one object begin in the same column"
    }
    return nil
  }

  /// Whether a line has a placeholder that no quotes stand around.
  private static func hasBareBraces(_ line: Substring, _ opening: String) -> Bool {
    var quote: Character?
    var index = line.startIndex
    while index < line.endIndex {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if line[index...].hasPrefix(opening) {
        return true
      }
      index = line.index(after: index)
    }
    return false
  }
}
