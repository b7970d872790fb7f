package import TrestleCore

/// Reads checks as people type them: `billing CreateInvoice amount:=10 exactly 2`.
///
///     SYSTEM [OPERATION] [NAME=TEXT | NAME:=JSON …] [exactly N | at least N | at most N | never | once]
///
/// A check without a count asks for at least one call.
package enum CheckText {
  package struct Mistake: Error, Sendable, Hashable {
    package var reason: String
    package var hint: String?
  }

  /// A check taken apart.
  package struct Parts: Sendable {
    package var system: String
    package var operation: String?
    package var conditions: Record
    package var count: CallCount
  }

  /// Reads one check.
  ///
  /// - Throws: `Mistake` that says which word is wrong.
  package static func read(_ text: String) throws(Mistake) -> CallExpectation {
    let parts = try parts(text)
    var problems: [ValueProblem] = []
    let expectation = CallExpectation(
      system: parts.system, operation: parts.operation, when: parts.conditions,
      count: parts.count, text: text, problems: &problems)
    if let problem = problems.first(where: { $0.severity == .error }) {
      throw Mistake(reason: "\(problem.path): \(problem.message)", hint: problem.hint)
    }
    return expectation
  }

  /// Takes one check apart, its conditions as they stand.
  ///
  /// - Throws: `Mistake` that says which word is wrong.
  package static func parts(_ text: String) throws(Mistake) -> Parts {
    var words = try split(text)
    let count = try takeCount(&words)
    guard let system = words.first, !system.contains("=") else {
      throw Mistake(
        reason: "a check begins with a system", hint: "like: billing CreateInvoice exactly 1")
    }
    words.removeFirst()
    var operation: String?
    if let word = words.first, !word.contains("=") {
      operation = word
      words.removeFirst()
    }
    var conditions = Value.emptyObject
    for word in words { try add(word, to: &conditions) }
    return Parts(
      system: system, operation: operation, conditions: conditions.objectValue ?? Record(),
      count: count)
  }

  /// Takes the words of the count off the end.
  private static func takeCount(_ words: inout [String]) throws(Mistake) -> CallCount {
    switch words.last {
    case "never":
      words.removeLast()
      return .never
    case "once":
      words.removeLast()
      return .once
    case "times" where words.count >= 3: words.removeLast()
    default: break
    }
    let bounds: [(words: [String], count: (Int) -> CallCount)] = [
      (["exactly"], { .exactly($0) }), (["at", "least"], { .atLeast($0) }),
      (["at", "most"], { .atMost($0) }),
    ]
    for bound in bounds where words.dropLast().suffix(bound.words.count) == bound.words[...] {
      guard let last = words.last, let number = Int(last), number >= 0 else {
        throw Mistake(
          reason: "\"\(words.last ?? "")\" is no number of calls",
          hint: "like: \(bound.words.joined(separator: " ")) 2")
      }
      words.removeLast(bound.words.count + 1)
      return bound.count(number)
    }
    if let word = words.last, ["exactly", "least", "most"].contains(word) {
      throw Mistake(reason: "\"\(word)\" lacks a number", hint: "like: \(word) 2")
    }
    return .atLeast(1)
  }

  private static func add(_ word: String, to conditions: inout Value) throws(Mistake) {
    guard let sign = word.firstIndex(of: "="), sign != word.startIndex else {
      throw Mistake(
        reason: "\"\(word)\" is no condition",
        hint: "write NAME=TEXT or NAME:=JSON; counts are exactly N, at least N, at most N, never")
    }
    let isJSON = word[word.index(before: sign)] == ":"
    let name = word[..<(isJSON ? word.index(before: sign) : sign)]
    let text = String(word[word.index(after: sign)...])
    var value = Value.string(text)
    if isJSON {
      guard let parsed = try? JSONParser.parse(Array(text.utf8)) else {
        throw Mistake(reason: "\"\(text)\" is no JSON", hint: "texts are written with = alone")
      }
      value = parsed
    }
    conditions.set(value, at: ValuePath(written: String(name)))
  }

  /// Splits at blanks that are in no quotes.
  private static func split(_ text: String) throws(Mistake) -> [String] {
    var words: [String] = []
    var word = ""
    var isInWord = false
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "'" {
        quote = character
        isInWord = true
      } else if character.isWhitespace {
        if isInWord { words.append(word) }
        word = ""
        isInWord = false
      } else {
        word.append(character)
        isInWord = true
      }
    }
    guard quote == nil else { throw Mistake(reason: "a quote is not closed: \(text)") }
    if isInWord { words.append(word) }
    return words
  }
}
