internal import TrestleCore

/// Where what was expected and what was found differ, line by line.
struct TextDifference {
  struct Line: Hashable {
    enum Kind: Hashable { case same, expected, found }

    var kind: Kind
    var text: String

    /// Before the line, as `diff -u` has it.
    var mark: String {
      switch kind {
      case .same: " "
      case .expected: "-"
      case .found: "+"
      }
    }
  }

  private(set) var lines: [Line] = []

  /// More lines than this are not compared one with another: the work grows with the product.
  static let comparedLimit = 500
  /// How many lines that are the same are shown around others.
  static let surroundings = 2

  /// Compares texts; those that are JSON by their values, whatever their blanks.
  init(expected: String, found: String) {
    let left = Self.lines(expected, besides: found)
    let right = Self.lines(found, besides: expected)
    guard left.count <= Self.comparedLimit, right.count <= Self.comparedLimit else {
      lines =
        left.prefix(Self.comparedLimit).map { Line(kind: .expected, text: $0) }
        + right.prefix(Self.comparedLimit).map { Line(kind: .found, text: $0) }
      return
    }
    lines = Self.shortened(Self.compare(left, right))
  }

  /// What a failure says was expected and found; empty where it says neither.
  static func lines(of failure: TestFailure) -> [Line] {
    switch (failure.expected, failure.found) {
    case (nil, nil): []
    case (let expected?, let found?): TextDifference(expected: expected, found: found).lines
    case (let expected?, nil):
      lines(expected, besides: expected).map { Line(kind: .expected, text: $0) }
    case (nil, let found?): lines(found, besides: found).map { Line(kind: .found, text: $0) }
    }
  }

  /// The lines of a text; of JSON that the other text is too, those of its indented form.
  private static func lines(_ text: String, besides other: String) -> [String] {
    var text = text
    if let value = tree(text), tree(other) != nil {
      text = JSONWriter.text(value, style: .pretty)
    }
    // By scalars: a line that ends otherwise differs.
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0) }
  }

  /// The value of a text that is a JSON array or object.
  private static func tree(_ text: String) -> Value? {
    guard let value = try? JSONParser.parse(text) else { return nil }
    switch value {
    case .array, .object: return value
    default: return nil
    }
  }

  /// The longest common part stays as it is.
  private static func compare(_ left: [String], _ right: [String]) -> [Line] {
    let width = right.count + 1
    var common = [Int](repeating: 0, count: (left.count + 1) * width)
    for row in left.indices.reversed() {
      for column in right.indices.reversed() {
        common[row * width + column] =
          left[row] == right[column]
          ? common[(row + 1) * width + column + 1] + 1
          : max(common[(row + 1) * width + column], common[row * width + column + 1])
      }
    }
    var lines: [Line] = []
    var (row, column) = (0, 0)
    while row < left.count || column < right.count {
      if row < left.count, column < right.count, left[row] == right[column] {
        lines.append(Line(kind: .same, text: left[row]))
        (row, column) = (row + 1, column + 1)
      } else if row < left.count,
        column == right.count
          || common[(row + 1) * width + column] >= common[row * width + column + 1]
      {
        lines.append(Line(kind: .expected, text: left[row]))
        row += 1
      } else {
        lines.append(Line(kind: .found, text: right[column]))
        column += 1
      }
    }
    return lines
  }

  /// Without what is the same far from all that differs.
  private static func shortened(_ lines: [Line]) -> [Line] {
    let changes = lines.indices.filter { lines[$0].kind != .same }
    guard !changes.isEmpty else { return lines }
    var shown: [Line] = []
    var next = 0
    for (place, line) in lines.enumerated() {
      while next < changes.count, changes[next] + surroundings < place { next += 1 }
      if next < changes.count, changes[next] - surroundings <= place {
        shown.append(line)
      } else if shown.last?.text != "…" {
        shown.append(Line(kind: .same, text: "…"))
      }
    }
    return shown
  }
}
