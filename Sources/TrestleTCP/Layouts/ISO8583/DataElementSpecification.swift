internal import TrestleCore

extension DataElementCompiler {
  /// What a definition says of one element.
  struct Specification {
    var key: String
    var type: DataElementType
    var coding: DataCodingWord?
    var length: LengthCodingWord?
    var unit: DataElement.Unit?
    var pad: String?
    var padsLeft: Bool?
    var trims = false
    var isMasked = false
    var title: String?
    /// A layout in one word.
    var layout: LayoutWord?
    var inner: (any MessageLayout)?

    init(key: String, type: DataElementType) {
      self.key = key
      self.type = type
    }

    /// Takes what stands on one line.
    mutating func take(
      _ words: DataElementWords, at path: ValuePath, problems: inout [ValueProblem]
    ) {
      coding = words.coding.flatMap { DataCodingWord($0) }
      trims = words.flags.contains("trim")
      isMasked = words.flags.contains("masked")
      if words.flags.contains("left") { padsLeft = true }
      if words.flags.contains("right") { padsLeft = false }
      if words.flags.contains("ber") { layout = .ber }
      if let text = words.layout {
        layout = LayoutWord(text)
        if layout == nil {
          problems.error("expects tlv(TAG,LENGTH), like tlv(2,3), found \(text)", at: path)
        }
      }
      pad = words.arguments["pad"]
      setLength(words.arguments["length"], at: path, problems: &problems)
      setUnit(words.arguments["counts"], at: path, problems: &problems)
    }

    /// Takes the keys of a mapping.
    mutating func take(
      _ keys: inout KeyReader, hasKey: Bool, problems: inout [ValueProblem]
    ) {
      _ = keys.value("type")
      if hasKey, let name = keys.text("name", problems: &problems) {
        if DataElementWords.isName(name) {
          key = name
        } else {
          problems.error(
            "expects a name of letters, digits, _ and -, found \"\(name)\"", at: keys.place("name"))
        }
      }
      isMasked = keys.flag("masked", problems: &problems) ?? isMasked
      trims = keys.flag("trim", problems: &problems) ?? trims
      title = keys.text("summary", problems: &problems) ?? title
      if let word = keys.text("data", problems: &problems) {
        coding = DataCodingWord(word)
        if coding == nil {
          unknown(word, DataCodingWord.names, at: keys.place("data"), problems: &problems)
        }
      }
      setLength(
        keys.text("length", problems: &problems), at: keys.place("length"), problems: &problems)
      setUnit(
        keys.text("counts", problems: &problems), at: keys.place("counts"), problems: &problems)
      for (name, isLeft) in [("pad", nil), ("left_pad", true), ("right_pad", false)] {
        guard let text = keys.text(name, problems: &problems) else { continue }
        pad = text == " " ? text : text.split(separator: " ").first.map(String.init) ?? text
        padsLeft =
          isLeft ?? (text.hasSuffix(" left") ? true : text.hasSuffix(" right") ? false : padsLeft)
      }
    }

    private mutating func setLength(
      _ word: String?, at path: ValuePath, problems: inout [ValueProblem]
    ) {
      guard let word else { return }
      length = LengthCodingWord(word)
      if length == nil {
        unknown(word, LengthCodingWord.names, at: path, problems: &problems)
      }
    }

    private mutating func setUnit(
      _ word: String?, at path: ValuePath, problems: inout [ValueProblem]
    ) {
      switch word {
      case nil: break
      case "bytes"?, "characters"?: unit = .bytes
      case "digits"?, "halves"?, "nibbles"?: unit = .halves
      case let word?: unknown(word, ["bytes", "digits"], at: path, problems: &problems)
      }
    }

    private func unknown(
      _ word: String, _ known: [String], at path: ValuePath, problems: inout [ValueProblem]
    ) {
      problems.error(
        "unknown word \"\(word)\"" + Suggestion.clause(for: word, among: known), at: path,
        hint: "known: \(known.joined(separator: ", "))")
    }
  }

  /// A layout within an element that one word says.
  enum LayoutWord {
    case ber
    case tlv(tag: Int, length: Int)

    /// Reads `tlv(2,3)`.
    init?(_ text: String) {
      guard text.hasPrefix("tlv("), text.hasSuffix(")") else { return nil }
      let widths = text.dropFirst(4).dropLast().split(separator: ",").compactMap {
        Int(String($0).trimmed)
      }
      guard widths.count == 2, (1...16).contains(widths[0]), (1...9).contains(widths[1]) else {
        return nil
      }
      self = .tlv(tag: widths[0], length: widths[1])
    }

    /// The layout; in characters as the element has them.
    func layout(in element: DataElement) -> any MessageLayout {
      switch self {
      case .ber: return BERTLVLayout()
      case .tlv(let tag, let length):
        var encoding = TextEncoding.ascii
        if case .characters(let page) = element.coding { encoding = page }
        return SimpleTLVLayout(tagDigits: tag, lengthDigits: length, encoding: encoding)
      }
    }
  }
}

/// A word for how lengths are written: `ascii`, `bcd`, `binary`, `u16`.
enum LengthCodingWord {
  case coding(NumberCoding)
  /// A binary number of so many bytes.
  case bytes(Int)

  static let names = ["ascii", "bcd", "binary", "ebcdic", "hex", "u8", "u16", "u24", "u32"]

  init?(_ word: String) {
    switch word {
    case "ascii": self = .coding(.ascii)
    case "bcd": self = .coding(.bcd)
    case "binary": self = .coding(.bigEndian)
    case "ebcdic": self = .coding(.ebcdic)
    case "hex": self = .coding(.hexadecimal)
    case "u8": self = .bytes(1)
    case "u16": self = .bytes(2)
    case "u24": self = .bytes(3)
    case "u32": self = .bytes(4)
    default: return nil
    }
  }

  func prefix(digits: Int) -> LengthPrefix {
    switch self {
    case .coding(let coding): LengthPrefix(coding, digits: digits)
    case .bytes(let width): LengthPrefix(.bigEndian, width: width)
    }
  }
}
