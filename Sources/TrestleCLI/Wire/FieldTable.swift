internal import TrestleCore

/// A message's fields as lines a person can read: offset, bytes, path, type and value.
struct FieldTable {
  let fields: [FieldSpan]
  /// The bytes that the fields' ranges are of.
  let bytes: [UInt8]
  /// How wide a line may be; nil where everything is shown.
  let width: Int?

  /// How many bytes stand on a line, and how many lines a field may have on a terminal.
  private var perLine: Int { width == nil ? 16 : 8 }
  private static let longest = 4

  func text(_ palette: Palette) -> String {
    var rows: [[String]] = []
    for field in fields {
      let pieces = pieces(of: field.range)
      let name = field.path.isEmpty ? "(message)" : field.path
      let value = field.value.isNull && !field.path.isEmpty ? "" : JSONWriter.text(field.value)
      rows.append([
        String(field.range.lowerBound), Self.hexadecimal(field.range.lowerBound), pieces[0], name,
        field.type, field.path.isEmpty && field.value.isNull ? "" : value,
      ])
      for piece in pieces.dropFirst() { rows.append(["", "", piece, "", "", ""]) }
    }
    let table = Table(
      header: ["AT", "HEX", "BYTES", "FIELD", "TYPE", "VALUE"], rows: rows, rightAligned: [0])
    guard let width else { return table.text(palette) }
    let lines = table.text().split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      let cut = line.count > width ? line.prefix(max(1, width - 1)) + "…" : line
      return index == 0 ? palette.bold(String(cut)) : String(cut)
    }.joined(separator: "\n")
  }

  /// The bytes of a field, a line each.
  private func pieces(of range: Range<Int>) -> [String] {
    let range = range.clamped(to: 0..<bytes.count)
    guard !range.isEmpty else { return ["–"] }
    let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: perLine))
    let isCut = width != nil && starts.count > Self.longest
    var pieces = (isCut ? starts.prefix(Self.longest - 1) : starts[...]).map { start in
      bytes[start..<min(start + perLine, range.upperBound)].map { Hexadecimal.text([$0]) }
        .joined(separator: " ")
    }
    if isCut { pieces.append("… \(range.count - perLine * (Self.longest - 1)) more bytes") }
    return pieces
  }

  private static func hexadecimal(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The fields as data.
  static func value(of fields: [FieldSpan], in bytes: [UInt8]) -> Value {
    .array(
      fields.map { field in
        let range = field.range.clamped(to: 0..<bytes.count)
        var record: Record = [
          "path": .string(field.path), "offset": .integer(Int64(field.range.lowerBound)),
          "length": .integer(Int64(field.range.count)),
          "bytes": .string(Hexadecimal.text(bytes[range])),
        ]
        if !field.type.isEmpty { record["type"] = .string(field.type) }
        record["value"] = field.value
        return .object(record)
      })
  }
}

/// The lines of a dump around wrong bytes, with marks under these.
enum WrongBytes {
  static func lines(_ bytes: [UInt8], wrong range: Range<Int>) -> [String] {
    guard range.lowerBound >= 0, range.lowerBound <= bytes.count else { return [] }
    let first = max(0, (range.lowerBound - 16) / 16 * 16)
    let last = min(bytes.count, min(range.upperBound, range.lowerBound + 32) + 16)
    var lines: [String] = []
    for start in stride(from: first, to: max(last, first + 1), by: 16) {
      let row = start..<min(start + 16, bytes.count)
      lines.append(Hexadecimal.dumpLine(bytes[row], at: start))
      // An end that came too early is marked where the next byte would stand.
      let marked =
        range.isEmpty
        ? range.lowerBound..<range.lowerBound + 1 : range
      let own = marked.clamped(to: start..<start + 16)
      guard !own.isEmpty else { continue }
      let before = String(
        repeating: " ", count: Hexadecimal.offsetWidth + (own.lowerBound - start) * 3)
      lines.append(before + own.map { _ in "^^" }.joined(separator: " "))
    }
    return lines
  }
}
