internal import TrestleCore

/// A message's fields as lines a person can read: offset, bytes, path, type and value.
struct FieldTable {
  let fields: [FieldSpan]
  /// The bytes that the fields' ranges are of.
  let bytes: [UInt8]
  /// How wide a line may be; nil where everything is shown.
  let width: Int?

  /// How many lines the bytes of a field may have on a terminal.
  private static let longest = 4
  /// How much of a value shall be seen at least.
  private static let leastValue = 24

  /// How the columns are laid out.
  private struct Shape {
    var bytesPerLine: Int
    var hasTypes: Bool
  }

  func text(_ palette: Palette) -> String {
    guard let width else { return table(Shape(bytesPerLine: 16, hasTypes: true)).text(palette) }
    // On a narrow terminal the values, which come last, are worth more than the types.
    let shapes = [
      Shape(bytesPerLine: 8, hasTypes: true), Shape(bytesPerLine: 8, hasTypes: false),
      Shape(bytesPerLine: 4, hasTypes: false),
    ]
    let shape = shapes.first { widthOfRest($0) + Self.leastValue <= width } ?? shapes[2]
    let lines = table(shape).text().split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      let cut = line.count > width ? line.prefix(max(1, width - 1)) + "…" : line
      return index == 0 ? palette.bold(String(cut)) : String(cut)
    }.joined(separator: "\n")
  }

  /// How wide everything but the values is.
  private func widthOfRest(_ shape: Shape) -> Int {
    var table = table(shape)
    table.header[table.header.count - 1] = ""
    for index in table.rows.indices { table.rows[index][table.header.count - 1] = "" }
    return table.text().split(separator: "\n").map(\.count).max() ?? 0
  }

  private func table(_ shape: Shape) -> Table {
    var rows: [[String]] = []
    for field in fields {
      let pieces = pieces(of: field.range, perLine: shape.bytesPerLine)
      let name = field.path.isEmpty ? "(message)" : field.path
      let value = field.value.isNull ? "" : JSONWriter.text(field.value)
      rows.append([
        String(field.range.lowerBound), Self.hexadecimal(field.range.lowerBound), pieces[0], name,
        field.type, value,
      ])
      for piece in pieces.dropFirst() { rows.append(["", "", piece, "", "", ""]) }
    }
    var header = ["AT", "HEX", "BYTES", "FIELD", "TYPE", "VALUE"]
    if !shape.hasTypes {
      header.remove(at: 4)
      for index in rows.indices { rows[index].remove(at: 4) }
    }
    return Table(header: header, rows: rows, rightAligned: [0])
  }

  /// The bytes of a field, a line each.
  private func pieces(of range: Range<Int>, perLine: Int) -> [String] {
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
    guard !bytes.isEmpty, range.lowerBound >= 0, range.lowerBound <= bytes.count else { return [] }
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
