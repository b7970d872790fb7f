/// The lines of a test file around the one that failed.
struct SourceExcerpt {
  struct Line: Hashable {
    var number: Int
    var text: String
    var isFailing: Bool
  }

  private(set) var lines: [Line] = []
  /// Blanks up to the failing column, as many and as wide as what stands above; nil where no column is known.
  private(set) var indent: String?

  /// How many lines are shown on each side.
  static let surroundings = 2

  /// The lines around one of them; nil where the text has no such line.
  init?(_ text: String, line: Int, column: Int?) {
    let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard all.indices.contains(line - 1) else { return nil }
    let first = max(1, line - Self.surroundings)
    let last = min(all.count, line + Self.surroundings)
    lines = (first...last).map { number in
      Line(number: number, text: String(all[number - 1]), isFailing: number == line)
    }
    if let column, column > 0 {
      // Tabs stay tabs, so that the mark stands under its letter however wide they are.
      indent = String(all[line - 1].prefix(column - 1).map { $0 == "\t" ? "\t" : " " })
    }
  }
}
