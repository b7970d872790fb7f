/// Reads the data description entries of a copybook; what it cannot read is told and passed over.
struct CopybookParser {
  /// Another copybook's words, by its name; nil where it cannot be read.
  typealias Include = (String) -> [CopybookToken]?

  private var tokens: [CopybookToken]
  var position = 0
  private(set) var entries: [CopybookEntry] = []
  var problems: [CopybookProblem] = []
  /// Level 78 and `CONSTANT` entries, which sizes may name.
  private var constants: [String: Int] = [:]
  private let include: Include
  /// Copybooks that copy each other must end.
  private var copies = 0
  private static let maximumCopies = 64

  init(_ tokens: [CopybookToken], include: @escaping Include = { _ in nil }) {
    self.tokens = tokens
    self.include = include
  }

  var current: CopybookToken? { position < tokens.count ? tokens[position] : nil }

  func token(_ offset: Int) -> CopybookToken? {
    position + offset < tokens.count ? tokens[position + offset] : nil
  }

  mutating func parse() {
    while let token = current {
      if token.isPeriod {
        problem(token.line, "a period ends nothing")
        position += 1
      } else if let level = level(of: token) {
        entry(level, token)
      } else if !statement(token) {
        problem(
          token.line, "expects a level number, found \"\(token.text)\"",
          hint: "an entry is like 05 NAME PIC X(10).")
        skipToPeriod()
      }
    }
  }

  /// Tells of something; only the first of one kind a line, so that one mistake is told once.
  mutating func problem(
    _ line: Int, _ message: String, hint: String? = nil, isWarning: Bool = false
  ) {
    problems.append(
      CopybookProblem(line: line, message: message, hint: hint, isWarning: isWarning))
  }

  private func level(of token: CopybookToken) -> Int? {
    guard token.text.utf8.count <= 2, let level = Int(token.word),
      (1...49).contains(level) || [66, 77, 78, 88].contains(level)
    else { return nil }
    return level
  }

  mutating func skipToPeriod() {
    while let token = current {
      position += 1
      if token.isPeriod { return }
    }
  }

  // MARK: What is no entry

  /// Passes over a statement that stands among entries; false for anything else.
  private mutating func statement(_ token: CopybookToken) -> Bool {
    switch token.word {
    case "COPY", "++INCLUDE", "-INC": copy()
    case "EXEC":
      while let token = current, token.word != "END-EXEC" { position += 1 }
      position += 1
      if current?.isPeriod ?? false { position += 1 }
    case "IDENTIFICATION", "ID", "PROGRAM-ID", "ENVIRONMENT":
      // A whole program: its data come later.
      position += 1
      while let token = current, !["DATA", "PROCEDURE"].contains(token.word) { position += 1 }
    case "FD", "SD", "REPLACE", "DATA", "FILE", "WORKING-STORAGE", "LINKAGE", "LOCAL-STORAGE",
      "COMMUNICATION":
      skipToPeriod()
    case "PROCEDURE", "END": position = tokens.count
    default: return false
    }
    return true
  }

  /// `COPY NAME [OF LIBRARY] [SUPPRESS] [REPLACING a BY b …].`
  private mutating func copy() {
    let start = position
    let line = tokens[start].line
    skipToPeriod()
    let end = position
    let words = Array(tokens[(start + 1)..<end])
    guard let name = words.first?.text, copies < Self.maximumCopies else {
      return problem(line, "COPY has no end")
    }
    if words.contains(where: { $0.word == "==" }) {
      problem(line, "COPY \(name): == is not closed")
    }
    copies += 1
    guard let included = include(name) else {
      return problem(
        line, "COPY \(name) cannot be read, so that its fields are missing",
        hint: "put it beside the copybook as \(name).cpy, or its text in the place of COPY")
    }
    let replaced = CopybookReplacing(words).applied(to: included)
    tokens.replaceSubrange(
      start..<end,
      with: replaced.map {
        var token = $0
        token.line = line
        return token
      })
    position = start
  }

  // MARK: Entries

  private mutating func entry(_ level: Int, _ first: CopybookToken) {
    position += 1
    var entry = CopybookEntry(level: level, name: nil, line: first.line)
    if let token = current, case .word = token.kind, !CopybookClause.isKeyword(token.word) {
      entry.name = Self.plainName(token.text)
      if token.word == "FILLER" { entry.name = nil }
      position += 1
    }
    if level == 66 { return skipToPeriod() }
    let known = problems.count
    clauses(&entry)
    switch level {
    case 78: constant(entry)
    case 1...49, 77, 88: entries.append(entry)
    default: break
    }
    // An entry with many mistakes is probably no entry: the first ones say enough.
    if problems.count > known + 3 { problems.removeSubrange((known + 3)...) }
  }

  /// A name without the prefix that COPY REPLACING would fill in: `:TAG:-ID` is `ID`.
  static func plainName(_ text: String) -> String {
    guard text.hasPrefix(":"), let end = text.dropFirst().firstIndex(of: ":") else { return text }
    let rest = text[text.index(after: end)...].drop { $0 == "-" || $0 == "_" }
    return rest.isEmpty ? String(text.filter { $0 != ":" }) : String(rest)
  }

  private mutating func constant(_ entry: CopybookEntry) {
    guard let name = entry.name, case .number(let text)? = entry.values.first, let value = Int(text)
    else { return }
    constants[name.uppercased()] = value
  }

  /// Takes a whole number that is not negative, or a constant's name.
  mutating func takeCount() -> Int? {
    guard let token = current, let count = Int(token.word) ?? constants[token.word], count >= 0
    else { return nil }
    position += 1
    return count
  }

  /// Passes a word where it stands.
  @discardableResult
  mutating func take(_ words: String...) -> Bool {
    guard let token = current, words.contains(token.word) else { return false }
    position += 1
    return true
  }

  private mutating func clauses(_ entry: inout CopybookEntry) {
    while let token = current {
      if token.isPeriod {
        position += 1
        return
      }
      if token.beginsLine, level(of: token) != nil || token.word == "COPY" {
        problem(
          entry.line, "\(entry.name ?? "FILLER") does not end with a period", isWarning: true)
        return
      }
      position += 1
      if entry.level == 1, token.word == "CONSTANT" {
        constantEntry(&entry)
      } else if !clause(token, &entry) {
        unknown(token, in: entry)
      }
    }
    problem(entry.line, "\(entry.name ?? "FILLER") does not end with a period", isWarning: true)
  }

  /// `01 SIZE CONSTANT AS 5` is level 78 in other words.
  private mutating func constantEntry(_ entry: inout CopybookEntry) {
    take("IS")
    take("GLOBAL")
    take("AS")
    entry.level = 78
    if let token = current, Int(token.word) != nil {
      entry.values = [.number(token.text)]
      position += 1
      constant(entry)
    }
  }

  private mutating func unknown(_ token: CopybookToken, in entry: CopybookEntry) {
    let name = entry.name ?? "FILLER"
    if CopybookUsage.resembles(token.word) {
      problem(
        token.line, "\(name): usage \(token.text) is not known here",
        hint: "known: \(CopybookUsage.names.joined(separator: ", "))")
    } else {
      problem(token.line, "\(name): \"\(token.text)\" begins no clause")
    }
  }
}
