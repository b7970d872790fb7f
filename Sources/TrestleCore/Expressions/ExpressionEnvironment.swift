/// What an expression's names and functions mean, where it is evaluated.
package protocol ExpressionEnvironment {
  /// The value of a name; nil when it is absent. Names are checked at load, see `ExpressionVocabulary`.
  func value(of name: String) -> Value?

  /// The result of a function.
  ///
  /// - Throws: `ExpressionError` when the arguments do not fit. Call `PureFunction` for what this
  ///   environment does not define itself.
  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value?
}

extension ExpressionEnvironment {
  package func call(
    _ function: String, _ arguments: [Value?]
  ) throws(ExpressionError) -> Value? {
    try PureFunction.call(function, arguments)
  }
}

/// The names and functions that an expression may use in one place, for checks at load.
package struct ExpressionVocabulary: Sendable {
  /// Nil where any name may stand (fields of a message without a layout).
  package var names: Set<String>?
  package var functions: Set<String>

  /// `functions` come besides the pure ones, which every place has.
  package init(names: Set<String>?, functions: Set<String> = []) {
    self.names = names
    self.functions = functions.union(PureFunction.names)
  }
}

extension Expression {
  /// What in the expression means nothing in a place, with "did you mean", or can never be worked out; empty when all
  /// is well.
  package func problems(in vocabulary: ExpressionVocabulary) -> [ExpressionError] {
    var problems: [ExpressionError] = []
    root.visit { node in
      switch node {
      case .path(let name, _, let offset):
        guard let names = vocabulary.names, !names.contains(name) else { return }
        problems.append(
          Self.unknown("name", name, among: names, other: vocabulary.functions, at: offset))
      case .call(let name, _, let offset):
        guard !vocabulary.functions.contains(name) else { return }
        problems.append(
          Self.unknown("function", name, among: vocabulary.functions, other: [], at: offset))
      default: return
      }
    }
    return problems + wrongConstants(in: vocabulary)
  }

  private static func unknown(
    _ kind: String, _ name: String, among known: Set<String>, other: Set<String>, at offset: Int
  ) -> ExpressionError {
    let sorted = known.sorted()
    let hint: String
    if let head = name.split(separator: "-").first, head != name, known.contains(String(head)) {
      hint = "put spaces around \"-\" to subtract"
    } else if let near = Suggestion.nearest(to: name, among: sorted) {
      hint = "did you mean \"\(near)\"?"
    } else if other.contains(name) {
      hint = "\(name) is a function: write \(name)(…)"
    } else {
      hint = "known: \(sorted.prefix(12).joined(separator: ", "))"
    }
    return ExpressionError("unknown \(kind) \"\(name)\"", hint: hint, at: offset)
  }
}
