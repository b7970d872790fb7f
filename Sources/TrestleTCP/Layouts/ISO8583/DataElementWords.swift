internal import TrestleCore

/// A data element as it is written on one line: `n..19 pan masked`, `b...255 ber`, `z..37 bcd pad F right`.
///
/// The type may be left out where the standard has one; the other words come in any order.
struct DataElementWords {
  private(set) var type: DataElementType?
  /// The words that have another after them: `length bcd`, `pad 0`.
  private(set) var arguments: [String: String] = [:]
  private(set) var flags: Set<String> = []
  /// The word for the coding of the data.
  private(set) var coding: String?
  /// `tlv(2,3)` and its like, as it is written.
  private(set) var layout: String?
  private(set) var name: String?
  /// What cannot be read.
  private(set) var problem: String?

  static let argumentWords = ["length", "counts", "pad"]
  static let flagWords = ["masked", "trim", "left", "right", "ber"]

  /// Types without a length, which would be taken for names.
  private static let bareTypes: Set<String> = ["n", "z", "b", "a", "an", "ans", "anp", "as", "ns"]

  init(_ text: String) {
    var words = Self.words(of: text)[...]
    if let first = words.first, let type = DataElementType(first[...]) {
      self.type = type
      words = words.dropFirst()
    } else if let first = words.first, Self.bareTypes.contains(first) {
      problem = "\(first) does not say how long a value is"
      return
    } else if let first = words.first, Self.looksLikeType(first) {
      problem = "unknown type \"\(first)\""
      return
    }
    while let word = words.popFirst() {
      if Self.argumentWords.contains(word) {
        guard let argument = words.popFirst() else {
          problem = "\(word) expects a word after it"
          return
        }
        arguments[word] = argument
      } else if Self.flagWords.contains(word) {
        flags.insert(word)
      } else if DataCodingWord(word) != nil {
        if let coding {
          problem = "is written in two ways: \(coding) and \(word)"
          return
        }
        coding = word
      } else if word.hasPrefix("tlv(") {
        layout = word
      } else if name == nil, Self.isName(word) {
        name = word
      } else {
        let known = Self.argumentWords + Self.flagWords + DataCodingWord.names
        problem = "unknown word \"\(word)\"" + Suggestion.clause(for: word, among: known)
        return
      }
    }
  }

  /// Whether a word can only have been meant as a type.
  private static func looksLikeType(_ word: String) -> Bool {
    word.contains(".") || word.contains("+")
      || (word.last?.isNumber == true && word.first?.isNumber == true)
  }

  /// Whether a word may name a member of messages.
  static func isName(_ word: String) -> Bool {
    guard let first = word.first, first.isLetter || first == "_" else { return false }
    return word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
  }

  /// The words of a line; what stands in quotes or parentheses is one.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var wasQuoted = false
    var depth = 0
    for character in text {
      switch character {
      case "\"" where depth == 0:
        isQuoted.toggle()
        wasQuoted = true
      case " " where !isQuoted && depth == 0:
        if !word.isEmpty || wasQuoted { words.append(word) }
        word = ""
        wasQuoted = false
      default:
        if !isQuoted { depth += character == "(" ? 1 : character == ")" ? -1 : 0 }
        word.append(character)
      }
    }
    if !word.isEmpty || wasQuoted { words.append(word) }
    return words
  }
}

/// A word for how data is written: `ascii`, `cp500`, `bcd`, `binary`, `hex`.
enum DataCodingWord {
  case characters(TextEncoding)
  case bcd
  case binary
  case hexadecimal(TextEncoding)

  static let names =
    ["ascii", "ebcdic"] + EBCDICPage.names + [
      "latin1", "utf-8", "bcd", "binary", "hex", "hex-ebcdic",
    ]

  init?(_ word: String) {
    switch word.lowercased() {
    case "bcd": self = .bcd
    case "binary": self = .binary
    case "hex", "hex-ascii": self = .hexadecimal(.ascii)
    case "hex-ebcdic": self = .hexadecimal(Self.ebcdic)
    case "ebcdic": self = .characters(Self.ebcdic)
    case let other:
      guard let encoding = TextEncoding(name: other) else { return nil }
      self = .characters(encoding)
    }
  }

  /// The page that is meant where none is named. Digits and letters are the same in all.
  private static let ebcdic = TextEncoding(name: "cp037") ?? .ascii

  /// The coding for values of a kind; nil where these are never written so.
  func coding(for kind: DataElement.Kind, sign: TextEncoding) -> DataElement.Coding? {
    switch (self, kind) {
    case (.characters(let encoding), .binary): .hexadecimal(encoding)
    case (.characters(let encoding), _): .characters(encoding)
    case (.bcd, .digits), (.bcd, .track), (.bcd, .amount): .packed(sign: sign)
    case (.bcd, .binary), (.binary, .binary): .raw
    case (.hexadecimal(let encoding), .binary): .hexadecimal(encoding)
    case (.bcd, .text), (.binary, _), (.hexadecimal, _): nil
    }
  }
}
