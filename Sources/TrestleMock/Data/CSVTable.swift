package import TrestleCore

/// The rows of a CSV file (RFC 4180) by the values of one column. All values are texts.
///
/// Beyond the RFC, lines may end with LF alone, the separator may be another one, and a mark at the beginning that says
/// UTF-8 is passed over. The first line names the columns.
package struct CSVTable: DataSource {
  private let names: [String]
  private let rows: [[String]]
  private let positions: [String: Int]

  package var columns: [String]? { names }
  package var count: Int { rows.count }

  /// How much is read.
  package enum Limits {
    package static let bytes = 64 << 20
    package static let rows = 1_000_000
    package static let columns = 1000
  }

  /// Why a file cannot be used: what, and in which of its lines.
  package struct Mistake: Error, Sendable, Hashable, CustomStringConvertible {
    package var line: Int
    package var reason: String
    package var description: String { "line \(line): \(reason)" }
  }

  /// Reads a file's bytes. Of rows with the same key the first is taken; `repeats` are the lines of the others.
  ///
  /// - Throws: `Mistake` for the first line that is not as the others.
  package init(
    _ bytes: [UInt8], key: String, separator: UInt8 = UInt8(ascii: ","), repeats: inout [Int]
  ) throws(Mistake) {
    var reader = CSVReader(bytes, separator: separator)
    guard let header = try reader.next() else {
      throw Mistake(line: 1, reason: "the file is empty; its first line names the columns")
    }
    names = header.fields
    if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 }) {
      throw Mistake(line: 1, reason: "two columns are called \"\(twice.key)\"")
    }
    guard let place = names.firstIndex(of: key) else {
      throw Mistake(
        line: 1,
        reason: "no column \"\(key)\" among \(names.prefix(8).joined(separator: ", "))"
          + Suggestion.clause(for: key, among: names))
    }
    var rows: [[String]] = []
    var positions: [String: Int] = [:]
    while let row = try reader.next() {
      guard row.fields.count == names.count else {
        throw Mistake(
          line: row.line,
          reason: "\(row.fields.count) fields, where the first line names \(names.count) columns")
      }
      guard rows.count < Limits.rows else {
        throw Mistake(line: row.line, reason: "more than the \(Limits.rows) rows that are read")
      }
      if positions[row.fields[place]] == nil {
        positions[row.fields[place]] = rows.count
        rows.append(row.fields)
      } else {
        repeats.append(row.line)
      }
    }
    self.rows = rows
    self.positions = positions
  }

  package func row(forKey key: String) throws(ExpressionError) -> Record? {
    guard let position = positions[key] else { return nil }
    return Record(
      uniqueMembers: zip(names, rows[position]).map {
        Record.Member(name: $0, value: .string($1))
      })
  }
}

/// Cuts the bytes of a CSV file into rows.
private struct CSVReader {
  private let bytes: [UInt8]
  private let separator: UInt8
  private var position = 0
  private var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next row that is not an empty line; nil at the end.
  mutating func next() throws(CSVTable.Mistake) -> (line: Int, fields: [String])? {
    while position < bytes.count {
      let start = line
      var fields: [String] = []
      repeat {
        fields.append(try field())
        guard fields.count <= CSVTable.Limits.columns else {
          throw mistake("more than \(CSVTable.Limits.columns) fields")
        }
      } while takeSeparator()
      try endLine()
      if fields != [""] { return (start, fields) }
    }
    return nil
  }

  private func mistake(_ reason: String) -> CSVTable.Mistake {
    CSVTable.Mistake(line: line, reason: reason)
  }

  private mutating func takeSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  private mutating func endLine() throws(CSVTable.Mistake) {
    guard position < bytes.count else { return }
    if bytes[position] == Self.carriageReturn { position += 1 }
    guard position < bytes.count else { return }
    guard bytes[position] == Self.newline else {
      throw mistake(
        bytes[position - 1] == Self.carriageReturn
          ? "a line ends with a carriage return alone"
          : "text stands behind a closing quote")
    }
    position += 1
    line += 1
  }

  private mutating func field() throws(CSVTable.Mistake) -> String {
    guard position < bytes.count, bytes[position] == Self.quote else { return try plainField() }
    let start = line
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else {
          return try text(content[...])
        }
        position += 1
      }
      if byte == Self.newline { line += 1 }
      content.append(byte)
    }
    throw CSVTable.Mistake(line: start, reason: "a quote is not closed")
  }

  private mutating func plainField() throws(CSVTable.Mistake) -> String {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == separator || byte == Self.newline || byte == Self.carriageReturn { break }
      if byte == Self.quote {
        throw mistake("a quote within a field; put the whole field in quotes, and write it twice")
      }
      position += 1
    }
    return try text(bytes[start..<position])
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(CSVTable.Mistake) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw mistake("it is not UTF-8")
    }
    return text
  }
}
