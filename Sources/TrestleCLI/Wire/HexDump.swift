/// A dump: lines of an offset, bytes and, often, their characters.
///
/// How many bytes a line has follows from the offset of the next one, whatever its characters look
/// like; only the last line has to be told by its shape.
struct HexDump {
  private struct Row {
    var number: Int
    var offset: Int
    /// The bytes, and perhaps the characters.
    var rest: Substring
    /// Whether the bytes before it are repeated up to its offset.
    var followsRepeats = false
  }

  private var rows: [Row] = []
  /// Whether a colon ends the offsets: then bytes are in groups without a wider gap among them.
  private let hasColons: Bool

  /// Nil for lines that are no dump.
  init?(_ lines: [HexText.Line]) {
    var offsets: [(number: Int, word: Substring, rest: Substring, followsRepeats: Bool)] = []
    var repeats = false
    var colons = 0
    for line in lines {
      let text = line.text.drop(while: \.isWhitespace)
      if text.allSatisfy({ $0 == "*" || $0.isWhitespace }), !text.isEmpty {
        repeats = true
        continue
      }
      var word = text.prefix { !$0.isWhitespace }
      let rest = text[word.endIndex...]
      if word.hasSuffix(":") {
        word = word.dropLast()
        colons += 1
      }
      if word.lowercased().hasPrefix("0x") { word = word.dropFirst(2) }
      guard word.count >= 3, word.utf8.allSatisfy({ $0.hexadecimalDigit != nil }) else {
        return nil
      }
      offsets.append((line.number, word, rest, repeats))
      repeats = false
    }
    guard let first = offsets.first, colons == 0 || colons == offsets.count else { return nil }
    hasColons = colons > 0
    // One line is a dump only where it is plain to see: digits alone may be bytes as well.
    guard offsets.count > 1 || hasColons || first.rest.hasPrefix("  ") else { return nil }
    for radix in [16, 10, 8] {
      rows = offsets.compactMap { entry in
        Int(entry.word, radix: radix).map {
          Row(
            number: entry.number, offset: $0, rest: entry.rest, followsRepeats: entry.followsRepeats
          )
        }
      }
      if rows.count == offsets.count, isConsistent { return }
    }
    return nil
  }

  /// Whether every line has the bytes that the offset after it says.
  private var isConsistent: Bool {
    for (row, next) in zip(rows, rows.dropFirst()) {
      let count = next.offset - row.offset
      guard count > 0 else { return false }
      guard !next.followsRepeats else { continue }
      guard count <= 256, Self.bytes(in: row.rest, count: count)?.count == count else {
        return false
      }
    }
    return rows.count > 1 || !lastBytes(longest: 256).isEmpty
  }

  func bytes() throws(HexText.Mistake) -> [UInt8] {
    // od -x and hexdump show words by the machine's own order of bytes, xxd and tcpdump bytes.
    if !hasColons, let first = rows.first,
      first.rest.split(whereSeparator: \.isWhitespace).first?.count == 4
    {
      throw HexText.Mistake(
        message: "line \(first.number): words of 16 bits do not say which of their bytes is first")
    }
    var bytes: [UInt8] = []
    let start = rows.first?.offset ?? 0
    var longest = 0
    for (index, row) in rows.enumerated() {
      if row.followsRepeats, longest > 0 {
        let missing = row.offset - start - bytes.count
        guard missing >= 0, missing <= 64 << 20, missing.isMultiple(of: longest) else {
          throw HexText.Mistake(
            message: "line \(row.number): the offset does not fit the * before it")
        }
        let unit = bytes.suffix(longest)
        for _ in 0..<missing / longest { bytes += unit }
      }
      let isLast = index == rows.count - 1
      if isLast {
        bytes += lastBytes(longest: longest == 0 ? 256 : longest)
      } else {
        let next = rows[index + 1]
        let found =
          next.followsRepeats
          ? Self.leading(row.rest, longest: longest == 0 ? 16 : longest, hasColons: hasColons)
          : Self.bytes(in: row.rest, count: next.offset - row.offset)
        guard let found else {
          throw HexText.Mistake(
            message: "line \(row.number): has not as many bytes as the offsets say")
        }
        longest = max(longest, found.count)
        bytes += found
      }
    }
    return bytes
  }

  private func lastBytes(longest: Int) -> [UInt8] {
    rows.last.flatMap { Self.leading($0.rest, longest: longest, hasColons: hasColons) } ?? []
  }

  /// That many bytes at the beginning of a line; nil when there are fewer.
  private static func bytes(in text: Substring, count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for symbol in text.utf8 {
      if bytes.count == count { break }
      guard let digit = symbol.hexadecimalDigit else {
        guard high == nil, symbol == 0x20 || symbol == 0x09 else { return nil }
        continue
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes.count == count && high == nil && text.utf8.isAtBreak(after: bytes.count)
      ? bytes : nil
  }

  /// The bytes that a line begins with, up to its characters, by their shape.
  private static func leading(_ text: Substring, longest: Int, hasColons: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var width = 0
    var rest = text
    while bytes.count < longest {
      let gap = rest.prefix { $0 == " " || $0 == "\t" }
      rest = rest[gap.endIndex...]
      // Between the eighth byte and the ninth the gap may be wider.
      let isMiddle = bytes.count == 8 && !hasColons && gap.count == 2
      guard bytes.isEmpty || gap.count == 1 || isMiddle else { break }
      let word = rest.prefix { !$0.isWhitespace }
      if width == 0 { width = word.count }
      guard !word.isEmpty, word.count == width || word.count < width && word.count == 2,
        word.count.isMultiple(of: 2), word.utf8.allSatisfy({ $0.hexadecimalDigit != nil })
      else { break }
      guard let group = Self.bytes(in: word, count: word.count / 2) else { break }
      bytes += group
      rest = rest[word.endIndex...]
    }
    return bytes
  }
}

extension Substring.UTF8View {
  /// Whether a group of digits ends behind that many bytes.
  fileprivate func isAtBreak(after count: Int) -> Bool {
    var digits = count * 2
    for (position, symbol) in enumerated() {
      guard digits > 0 else {
        return symbol.hexadecimalDigit == nil || position == 0
      }
      if symbol.hexadecimalDigit != nil { digits -= 1 }
    }
    return digits == 0
  }
}
