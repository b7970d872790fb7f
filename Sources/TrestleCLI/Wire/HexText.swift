/// Bytes out of hexadecimal text as people have it: plain digits, the dumps of `xxd`, `hexdump -C`,
/// `od`, `tcpdump -X` and Wireshark, lists like `0x12, 0x34` and `"\x12\x34"`. Offsets and the column of
/// characters are recognised and dropped.
struct HexText {
  /// Why a text is none of these.
  struct Mistake: Error {
    /// A clause: `line 3: "zz" is no byte`.
    var message: String
  }

  private let lines: [Line]

  /// One line, with its number in the text.
  struct Line {
    var number: Int
    var text: Substring
  }

  init(_ text: String) {
    lines = Self.list(in: text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
      .map { Line(number: $0.offset + 1, text: Self.content($0.element)) }
      .filter { !$0.text.allSatisfy(\.isWhitespace) }
  }

  /// What stands in braces, where a text is a list of a program's source.
  private static func list(in text: String) -> Substring {
    guard let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") else {
      return text[...]
    }
    return text[text.index(after: open)..<close]
  }

  /// A line without what `trestle -v` puts before what is sent and received.
  private static func content(_ line: Substring) -> Substring {
    line.hasPrefix("> ") || line.hasPrefix("< ") ? line.dropFirst(2) : line
  }

  /// The bytes.
  func bytes() throws(Mistake) -> [UInt8] {
    if let dump = HexDump(lines) { return try dump.bytes() }
    var bytes: [UInt8] = []
    var half: (digit: UInt8, line: Int)?
    for line in lines {
      for word in try Self.words(of: line) {
        // Plain digits may be broken anywhere, also within a byte.
        for digit in word.utf8.compactMap(\.hexadecimalDigit) {
          if let first = half {
            bytes.append(first.digit << 4 | digit)
            half = nil
          } else {
            half = (digit, line.number)
          }
        }
      }
    }
    if let half { throw Mistake(message: "line \(half.line): half a byte is left over") }
    return bytes
  }

  /// The digits of a line in groups, without what stands around them in lists and texts.
  private static func words(of line: Line) throws(Mistake) -> [String] {
    var words: [String] = []
    let separators: Set<Character> = [",", ";", ":", "{", "}", "[", "]", "\"", "'", "-"]
    for piece in line.text.split(whereSeparator: { $0.isWhitespace || separators.contains($0) }) {
      if piece.hasPrefix("\\x") {
        for code in piece.split(separator: "\\") {
          guard code.hasPrefix("x"), let word = pair(code.dropFirst()), code.count == 3 else {
            throw Mistake(message: "line \(line.number): \"\(piece)\" is not written as \\xHH")
          }
          words.append(word)
        }
      } else if piece.lowercased().hasPrefix("0x") {
        let digits = piece.dropFirst(2)
        guard let word = digits.count == 1 ? pair("0" + digits) : pair(digits) else {
          throw Mistake(message: "line \(line.number): \"\(piece)\" is no byte")
        }
        words.append(word)
      } else if piece.utf8.allSatisfy({ $0.hexadecimalDigit != nil }) {
        words.append(String(piece))
      } else {
        throw Mistake(
          message: "line \(line.number): \"\(piece.prefix(16))\" is no hexadecimal digits")
      }
    }
    return words
  }

  private static func pair(_ digits: some StringProtocol) -> String? {
    digits.count.isMultiple(of: 2) && !digits.isEmpty
      && digits.utf8.allSatisfy { $0.hexadecimalDigit != nil } ? String(digits) : nil
  }
}

extension UInt8 {
  /// What a hexadecimal digit stands for; nil for all other characters.
  var hexadecimalDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
