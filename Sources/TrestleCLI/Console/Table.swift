internal import TrestleCore

/// Rows of text in columns as wide as they need to be.
struct Table {
  var header: [String]
  var rows: [[String]]
  /// The columns whose texts end rather than begin together.
  var rightAligned: Set<Int> = []

  /// The lines, without trailing spaces.
  func text(_ palette: Palette = Palette(isOn: false)) -> String {
    let all = (header.isEmpty ? [] : [header]) + rows
    let columns = all.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var lines = all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
        line += (column > 0 ? "  " : "")
        line += rightAligned.contains(column) ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    if !header.isEmpty { lines[0] = palette.bold(lines[0]) }
    return lines.map { $0 + "\n" }.joined()
  }

  init(header: [String], rows: [[String]], rightAligned: Set<Int> = []) {
    self.header = header
    self.rows = rows
    self.rightAligned = rightAligned
  }

  /// A value as a table: a list of objects by their members, an object by its names, anything else
  /// as its text.
  init(_ value: Value) {
    switch value {
    case .array(let items) where items.contains { $0.objectValue != nil }:
      var names: [String] = []
      for item in items {
        for name in item.objectValue?.names ?? [] where !names.contains(name) { names.append(name) }
      }
      self.init(
        header: names.map { $0.uppercased() },
        rows: items.map { item in names.map { Self.cell(item[$0]) } })
    case .array(let items):
      self.init(header: [], rows: items.map { [Self.cell($0)] })
    case .object(let record):
      self.init(header: [], rows: record.members.map { [$0.name, Self.cell($0.value)] })
    default:
      self.init(header: [], rows: [[Self.cell(value)]])
    }
  }

  private static func cell(_ value: Value?) -> String {
    guard let value else { return "" }
    return value.scalarText ?? JSONWriter.text(value)
  }
}
