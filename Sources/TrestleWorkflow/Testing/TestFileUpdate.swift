internal import TrestleCore

/// Writes what was observed into a test file, in place of expectations that failed; everything else stays as it is,
/// comments and layout included.
struct TestFileUpdate {
  struct Change: Sendable {
    var path: ValuePath
    var value: Value
  }

  let file: DataFile

  /// Writes the changes; false where the file cannot be written.
  @discardableResult
  func write(_ changes: [Change]) -> Bool {
    guard let bytes = try? FilePaths.read(file.path, limit: 16 << 20) else { return false }
    let text = updated(String(decoding: bytes, as: UTF8.self), changes)
    return (try? FilePaths.write(Array(text.utf8), to: file.path)) != nil
  }

  /// The text with the changes in it.
  func updated(_ text: String, _ changes: [Change]) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0) }
    var known: Set<ValuePath> = []
    let placed = changes.compactMap { change -> (PlaceMap.Place, Change)? in
      // Tests of a matrix share their expectations: the first that fails says what they become.
      guard known.insert(change.path).inserted, let place = file.places.place(of: change.path)
      else { return nil }
      return (place, change)
    }
    // From the end, so that the places before stay right.
    for (place, change) in placed.sorted(by: { ($0.0.line, $0.0.column) > ($1.0.line, $1.0.column) }
    ) {
      replace(at: place, with: change, in: &lines)
    }
    return lines.map { String($0) }.joined(separator: "\n")
  }

  private func replace(at place: PlaceMap.Place, with change: Change, in lines: inout [[Character]])
  {
    let row = place.line - 1
    guard lines.indices.contains(row), place.column >= 1, place.column - 1 <= lines[row].count
    else {
      return
    }
    let new = Array(Self.text(change.value))
    let start = place.column - 1
    let line = lines[row]
    // The place is the value's, or its name's where the value begins on a later line.
    if let colon = Self.colon(in: line, from: start), Self.isName(line, start, colon, change.path) {
      let indent = line.prefix { $0 == " " }.count
      let inner = line[...].dropFirst(indent).starts(with: "- ") ? indent + 2 : indent
      var end = row + 1
      while end < lines.count, Self.belongs(lines[end], below: inner) { end += 1 }
      while end > row + 1, lines[end - 1].allSatisfy({ $0 == " " }) { end -= 1 }
      lines.replaceSubrange(row..<end, with: [Array(line[...colon]) + [" "] + new])
      return
    }
    let end = Self.end(of: line, from: start)
    lines[row].replaceSubrange(start..<end, with: new)
  }

  /// Whether a line is of a value whose name stands at an indentation.
  private static func belongs(_ line: [Character], below indent: Int) -> Bool {
    guard let first = line.firstIndex(where: { $0 != " " }) else { return true }
    return first > indent || first == indent && line[first] == "-"
  }

  private static func colon(in line: [Character], from start: Int) -> Int? {
    guard let last = line.lastIndex(where: { $0 != " " }), last >= start, line[last] == ":" else {
      return nil
    }
    return last
  }

  private static func isName(
    _ line: [Character], _ start: Int, _ colon: Int, _ path: ValuePath
  ) -> Bool {
    guard case .member(let name)? = path.steps.last else { return false }
    let text = String(line[start..<colon]).filter { $0 != "\"" && $0 != "'" }
    return text == name
  }

  /// Where a value ends that begins in a line.
  private static func end(of line: [Character], from start: Int) -> Int {
    guard start < line.count else { return line.count }
    switch line[start] {
    case "\"", "'":
      let quote = line[start]
      var index = start + 1
      while index < line.count, line[index] != quote {
        index += line[index] == "\\" && quote == "\"" ? 2 : 1
      }
      return min(index + 1, line.count)
    case "[", "{":
      var depth = 0
      for index in start..<line.count {
        if "[{".contains(line[index]) { depth += 1 }
        if "]}".contains(line[index]) { depth -= 1 }
        if depth == 0 { return index + 1 }
      }
      return line.count
    default:
      // Inside of braces a comma ends it; anywhere a comment does.
      let isInside = line[..<start].contains { "[{".contains($0) }
      var index = start
      while index < line.count {
        if isInside, ",]}".contains(line[index]) { break }
        if line[index] == "#", index > 0, line[index - 1] == " " { break }
        index += 1
      }
      while index > start, line[index - 1] == " " { index -= 1 }
      return index
    }
  }

  /// A value as it may stand on a line of YAML.
  static func text(_ value: Value) -> String {
    // JSON is YAML.
    JSONWriter.text(value)
  }
}
