/// Finds the word that was probably meant, for "did you mean" in errors.
public enum Suggestion {
  /// The nearest of the known words, or nil when none is near enough to be worth naming.
  ///
  /// Near means: equal but for case, one a prefix of the other, or within a third of the word's
  /// length in edits (Damerau-Levenshtein, adjacent transpositions counted once).
  public static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8)
    var best: (word: String, cost: Int)?
    for candidate in known {
      let letters = Array(candidate.lowercased().utf8)
      let cost = distance(wanted, letters)
      let limit = max(1, max(wanted.count, letters.count) / 3)
      let isPrefix = wanted.count >= 3 && letters.starts(with: wanted)
      guard cost <= limit || isPrefix else { continue }
      let weight = isPrefix ? min(cost, limit) : cost
      if best.map({ weight < $0.cost }) ?? true { best = (candidate, weight) }
    }
    return best?.word
  }

  /// `; did you mean "x"?` or an empty text, ready to append to a sentence.
  public static func clause(for word: String, among known: some Sequence<String>) -> String {
    nearest(to: word, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // Words longer than this are never typed by hand; the table would only cost time.
    guard left.count <= 128, right.count <= 128 else { return left == right ? 0 : .max }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in 0..<right.count {
        let substitution = last[column] + (left[row] == right[column] ? 0 : 1)
        var cost = min(last[column + 1] + 1, current[column] + 1, substitution)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
