import TrestleCore

extension XSDPattern {
  /// Reads a regular expression as most tools mean it: it may match anywhere in the text, and `^` and
  /// `$` tie a branch to the text's ends. Matching stays linear. Nil for what the engine does not know.
  init?(searching text: String) {
    let branches = Self.branches(of: text).map { branch in
      var body = branch
      var (before, after) = (Self.anything, Self.anything)
      if body.first == "^" {
        body.removeFirst()
        before = ""
      }
      if body.last == "$", !body.dropLast().endsInEscape {
        body.removeLast()
        after = ""
      }
      return "\(before)(\(body))\(after)"
    }
    self.init(branches.joined(separator: "|"))
  }

  private static let anything = "[\\s\\S]*"

  /// The alternatives at the top: `|` inside groups and classes does not count.
  private static func branches(of text: String) -> [String] {
    var branches = [""]
    var depth = 0
    var isInClass = false
    var isEscaped = false
    for character in text {
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "[" {
        isInClass = true
      } else if character == "]" {
        isInClass = false
      } else if !isInClass {
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        if character == "|", depth == 0 {
          branches.append("")
          continue
        }
      }
      branches[branches.count - 1].append(character)
    }
    return branches
  }
}

extension StringProtocol {
  /// Whether the text ends in a backslash that itself is not escaped.
  fileprivate var endsInEscape: Bool { reversed().prefix { $0 == "\\" }.count % 2 == 1 }
}
