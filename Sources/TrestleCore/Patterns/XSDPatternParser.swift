/// Reads XSD regular expressions (XSD 1.0 part 2 appendix F).
struct XSDPatternParser {
  private static let maximumDepth = 100
  /// A quantity beyond this is a mistake, or an attack.
  private static let maximumQuantity = 1_000_000

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() -> XSDPattern.Node? {
    guard let node = parseExpression(), position == scalars.count else { return nil }
    return node
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  // regExp ::= branch ( '|' branch )*
  private mutating func parseExpression() -> XSDPattern.Node? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { return nil }
    var branches: [XSDPattern.Node] = []
    repeat {
      guard let branch = parseBranch() else { return nil }
      branches.append(branch)
    } while take("|")
    return branches.count == 1 ? branches[0] : .alternation(branches)
  }

  // branch ::= piece*, piece ::= atom quantifier?
  private mutating func parseBranch() -> XSDPattern.Node? {
    var pieces: [XSDPattern.Node] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      guard let atom = parseAtom(), let piece = parseQuantifier(of: atom) else { return nil }
      pieces.append(piece)
    }
    return pieces.count == 1 ? pieces[0] : .sequence(pieces)
  }

  private mutating func parseQuantifier(of atom: XSDPattern.Node) -> XSDPattern.Node? {
    if take("?") { return .repeated(atom, minimum: 0, maximum: 1) }
    if take("*") { return .repeated(atom, minimum: 0, maximum: nil) }
    if take("+") { return .repeated(atom, minimum: 1, maximum: nil) }
    guard take("{") else { return atom }
    guard let minimum = parseQuantity() else { return nil }
    if take("}") { return .repeated(atom, minimum: minimum, maximum: minimum) }
    guard take(",") else { return nil }
    if take("}") { return .repeated(atom, minimum: minimum, maximum: nil) }
    guard let maximum = parseQuantity(), take("}"), maximum >= minimum else { return nil }
    return .repeated(atom, minimum: minimum, maximum: maximum)
  }

  private mutating func parseQuantity() -> Int? {
    var quantity: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      quantity = (quantity ?? 0) * 10 + Int(scalar.value - 48)
      guard quantity ?? 0 <= Self.maximumQuantity else { return nil }
      position += 1
    }
    return quantity
  }

  private mutating func parseAtom() -> XSDPattern.Node? {
    guard let scalar = next else { return nil }
    switch scalar {
    case "(":
      position += 1
      // `(?:` is no XSD, but means nothing else and is met in the wild; other `(?` are unsupported.
      if take("?"), !take(":") { return nil }
      guard let group = parseExpression(), take(")") else { return nil }
      return group
    case "[":
      position += 1
      return parseClass().map { .set(XSDCharacterClass($0)) }
    case "\\":
      position += 1
      return parseEscape().map { .set(XSDCharacterClass($0)) }
    case ".":
      position += 1
      return .set(XSDCharacterClass(.notLineEnd))
    case "?", "*", "+", "{", "]": return nil
    case "^" where position == 0, "$" where position == scalars.count - 1:
      position += 1
      return .anchor(scalar)
    default:
      position += 1
      return .set(XSDCharacterClass(.one(scalar)))
    }
  }

  private mutating func parseEscape() -> XSDCharacterClass.Members? {
    guard let scalar = next else { return nil }
    position += 1
    switch scalar {
    case "n": return .one("\n")
    case "r": return .one("\r")
    case "t": return .one("\t")
    case "s": return .space
    case "S": return .complement(.space)
    case "i": return .nameStart
    case "I": return .complement(.nameStart)
    case "c": return .name
    case "C": return .complement(.name)
    case "d": return .digit
    case "D": return .complement(.digit)
    case "w": return .word
    case "W": return .complement(.word)
    case "p": return parseProperty()
    case "P": return parseProperty().map { .complement($0) }
    // The spec's own list, and `\/ \- \' \" \@ …`, which other dialects let people write: an
    // escaped character that is no letter or digit means itself.
    default:
      let isWordCharacter =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar)
      return isWordCharacter ? nil : .one(scalar)
    }
  }

  private mutating func parseProperty() -> XSDCharacterClass.Members? {
    guard take("{") else { return nil }
    var name = ""
    while let scalar = next, scalar != "}" {
      name.unicodeScalars.append(scalar)
      position += 1
    }
    guard take("}") else { return nil }
    return .property(name)
  }

  // charClassExpr ::= '[' charGroup ']', the opening bracket taken.
  private mutating func parseClass() -> XSDCharacterClass.Members? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { return nil }
    let isNegated = take("^")
    var parts: [XSDCharacterClass.Members] = []
    var isFirst = true
    while let scalar = next, scalar != "]" {
      if scalar == "-", position + 1 < scalars.count, scalars[position + 1] == "[", !isFirst {
        position += 2
        guard let removed = parseClass(), take("]") else { return nil }
        let members = XSDCharacterClass.Members.union(parts)
        return .difference(isNegated ? .complement(members) : members, removed)
      }
      guard let part = parseRange() else { return nil }
      parts.append(part)
      isFirst = false
    }
    guard take("]"), !parts.isEmpty else { return nil }
    let members = XSDCharacterClass.Members.union(parts)
    return isNegated ? .complement(members) : members
  }

  /// A range `a-z`, a single character, or an escape.
  private mutating func parseRange() -> XSDCharacterClass.Members? {
    guard let scalar = next else { return nil }
    var start = scalar
    position += 1
    if scalar == "\\" {
      guard let members = parseEscape() else { return nil }
      guard case .ranges(let ranges) = members, ranges.count == 1,
        ranges[0].lowerBound == ranges[0].upperBound,
        let single = Unicode.Scalar(ranges[0].lowerBound)
      else { return members }
      start = single
    } else if scalar == "[" {
      return nil
    }
    // A hyphen last, before a subtraction or before `]`, is itself.
    guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]",
      scalars[position + 1] != "["
    else { return .one(start) }
    position += 1
    guard var end = next else { return nil }
    position += 1
    if end == "\\" {
      guard case .ranges(let ranges)? = parseEscape(), ranges.count == 1,
        ranges[0].lowerBound == ranges[0].upperBound,
        let single = Unicode.Scalar(ranges[0].lowerBound)
      else { return nil }
      end = single
    }
    guard start.value <= end.value else { return nil }
    return .ranges([start.value...end.value])
  }
}
