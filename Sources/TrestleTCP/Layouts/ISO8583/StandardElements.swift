internal import TrestleCore

/// The data elements of a version of the standard.
enum StandardElements: String, CaseIterable {
  case version1987 = "1987"
  case version1993 = "1993"
  case version2003 = "2003"

  /// One element as the standard has it.
  struct Entry: Sendable {
    let number: Int
    let type: DataElementType
    let title: String
  }

  /// In the order of their numbers; 1 and 65 are bitmaps.
  var entries: [Entry] {
    switch self {
    case .version1987: Self.entries1987
    case .version1993: Self.entries1993
    case .version2003: Self.entries2003
    }
  }

  private static let entries1987 = entries(of: table1987)
  private static let entries1993 = entries(of: table1993)
  private static let entries2003 = entries(of: table2003)

  /// Reads a table of `NUMBER TYPE TITLE` or `FIRST-LAST TYPE TITLE`, an entry a line.
  private static func entries(of table: String) -> [Entry] {
    table.split(separator: "\n").flatMap { line -> [Entry] in
      let words = line.split(separator: " ", maxSplits: 2)
      let bounds = (words.first ?? "").split(separator: "-").compactMap { Int($0) }
      guard words.count == 3, let first = bounds.first, let last = bounds.last, first <= last,
        let type = DataElementType(words[1])
      else { return [] }
      return (first...last).map { Entry(number: $0, type: type, title: String(words[2])) }
    }
  }
}
