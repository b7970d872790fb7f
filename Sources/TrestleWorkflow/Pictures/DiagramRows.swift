/// What is written in a box, row by row, and how much room it takes.
struct DiagramRows {
  enum Style: String { case title, summary, step, detail }

  struct Row {
    var style: Style
    var text: String
    /// At the right of the row.
    var aside: String?
    /// The kind of step that a dot stands for.
    var kind: String?
    var mark = DiagramGraph.Mark.plain
    /// Its base line, in the box.
    var baseline = 0.0
  }

  private(set) var rows: [Row] = []
  private(set) var width = 0.0
  private(set) var height = 0.0
  /// Where the line under the head is; nil for boxes that are nothing but a head.
  private(set) var rule: Double?

  /// How far letters of the small and of the large size reach: all fonts that are named for it are of one width.
  static let column = 6.63
  static let titleColumn = 7.83
  static let padding = 11.0
  static let indent = 12.0
  static let textLimit = 46
  /// How many steps are told of a box; the rest is counted.
  static let lineLimit = 24

  init(_ box: DiagramGraph.Box) {
    guard box.kind != .start else {
      width = 14
      height = 14
      return
    }
    let aside = [box.tag, box.visits > 0 ? "×\(box.visits)" : nil].compactMap(\.self)
    add(
      Row(
        style: .title, text: TextColumns.clipped(box.title, to: Self.textLimit),
        aside: aside.isEmpty ? nil : TextColumns.clipped(aside.joined(separator: " "), to: 30)),
      17)
    if let summary = box.summary {
      add(Row(style: .summary, text: TextColumns.clipped(summary, to: Self.textLimit + 6)), 15)
    }
    if !box.lines.isEmpty {
      rule = height + 4 + 3
      height += 8
    }
    for line in box.lines.prefix(Self.lineLimit) {
      add(
        Row(
          style: line.kind == nil ? .detail : .step,
          text: TextColumns.clipped(line.text, to: Self.textLimit),
          aside: line.kind == line.text ? nil : line.kind, kind: line.kind, mark: line.mark), 15)
      if let detail = line.detail {
        add(
          Row(
            style: .detail, text: TextColumns.clipped(detail, to: Self.textLimit),
            kind: line.kind == nil ? nil : "", mark: line.mark), 14)
      }
    }
    if box.lines.count > Self.lineLimit {
      add(
        Row(style: .detail, text: "and \(box.lines.count - Self.lineLimit) more"), 15)
    }
    height += 10
    width += Self.padding * 2
    if box.kind == .event { width += 10 }
  }

  private mutating func add(_ row: Row, _ depth: Double) {
    if rows.isEmpty { height = 5 }
    height += depth
    var row = row
    row.baseline = height - 2
    let column = row.style == .title ? Self.titleColumn : Self.column
    var breadth = Double(TextColumns.count(row.text)) * column
    if row.kind != nil { breadth += Self.indent }
    if let aside = row.aside { breadth += Double(TextColumns.count(aside) + 2) * Self.column }
    width = max(width, breadth)
    rows.append(row)
  }
}

extension DiagramGraph.Box {
  var title: String { name }
}

extension DiagramGraph.Link {
  static let labelLimit = 30
  static let labelLine = 14.0

  /// Its labels as they are written, line by line with the kind of each; the last ones are counted where there are many.
  var writtenLines: [(text: String, kind: DiagramGraph.Label.Kind?)] {
    let limit = 4
    var lines: [(text: String, kind: DiagramGraph.Label.Kind?)] = []
    for (place, text) in texts.prefix(limit).enumerated() {
      let kind = place < labels.count ? labels[place].kind : nil
      lines += TextColumns.wrapped(text, to: Self.labelLimit, lines: 3).map { ($0, kind) }
    }
    if texts.count > limit { lines.append(("and \(texts.count - limit) more", nil)) }
    return lines
  }

  /// How wide and high its label is; nil where it has none.
  var labelSize: (width: Double, height: Double)? {
    let texts = writtenLines.map(\.text)
    guard let columns = texts.map(TextColumns.count).max() else { return nil }
    return (Double(columns) * DiagramRows.column + 8, Double(texts.count) * Self.labelLine + 3)
  }
}
