/// A set of characters, as class expressions and escapes of XSD patterns make them.
struct XSDCharacterClass: Sendable {
  indirect enum Members: Sendable {
    case ranges([ClosedRange<UInt32>])
    /// Unicode general categories, a bit each.
    case categories(UInt32)
    case union([Members])
    case complement(Members)
    case difference(Members, Members)

    func contains(_ code: UInt32) -> Bool {
      switch self {
      case .ranges(let ranges): return ranges.contains { $0.contains(code) }
      case .categories(let mask):
        guard let scalar = Unicode.Scalar(code) else { return false }
        return mask & scalar.properties.generalCategory.bit != 0
      case .union(let parts): return parts.contains { $0.contains(code) }
      case .complement(let members): return !members.contains(code)
      case .difference(let members, let removed):
        return members.contains(code) && !removed.contains(code)
      }
    }
  }

  let members: Members
  // Nearly all text is ASCII: two words answer for it.
  private let low: UInt64
  private let high: UInt64

  init(_ members: Members) {
    self.members = members
    var words: [UInt64] = [0, 0]
    for code in 0..<UInt32(128) where members.contains(code) {
      words[Int(code / 64)] |= 1 << UInt64(code % 64)
    }
    low = words[0]
    high = words[1]
  }

  func contains(_ code: UInt32) -> Bool {
    if code < 64 { return low >> UInt64(code) & 1 == 1 }
    if code < 128 { return high >> UInt64(code - 64) & 1 == 1 }
    return members.contains(code)
  }
}

extension XSDCharacterClass.Members {
  static func one(_ scalar: Unicode.Scalar) -> Self { .ranges([scalar.value...scalar.value]) }

  /// `.`: all but line ends.
  static let notLineEnd = Self.complement(.ranges([0x0A...0x0A, 0x0D...0x0D]))
  static let space = Self.ranges([0x20...0x20, 0x09...0x0A, 0x0D...0x0D])
  static let digit = Self.categories(Unicode.GeneralCategory.decimalNumber.bit)
  /// `\w`: all but punctuation, separators and the "other" categories.
  static let word = Self.complement(
    .categories(
      categoryMasks["P", default: 0]
        | categoryMasks["Z", default: 0] | categoryMasks["C", default: 0]))

  /// `\i`: what may begin an XML name (XML 1.0 §2.3, fifth edition).
  static let nameStart = Self.ranges([
    0x3A...0x3A, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF,
    0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF,
    0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF,
  ])

  /// `\c`: what may stand in an XML name.
  static let name = Self.union([
    nameStart,
    .ranges([0x2D...0x2E, 0x30...0x39, 0xB7...0xB7, 0x300...0x36F, 0x203F...0x2040]),
  ])

  /// The members of `\p{name}`; nil for a name that is not known.
  static func property(_ name: String) -> Self? {
    if let mask = categoryMasks[name] { return .categories(mask) }
    if name.hasPrefix("Is"), let block = blocks[String(name.dropFirst(2))] {
      return .ranges([block])
    }
    return nil
  }

  private static let categoryMasks: [String: UInt32] = {
    let groups: [(String, [(String, Unicode.GeneralCategory)])] = [
      (
        "L",
        [
          ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter),
          ("Lm", .modifierLetter), ("Lo", .otherLetter),
        ]
      ),
      ("M", [("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark)]),
      ("N", [("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber)]),
      (
        "P",
        [
          ("Pc", .connectorPunctuation), ("Pd", .dashPunctuation), ("Ps", .openPunctuation),
          ("Pe", .closePunctuation), ("Pi", .initialPunctuation), ("Pf", .finalPunctuation),
          ("Po", .otherPunctuation),
        ]
      ),
      ("Z", [("Zs", .spaceSeparator), ("Zl", .lineSeparator), ("Zp", .paragraphSeparator)]),
      (
        "S",
        [
          ("Sm", .mathSymbol), ("Sc", .currencySymbol), ("Sk", .modifierSymbol),
          ("So", .otherSymbol),
        ]
      ),
      ("C", [("Cc", .control), ("Cf", .format), ("Co", .privateUse), ("Cn", .unassigned)]),
    ]
    var masks: [String: UInt32] = [:]
    for (group, categories) in groups {
      for (name, category) in categories {
        masks[name] = category.bit
        masks[group, default: 0] |= category.bit
      }
    }
    // Surrogates are no characters, but belong to "other" by name.
    masks["C", default: 0] |= Unicode.GeneralCategory.surrogate.bit
    return masks
  }()

  /// The blocks that contracts name; others make a pattern "cannot be checked".
  private static let blocks: [String: ClosedRange<UInt32>] = [
    "BasicLatin": 0x00...0x7F, "Latin-1Supplement": 0x80...0xFF,
    "LatinExtended-A": 0x100...0x17F, "LatinExtended-B": 0x180...0x24F,
    "IPAExtensions": 0x250...0x2AF, "SpacingModifierLetters": 0x2B0...0x2FF,
    "CombiningDiacriticalMarks": 0x300...0x36F, "Greek": 0x370...0x3FF, "Cyrillic": 0x400...0x4FF,
    "Armenian": 0x530...0x58F, "Hebrew": 0x590...0x5FF, "Arabic": 0x600...0x6FF,
    "Devanagari": 0x900...0x97F, "Thai": 0xE00...0xE7F, "Georgian": 0x10A0...0x10FF,
    "HangulJamo": 0x1100...0x11FF, "LatinExtendedAdditional": 0x1E00...0x1EFF,
    "GreekExtended": 0x1F00...0x1FFF, "GeneralPunctuation": 0x2000...0x206F,
    "CurrencySymbols": 0x20A0...0x20CF, "LetterlikeSymbols": 0x2100...0x214F,
    "NumberForms": 0x2150...0x218F, "Arrows": 0x2190...0x21FF,
    "MathematicalOperators": 0x2200...0x22FF, "BoxDrawing": 0x2500...0x257F,
    "CJKSymbolsandPunctuation": 0x3000...0x303F, "Hiragana": 0x3040...0x309F,
    "Katakana": 0x30A0...0x30FF, "CJKUnifiedIdeographs": 0x4E00...0x9FFF,
    "HangulSyllables": 0xAC00...0xD7A3, "PrivateUse": 0xE000...0xF8FF,
    "HalfwidthandFullwidthForms": 0xFF00...0xFFEF,
  ]
}

extension Unicode.GeneralCategory {
  fileprivate var bit: UInt32 {
    switch self {
    case .uppercaseLetter: 1 << 0
    case .lowercaseLetter: 1 << 1
    case .titlecaseLetter: 1 << 2
    case .modifierLetter: 1 << 3
    case .otherLetter: 1 << 4
    case .nonspacingMark: 1 << 5
    case .spacingMark: 1 << 6
    case .enclosingMark: 1 << 7
    case .decimalNumber: 1 << 8
    case .letterNumber: 1 << 9
    case .otherNumber: 1 << 10
    case .connectorPunctuation: 1 << 11
    case .dashPunctuation: 1 << 12
    case .openPunctuation: 1 << 13
    case .closePunctuation: 1 << 14
    case .initialPunctuation: 1 << 15
    case .finalPunctuation: 1 << 16
    case .otherPunctuation: 1 << 17
    case .mathSymbol: 1 << 18
    case .currencySymbol: 1 << 19
    case .modifierSymbol: 1 << 20
    case .otherSymbol: 1 << 21
    case .spaceSeparator: 1 << 22
    case .lineSeparator: 1 << 23
    case .paragraphSeparator: 1 << 24
    case .control: 1 << 25
    case .format: 1 << 26
    case .surrogate: 1 << 27
    case .privateUse: 1 << 28
    case .unassigned: 1 << 29
    @unknown default: 1 << 29
    }
  }
}
