/// The walk over a UTF-8 document that mends what no parser takes: characters outside XML 1.0 §2.2,
/// written out or as references, and the entities of HTML.
struct CharacterMending {
  struct Finding {
    private(set) var count = 0
    private(set) var firstLine: Int?

    mutating func add(line: Int) {
      count += 1
      firstLine = firstLine ?? line
    }
  }

  /// References stand for characters in text only.
  private enum Section { case text, comment, characterData }

  private(set) var text: [UInt8] = []
  private(set) var characters = Finding()
  private(set) var entities = Finding()
  /// The first entity's name.
  private(set) var firstEntity = ""

  /// Walks over the whole document; under the policy `error` invalid characters stay as they are, and
  /// are counted.
  init(_ source: [UInt8], _ policy: InvalidCharacterPolicy) {
    text.reserveCapacity(source.count)
    var section = Section.text
    var line = 1
    /// What is copied as it is begins here.
    var start = 0
    var position = 0
    func replace(_ length: Int, by bytes: some Sequence<UInt8>) {
      text.append(contentsOf: source[start..<position])
      text.append(contentsOf: bytes)
      position += length
      start = position
    }
    while position < source.count {
      let byte = source[position]
      guard Self.isSignal(byte) else {
        position += 1
        continue
      }
      let rest = source[position...]
      var length = 1
      var isInvalid = false
      switch byte {
      case 0x0A: line += 1
      case 0x09, 0x0D: break
      case 0x00..<0x20: isInvalid = true
      case 0xEF:
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
        isInvalid = rest.starts(with: [0xEF, 0xBF, 0xBE]) || rest.starts(with: [0xEF, 0xBF, 0xBF])
        if isInvalid { length = 3 }
      case UInt8(ascii: "<") where section == .text:
        if rest.starts(with: "<!--".utf8) { (length, section) = (4, .comment) }
        if rest.starts(with: "<![CDATA[".utf8) { (length, section) = (9, .characterData) }
      case UInt8(ascii: "-") where section == .comment && rest.starts(with: "-->".utf8),
        UInt8(ascii: "]") where section == .characterData && rest.starts(with: "]]>".utf8):
        section = .text
      case UInt8(ascii: "&") where section == .text:
        switch Self.reference(rest) {
        case .invalid(let count): (length, isInvalid) = (count, true)
        case .entity(let name, let scalar):
          if entities.count == 0 { firstEntity = name }
          entities.add(line: line)
          replace(name.utf8.count + 2, by: String(scalar).utf8)
          continue
        case .other: break
        }
      default: break
      }
      if isInvalid { characters.add(line: line) }
      if isInvalid, policy != .error {
        replace(length, by: policy == .replace ? [0xEF, 0xBF, 0xBD] : [])
      } else {
        position += length
      }
    }
    text.append(contentsOf: source[start...])
  }

  /// Whether a byte may begin something to look at.
  private static func isSignal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00..<0x20, 0xEF, UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "-"),
      UInt8(ascii: "]"):
      true
    default: false
    }
  }

  // MARK: - References

  private enum Reference {
    /// A reference of so many bytes to a character that XML cannot carry.
    case invalid(Int)
    case entity(String, Unicode.Scalar)
    case other
  }

  private static func reference(_ text: ArraySlice<UInt8>) -> Reference {
    if text.dropFirst().first == UInt8(ascii: "#") {
      let length = invalidLength(text)
      return length > 0 ? .invalid(length) : .other
    }
    // The longest name of HTML 4 has eight letters.
    guard let end = text.prefix(10).firstIndex(of: UInt8(ascii: ";")) else { return .other }
    let name = String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
    return HTMLEntities.scalar(named: name).map { .entity(name, $0) } ?? .other
  }

  /// The length of `&#1;`, `&#x1F;`, `&#0000;` and the like, else 0. What is beyond Unicode stays: nobody
  /// writes it by mistake.
  private static func invalidLength(_ text: ArraySlice<UInt8>) -> Int {
    var position = text.startIndex + 2
    let isHexadecimal = position < text.endIndex && text[position] == UInt8(ascii: "x")
    if isHexadecimal { position += 1 }
    let start = position
    var code: UInt32 = 0
    while position < text.endIndex, text[position] != UInt8(ascii: ";") {
      // XML 1.0 §4.1: digits and nothing else, a sign is none.
      guard let digit = Character(Unicode.Scalar(text[position])).hexDigitValue,
        isHexadecimal || digit < 10
      else { return 0 }
      code = min(code * (isHexadecimal ? 16 : 10) + UInt32(digit), 0x11_0000)
      position += 1
    }
    guard position < text.endIndex, position > start else { return 0 }
    switch code {
    case 0x09, 0x0A, 0x0D: return 0
    case 0x00..<0x20, 0xD800..<0xE000, 0xFFFE, 0xFFFF: return position + 1 - text.startIndex
    default: return 0
    }
  }
}
