/// A word of a copybook.
struct CopybookToken: Sendable {
  enum Kind: Sendable {
    case word
    /// A text in quotes, without them; the prefix of `X'FF'` is kept apart.
    case literal(prefix: String)
    /// `==text==`
    case pseudoText
    case period
  }

  var kind: Kind
  var text: String
  var line: Int
  /// Whether nothing stands before it in its line.
  var beginsLine: Bool

  /// The word in capitals; empty for anything that is none.
  var word: String {
    if case .word = kind { return text.uppercased() }
    return ""
  }

  var isPeriod: Bool {
    if case .period = kind { return true }
    return false
  }
}

/// Cuts a copybook into words.
struct CopybookLexer {
  private let scalars: [Unicode.Scalar]
  private let lines: [Int]
  private var position = 0
  private var tokens: [CopybookToken] = []
  private var lastLine = 0

  static func tokens(of text: CopybookText) -> [CopybookToken] {
    var lexer = CopybookLexer(text)
    while lexer.next() {}
    return lexer.tokens
  }

  private init(_ text: CopybookText) {
    scalars = text.scalars
    lines = text.lines
  }

  private func at(_ index: Int) -> Unicode.Scalar? {
    index < scalars.count ? scalars[index] : nil
  }

  private func isSpace(_ index: Int) -> Bool {
    guard let scalar = at(index) else { return true }
    return scalar == " " || scalar == "\n" || scalar == "\u{A0}"
  }

  private mutating func next() -> Bool {
    // A comma or semicolon before a space is one itself (COBOL 85, separators).
    while position < scalars.count,
      isSpace(position)
        || ((scalars[position] == "," || scalars[position] == ";")
          && isSpace(position + 1))
    {
      position += 1
    }
    guard let scalar = at(position) else { return false }
    let start = position
    if scalar == "*", at(position + 1) == ">" {
      while let scalar = at(position), scalar != "\n" { position += 1 }
    } else if scalar == ".", isSpace(position + 1) {
      position += 1
      add(.period, ".", start)
    } else if scalar == "'" || scalar == "\"" {
      add(.literal(prefix: ""), takeLiteral(scalar), start)
    } else if scalar == "=", at(position + 1) == "=" {
      takePseudoText(start)
    } else {
      takeWord(start)
    }
    return true
  }

  private mutating func add(_ kind: CopybookToken.Kind, _ text: String, _ start: Int) {
    let line = lines[start]
    tokens.append(
      CopybookToken(kind: kind, text: text, line: line, beginsLine: line != lastLine))
    lastLine = line
  }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  /// A doubled quote is one; the end of the line ends a literal that nothing continues.
  private mutating func takeLiteral(_ quote: Unicode.Scalar) -> String {
    var literal = String.UnicodeScalarView()
    position += 1
    while let scalar = at(position), scalar != "\n" {
      position += 1
      if scalar == quote {
        guard at(position) == quote else { break }
        position += 1
      }
      literal.append(scalar)
    }
    return String(literal)
  }

  private mutating func takePseudoText(_ start: Int) {
    position += 2
    let begin = position
    while position < scalars.count, !(scalars[position] == "=" && at(position + 1) == "=") {
      position += 1
    }
    guard position < scalars.count else {
      // Cut off by a margin that is none: a word that means nothing, so that it is told.
      position = begin
      return add(.word, "==", start)
    }
    let body = text(begin..<position)
    position += 2
    add(.pseudoText, body, start)
  }

  private mutating func takeWord(_ start: Int) {
    while let scalar = at(position), !isSpace(position) {
      if scalar == "'" || scalar == "\"" {
        let prefix = text(start..<position).uppercased()
        guard prefix.utf8.count <= 2, prefix.utf8.allSatisfy({ $0 &- 65 < 26 }) else { break }
        return add(.literal(prefix: prefix), takeLiteral(scalar), start)
      }
      if (scalar == "." || scalar == "," || scalar == ";") && isSpace(position + 1) { break }
      position += 1
    }
    add(.word, text(start..<position), start)
  }
}
