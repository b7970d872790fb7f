/// Reads ECMA-262 expressions (§22.2.1) as far as they are regular.
struct ECMAParser {
  /// One part of a branch.
  indirect enum Item {
    case start, end
    /// Something with its quantifier, in XSD's words.
    case plain(String)
    case group([[Item]], quantifier: String)
    case lookAhead([[Item]], isDemanded: Bool)
  }

  private static let maximumDepth = 60
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() -> [[Item]]? {
    guard let branches = parseBranches(), position == scalars.count else { return nil }
    return branches
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func parseBranches() -> [[Item]]? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { return nil }
    var branches: [[Item]] = []
    repeat {
      var items: [Item] = []
      while let scalar = next, scalar != "|", scalar != ")" {
        guard let item = parseItem() else { return nil }
        items.append(item)
      }
      branches.append(items)
    } while take("|")
    return branches
  }

  private mutating func parseItem() -> Item? {
    guard let scalar = next else { return nil }
    position += 1
    switch scalar {
    case "^": return .start
    case "$": return .end
    case "(": return parseGroup()
    case "*", "+", "?": return nil
    case ".": return quantified("[^\\n\\r\u{2028}\u{2029}]")
    case "[": return parseClass().flatMap { quantified($0) }
    case "\\": return parseEscape(inClass: false).flatMap { quantified($0) }
    // Outside of Unicode mode these are themselves where they close or open nothing.
    case "{", "}", "]": return quantified("\\\(scalar)")
    default: return quantified(Self.literal(scalar))
    }
  }

  private mutating func parseGroup() -> Item? {
    var isDemanded: Bool?
    if take("?") {
      if take("=") {
        isDemanded = true
      } else if take("!") {
        isDemanded = false
      } else if take("<") {
        guard next != "=", next != "!" else { return nil }
        while let scalar = next, scalar != ">" {
          guard scalar.properties.isAlphabetic || scalar == "_" || Self.isDigit(scalar) else {
            return nil
          }
          position += 1
        }
        guard take(">") else { return nil }
      } else if !take(":") {
        return nil
      }
    }
    guard let branches = parseBranches(), take(")") else { return nil }
    if let isDemanded { return .lookAhead(branches, isDemanded: isDemanded) }
    guard let quantifier = parseQuantifier() else { return nil }
    return .group(branches, quantifier: quantifier)
  }

  private mutating func quantified(_ atom: String) -> Item? {
    parseQuantifier().map { .plain(atom + $0) }
  }

  /// The quantifier that follows, empty where none does. Lazy ones match the same texts.
  private mutating func parseQuantifier() -> String? {
    var quantifier = ""
    if take("*") {
      quantifier = "*"
    } else if take("+") {
      quantifier = "+"
    } else if take("?") {
      quantifier = "?"
    } else if next == "{" {
      let start = position
      guard let counted = parseCount() else {
        position = start
        return ""
      }
      quantifier = counted
    }
    if !quantifier.isEmpty { _ = take("?") }
    return quantifier
  }

  private mutating func parseCount() -> String? {
    position += 1
    let minimum = digits()
    guard !minimum.isEmpty else { return nil }
    if take("}") { return "{\(minimum)}" }
    guard take(",") else { return nil }
    let maximum = digits()
    return take("}") ? "{\(minimum),\(maximum)}" : nil
  }

  private mutating func digits() -> String {
    var text = ""
    while let scalar = next, Self.isDigit(scalar) {
      text.unicodeScalars.append(scalar)
      position += 1
    }
    return text
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  // MARK: Classes

  private mutating func parseClass() -> String? {
    let isNegated = take("^")
    var inner = ""
    while let scalar = next, scalar != "]" {
      position += 1
      switch scalar {
      case "\\":
        guard let escape = parseEscape(inClass: true) else { return nil }
        inner += escape
      // A hyphen between a class and something else is itself.
      case "-":
        let isRange =
          !inner.isEmpty && next != nil && next != "]" && !endsInSet(inner) && !opensSet(position)
        inner += isRange ? "-" : "\\-"
        if isRange {
          position += 1
          let end = scalars[position - 1]
          guard let text = end == "\\" ? parseEscape(inClass: true) : Self.classLiteral(end) else {
            return nil
          }
          inner += text
          // The next hyphen begins nothing: `a-z-9`.
          if next == "-" {
            position += 1
            inner += "\\-"
          }
        }
      default: inner += Self.classLiteral(scalar)
      }
    }
    guard take("]") else { return nil }
    if inner.isEmpty { return isNegated ? "[\\s\\S]" : nil }
    return isNegated ? "[^\(inner)]" : "[\(inner)]"
  }

  private func endsInSet(_ inner: String) -> Bool {
    inner.hasSuffix("\u{FEFF}") || inner.hasSuffix("0-9") || inner.hasSuffix("0-9_")
      || inner.hasSuffix("}")
  }

  private func opensSet(_ position: Int) -> Bool {
    guard position + 1 < scalars.count, scalars[position] == "\\" else { return false }
    return ["d", "D", "w", "W", "s", "S", "p", "P"].contains(scalars[position + 1])
  }

  private static func classLiteral(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "[", "]", "^", "-", "\\": "\\\(scalar)"
    default: String(scalar)
    }
  }

  private static func literal(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\\", "|", ".", "?", "*", "+", "(", ")", "{", "}", "[", "]", "^", "$", "-":
      "\\\(scalar)"
    default: String(scalar)
    }
  }

  // MARK: Escapes

  private static let space =
    " \\t\\n\u{0B}\u{0C}\\r\u{A0}\u{1680}\u{2000}-\u{200A}"
    + "\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"

  private mutating func parseEscape(inClass: Bool) -> String? {
    guard let scalar = next else { return nil }
    position += 1
    func set(_ inner: String) -> String { inClass ? inner : "[\(inner)]" }
    switch scalar {
    case "d": return set("0-9")
    case "w": return set("A-Za-z0-9_")
    case "s": return set(Self.space)
    // XSD has no complements inside of classes, but for its own escapes, which mean other sets.
    case "D", "W", "S":
      if inClass { return complement(of: scalar) }
      return scalar == "D" ? "[^0-9]" : scalar == "W" ? "[^A-Za-z0-9_]" : "[^\(Self.space)]"
    case "n", "r", "t": return "\\\(scalar)"
    case "f": return "\u{0C}"
    case "v": return "\u{0B}"
    case "b": return inClass ? "\u{08}" : nil
    case "B": return nil
    case "0":
      if let next, Self.isDigit(next) { return nil }
      return "\u{00}"
    case "1"..."9": return nil
    case "k": return nil
    case "c":
      guard let letter = next, letter.isASCII, letter.properties.isAlphabetic else { return nil }
      position += 1
      return character(letter.value & 31, inClass: inClass)
    case "x": return hexadecimal(2).flatMap { character($0, inClass: inClass) }
    case "u":
      if take("{") {
        var code: UInt32 = 0
        while let digit = next.flatMap({ Character($0).hexDigitValue }) {
          position += 1
          code = code << 4 | UInt32(digit)
          guard code <= 0x10FFFF else { return nil }
        }
        return take("}") ? character(code, inClass: inClass) : nil
      }
      return hexadecimal(4).flatMap { character($0, inClass: inClass) }
    case "p", "P":
      guard take("{") else { return nil }
      var name = ""
      while let letter = next, letter != "}" {
        name.unicodeScalars.append(letter)
        position += 1
      }
      guard take("}") else { return nil }
      name = Self.categories[name] ?? name
      return "\\\(scalar){\(name)}"
    default: return inClass ? Self.classLiteral(scalar) : Self.literal(scalar)
    }
  }

  /// The long names that people write for the categories.
  private static let categories = [
    "Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Number": "N",
    "Decimal_Number": "Nd", "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Mark": "M",
  ]

  private func complement(of scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "D": "\u{00}-/:-\u{10FFFF}"
    case "W": "\u{00}-/:-@\\[-\\^`{-\u{10FFFF}"
    default:
      "\u{00}-\u{08}\u{0E}-\u{1F}!-\u{9F}\u{A1}-\u{167F}\u{1681}-\u{1FFF}\u{200B}-\u{2027}"
        + "\u{202A}-\u{202E}\u{2030}-\u{205E}\u{2060}-\u{2FFF}\u{3001}-\u{FEFE}\u{FF00}-\u{10FFFF}"
    }
  }

  private mutating func hexadecimal(_ count: Int) -> UInt32? {
    var code: UInt32 = 0
    for _ in 0..<count {
      guard let digit = next.flatMap({ Character($0).hexDigitValue }) else { return nil }
      position += 1
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  private func character(_ code: UInt32, inClass: Bool) -> String? {
    guard let scalar = Unicode.Scalar(code) else { return nil }
    return inClass ? Self.classLiteral(scalar) : Self.literal(scalar)
  }
}
