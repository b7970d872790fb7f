/// A copybook's code without its columns and comments, each character with the line it stands in.
struct CopybookText {
  /// Where in a line code stands.
  enum Format: CaseIterable {
    /// Columns 8 to 72, with a sequence number before and a mark after.
    case fixed
    /// From column 8 to the end of the line: what editors without columns make of the fixed format.
    case wide
    /// Anywhere.
    case free
  }

  private(set) var scalars: [Unicode.Scalar] = []
  /// The line of each character, from 1.
  private(set) var lines: [Int] = []
  /// The quote of a literal that the last line leaves open.
  private var openQuote: Unicode.Scalar?

  private static let indicatorColumn = 6
  private static let rightMargin = 72

  init(_ text: String, format: Format) {
    var number = 0
    for line in text.unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
    {
      number += 1
      // Ctrl-Z ends files of old.
      let line = Self.untabbed(line.filter { $0 != "\r" && $0 != "\u{1A}" && $0 != "\u{FEFF}" })
      guard line.first(where: { $0 != " " }) != "*" else { continue }
      switch format {
      case .free: append(line[...], number)
      case .fixed: append(columns: line, until: Self.rightMargin, number)
      case .wide: append(columns: line, until: .max, number)
      }
    }
  }

  private static func untabbed(_ line: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for scalar in line {
      if scalar == "\t" {
        repeat { result.append(" ") } while !result.count.isMultiple(of: 8)
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  private mutating func append(columns line: [Unicode.Scalar], until margin: Int, _ number: Int) {
    guard line.count > Self.indicatorColumn else { return }
    let end = min(line.count, margin)
    let code = line[(Self.indicatorColumn + 1)..<max(end, Self.indicatorColumn + 1)]
    switch line[Self.indicatorColumn] {
    case "*", "/", "$": return
    case "D", "d":
      // A debugging line, unless it is a word that begins one column early.
      if code.first.map({ $0 == " " }) ?? true { return }
    case "-": return continueLine(code, margin: margin, number)
    case " ": return append(code, number)
    default: break
    }
    append(line[Self.indicatorColumn..<end], number)
  }

  private mutating func append(_ code: ArraySlice<Unicode.Scalar>, _ number: Int) {
    guard !Self.isDirective(code) else { return }
    openQuote = nil
    note(code, number)
    add("\n", number)
  }

  /// Joins a continuation to the line before it (hyphen in column 7).
  private mutating func continueLine(
    _ code: ArraySlice<Unicode.Scalar>, margin: Int, _ number: Int
  ) {
    var rest = code.drop { $0 == " " }
    if scalars.last == "\n" {
      scalars.removeLast()
      lines.removeLast()
    }
    if let quote = openQuote {
      // The literal goes on after the quote; what it had up to the margin belongs to it.
      if rest.first == quote { rest = rest.dropFirst() }
    } else {
      while scalars.last == " " {
        scalars.removeLast()
        lines.removeLast()
      }
    }
    note(rest, number)
    add("\n", number)
  }

  private mutating func note(_ code: ArraySlice<Unicode.Scalar>, _ number: Int) {
    for scalar in code {
      if let quote = openQuote {
        if scalar == quote { openQuote = nil }
      } else if scalar == "'" || scalar == "\"" {
        openQuote = scalar
      }
      add(scalar, number)
    }
  }

  private mutating func add(_ scalar: Unicode.Scalar, _ number: Int) {
    scalars.append(scalar)
    lines.append(number)
  }

  private static let listingWords: Set<String> = ["EJECT", "SKIP1", "SKIP2", "SKIP3"]
  private static let directiveWords: Set<String> = ["TITLE", "CBL", "PROCESS"]

  /// Lines that tell the compiler how to print a listing, or how to compile.
  private static func isDirective(_ code: ArraySlice<Unicode.Scalar>) -> Bool {
    let words = code.split(whereSeparator: { $0 == " " || $0 == "." })
    guard let first = words.first else { return false }
    if first.starts(with: ">>".unicodeScalars) || first.first == "$" { return true }
    let word = String(String.UnicodeScalarView(first)).uppercased()
    return words.count == 1 && listingWords.contains(word) || directiveWords.contains(word)
  }
}
