internal import TrestleCore

/// Takes a message apart into rows and fields.
struct RowsReader {
  let layout: RowsLayout
  let bytes: [UInt8]
  private(set) var spans: [FieldSpan] = []
  private var position = 0

  init(layout: RowsLayout, bytes: [UInt8]) {
    self.layout = layout
    self.bytes = bytes
  }

  mutating func rows() throws(CodecError) -> [[String]] {
    if bytes.isEmpty { return layout.isOne ? [[""]] : [] }
    var rows: [[String]] = []
    var row: [String] = []
    while true {
      let path = layout.isOne ? "[\(row.count)]" : "rows[\(rows.count)][\(row.count)]"
      let start = position
      let content = try field(path)
      let text = try layout.encoding.text(of: content[...], path: path, at: start)
      spans.append(FieldSpan(path: path, range: start..<position, value: .string(text)))
      row.append(text)
      if take(layout.separator) { continue }
      rows.append(row)
      row = []
      // A line end at the very end ends the last row.
      guard takeLineEnd(), position < bytes.count else { return rows }
    }
  }

  /// One field, without its quotes.
  private mutating func field(_ path: String) throws(CodecError) -> [UInt8] {
    if let quote = layout.quote, position < bytes.count, bytes[position] == quote {
      return try quoted(quote, path)
    }
    var content: [UInt8] = []
    while position < bytes.count, !isAt(layout.separator), !isAtLineEnd {
      if bytes[position] == layout.escape {
        position += 1
        guard position < bytes.count else {
          throw wrong(position - 1, "ends with an escape that escapes nothing", path)
        }
      }
      content.append(bytes[position])
      position += 1
    }
    return content
  }

  private mutating func quoted(_ quote: UInt8, _ path: String) throws(CodecError) -> [UInt8] {
    let start = position
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == layout.escape, position < bytes.count {
        content.append(bytes[position])
        position += 1
      } else if byte == quote {
        guard layout.escape == nil, position < bytes.count, bytes[position] == quote else {
          guard position == bytes.count || isAt(layout.separator) || isAtLineEnd else {
            throw wrong(position, "goes on after its closing quote", path)
          }
          return content
        }
        content.append(quote)
        position += 1
      } else {
        content.append(byte)
      }
    }
    throw wrong(start, "has no closing quote", path)
  }

  private func isAt(_ mark: [UInt8]) -> Bool {
    bytes[position] == mark[0] && bytes[position...].starts(with: mark)
  }

  /// LF, and CR with or without it, whatever is written.
  private var isAtLineEnd: Bool { bytes[position] == 0x0A || bytes[position] == 0x0D }

  private mutating func take(_ mark: [UInt8]) -> Bool {
    guard position < bytes.count, isAt(mark) else { return false }
    position += mark.count
    return true
  }

  private mutating func takeLineEnd() -> Bool {
    guard position < bytes.count, isAtLineEnd else { return false }
    let isReturn = bytes[position] == 0x0D
    position += 1
    if isReturn, position < bytes.count, bytes[position] == 0x0A { position += 1 }
    return true
  }

  private func wrong(_ place: Int, _ reason: String, _ path: String) -> CodecError {
    CodecError(
      path: path, reason: reason, in: bytes[...], wrong: place..<min(place + 1, bytes.count))
  }
}
