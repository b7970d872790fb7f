/// The words that begin a clause of a data description entry.
enum CopybookClause {
  private static let keywords: Set<String> = [
    "PIC", "PICTURE", "USAGE", "OCCURS", "REDEFINES", "SIGN", "LEADING", "TRAILING", "SYNC",
    "SYNCHRONIZED", "SYNCHRONISED", "JUST", "JUSTIFIED", "BLANK", "VALUE", "VALUES", "EXTERNAL",
    "GLOBAL", "RENAMES", "GROUP-USAGE", "VOLATILE",
  ]

  static func isKeyword(_ word: String) -> Bool {
    keywords.contains(word) || CopybookUsage(word: word) != nil
  }
}

extension CopybookParser {
  /// Reads the clause that a word begins, which was taken; false where it begins none.
  mutating func clause(_ token: CopybookToken, _ entry: inout CopybookEntry) -> Bool {
    switch token.word {
    case "PIC", "PICTURE": picture(&entry)
    case "USAGE":
      take("IS")
      guard let word = current, CopybookUsage(word: word.word) != nil else { return true }
      position += 1
      return usage(word, &entry)
    case "OCCURS": occurs(&entry)
    case "REDEFINES":
      if let name = current, case .word = name.kind {
        entry.redefines = Self.plainName(name.text)
        position += 1
      }
    case "SIGN":
      take("IS")
      if take("LEADING") {
        sign(isLeading: true, &entry)
      } else if take("TRAILING") {
        sign(isLeading: false, &entry)
      }
    case "LEADING": sign(isLeading: true, &entry)
    case "TRAILING": sign(isLeading: false, &entry)
    case "SYNC", "SYNCHRONIZED", "SYNCHRONISED":
      entry.isSynchronized = true
      take("LEFT", "RIGHT")
    case "JUST", "JUSTIFIED":
      entry.isJustified = true
      take("RIGHT")
    case "BLANK":
      take("WHEN")
      entry.isBlankWhenZero = take("ZERO", "ZEROS", "ZEROES") || entry.isBlankWhenZero
    case "VALUE", "VALUES": values(&entry)
    case "EXTERNAL", "GLOBAL", "VOLATILE", "IS", "ARE": break
    case "GROUP-USAGE":
      take("IS")
      take("NATIONAL", "BIT", "UTF-8")
    default: return usage(token, &entry)
    }
    return true
  }

  private mutating func usage(_ token: CopybookToken, _ entry: inout CopybookEntry) -> Bool {
    guard var usage = CopybookUsage(word: token.word) else { return false }
    if case .integer(let bytes, _) = usage {
      if take("UNSIGNED") { usage = .integer(bytes: bytes, isSigned: false) }
      take("SIGNED")
    }
    entry.usage = usage
    return true
  }

  private mutating func picture(_ entry: inout CopybookEntry) {
    take("IS")
    guard let token = current, case .word = token.kind else {
      return problem(entry.line, "\(entry.name ?? "FILLER"): PIC has no picture")
    }
    position += 1
    var text = token.text
    // `X( 10 )` is one picture.
    while text.count(where: { $0 == "(" }) > text.count(where: { $0 == ")" }), let next = current,
      case .word = next.kind
    {
      text += next.text
      position += 1
    }
    entry.picture = text
  }

  private mutating func sign(isLeading: Bool, _ entry: inout CopybookEntry) {
    entry.sign = CopybookEntry.Sign(isLeading: isLeading, isSeparate: take("SEPARATE"))
    take("CHARACTER")
  }

  private mutating func occurs(_ entry: inout CopybookEntry) {
    let name = entry.name ?? "FILLER"
    // An unnamed group may have no bounds: `OCCURS DEPENDING ON N` of some dialects.
    guard let first = takeCount() else {
      return problem(
        entry.line, "\(name): OCCURS expects a number, found \"\(current?.text ?? "")\"")
    }
    var occurs = CopybookEntry.Occurs(minimum: first, maximum: first)
    if take("TO") {
      guard let last = takeCount() else {
        return problem(
          entry.line,
          "\(name): OCCURS \(first) TO expects a number, found"
            + " \"\(current?.text ?? "")\"",
          hint: "tables without an upper bound are not read: give the largest number of items")
      }
      occurs.maximum = last
    }
    take("TIMES")
    while let token = current {
      if take("DEPENDING") {
        take("ON")
        occurs.dependingOn = qualifiedName()
        if occurs.minimum == occurs.maximum { occurs.minimum = 0 }
      } else if token.word == "ASCENDING" || token.word == "DESCENDING" || token.word == "INDEXED" {
        position += 1
        take("KEY")
        take("IS", "ARE", "BY")
        names()
      } else {
        break
      }
    }
    guard occurs.maximum > 0, occurs.minimum <= occurs.maximum else {
      return problem(
        entry.line, "\(name): OCCURS \(occurs.minimum) TO \(occurs.maximum) has no items")
    }
    entry.occurs = occurs
  }

  private mutating func qualifiedName() -> [String] {
    var path: [String] = []
    repeat {
      guard let token = current, case .word = token.kind else { break }
      path.append(Self.plainName(token.text))
      position += 1
    } while take("OF", "IN")
    return path
  }

  /// Passes names of keys or indexes.
  private mutating func names() {
    while let token = current, case .word = token.kind, !CopybookClause.isKeyword(token.word),
      !["ASCENDING", "DESCENDING", "INDEXED", "DEPENDING"].contains(token.word),
      !(token.beginsLine && Int(token.word) != nil)
    {
      position += 1
    }
  }

  // MARK: Values

  private mutating func values(_ entry: inout CopybookEntry) {
    take("IS", "ARE")
    var isRepeated = false
    while let token = current {
      switch token.kind {
      case .literal(let prefix):
        entry.values.append(
          isRepeated ? .repeated(token.text) : Self.value(token.text, prefix: prefix))
        isRepeated = false
      case .word:
        guard let value = Self.figurative(token.word) ?? Self.number(token) else {
          guard ["ALL", "THRU", "THROUGH", "IS", "ARE"].contains(token.word) else { return }
          isRepeated = token.word == "ALL"
          position += 1
          continue
        }
        // Without the period before it, a number at a line's start is the next entry's level.
        if case .number = value, token.beginsLine, !entry.values.isEmpty, token.text.count <= 2,
          self.token(1).map({ if case .word = $0.kind { true } else { false } }) ?? false
        {
          return
        }
        entry.values.append(value)
      case .pseudoText, .period: return
      }
      position += 1
    }
  }

  private static func value(_ text: String, prefix: String) -> CopybookValue {
    guard prefix == "X" || prefix == "H" else { return .text(text) }
    let digits = text.utf8.compactMap(NumberCoding.hexadecimalDigit)
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else {
      return .text(text)
    }
    return .bytes(
      stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
  }

  private static func number(_ token: CopybookToken) -> CopybookValue? {
    var digits = token.text.utf8[...]
    if digits.first == 0x2B || digits.first == 0x2D { digits = digits.dropFirst() }
    guard digits.contains(where: { $0 &- 48 < 10 }),
      digits.allSatisfy({ $0 &- 48 < 10 || $0 == 0x2E || $0 == 0x2C })
    else { return nil }
    return .number(String(token.text.map { $0 == "," ? "." : $0 }))
  }

  private static func figurative(_ word: String) -> CopybookValue? {
    switch word {
    case "ZERO", "ZEROS", "ZEROES": .zeros
    case "SPACE", "SPACES": .spaces
    case "LOW-VALUE", "LOW-VALUES", "NULL", "NULLS": .lowValues
    case "HIGH-VALUE", "HIGH-VALUES": .highValues
    case "QUOTE", "QUOTES": .text("\"")
    default: nil
    }
  }
}
