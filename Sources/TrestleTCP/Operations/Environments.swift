internal import TrestleCore

/// What templates of a request or reply may speak of: the caller's parameters as `request`, and time,
/// chance and counters.
struct CallScope: ExpressionEnvironment {
  let parameters: Record
  /// The message that is answered; null while a request is written.
  let message: Value
  let generators: Generators

  static let vocabulary = ExpressionVocabulary(
    names: Generators.names.union(["request", "message"]), functions: Generators.functions)

  func value(of name: String) -> Value? {
    switch name {
    case "request": .object(parameters)
    case "message": message
    default: generators.value(of: name)
    }
  }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    try generators.call(function, arguments)
  }
}

/// What conditions and results speak of: the fields of a message.
struct MessageScope: ExpressionEnvironment {
  let message: Value

  /// Any name may stand: a message has the fields it has.
  static let vocabulary = ExpressionVocabulary(names: nil)

  func value(of name: String) -> Value? { message[name] }
}

extension ValuePath {
  /// The path as definitions write it: `Envelope/Bal/@ccy`.
  var written: String {
    var text = ""
    for step in steps {
      switch step {
      case .item(let position): text += "[\(position)]"
      case .member(let name):
        if !text.isEmpty { text += "/" }
        text += name.hasPrefix("_") && name != "_text" ? "@" + name.dropFirst() : name
      }
    }
    return text
  }

  /// The member names on the way.
  var names: [String] {
    steps.compactMap { step in
      if case .member(let name) = step { return name }
      return nil
    }
  }
}

extension Expression {
  /// Compiles an expression over the fields of a message.
  static func compile(
    _ text: String, at path: ValuePath,
    in vocabulary: ExpressionVocabulary = MessageScope.vocabulary,
    problems: inout [ValueProblem]
  ) -> Expression? {
    do throws(ExpressionError) {
      let expression = try Expression(text)
      for problem in expression.problems(in: vocabulary) {
        problems.error("\(text): \(problem.reason)", at: path, hint: problem.hint)
      }
      return expression
    } catch {
      problems.error("\(text): \(error.reason)", at: path, hint: error.hint)
      return nil
    }
  }
}

extension Template {
  /// Compiles a template of a definition.
  static func compile(
    _ value: Value, at path: ValuePath, in vocabulary: ExpressionVocabulary = CallScope.vocabulary,
    problems: inout [ValueProblem]
  ) -> Template {
    var wrong: [Template.Problem] = []
    let template = Template(value, in: vocabulary, problems: &wrong)
    for problem in wrong {
      problems.error(
        "{{\(problem.placeholder)}}: \(problem.error.reason)", at: path.appending(problem.path),
        hint: problem.error.hint)
    }
    return template
  }

  /// Compiles what a reply is made of.
  static func compileReply(
    _ value: Value, at path: ValuePath, layout: any MessageLayout, problems: inout [ValueProblem]
  ) -> Template {
    compile(layout.meaning(ofSet: value), at: path, problems: &problems).relocated { path in
      guard path.steps.count > 1, path.steps.first == .member("message") else { return path }
      let place = layout.place(ValuePath(Array(path.steps.dropFirst())))
      return ValuePath(path.steps.prefix(1) + place.steps)
    }
  }

  /// The places of the answered message that placeholders speak of.
  var mentions: [ValuePath] {
    placeholders.flatMap(\.expressions).flatMap(\.paths).compactMap { path in
      guard path.steps.count > 1, path.steps.first == .member("message") else { return nil }
      return ValuePath(Array(path.steps.dropFirst()))
    }
  }

  /// The value, with what went wrong as a codec's error.
  func value(in scope: some ExpressionEnvironment) throws(CodecError) -> Value {
    do throws(ExpressionError) {
      return try render(in: scope)
    } catch {
      throw CodecError(reason: "cannot be filled in: \(error.reason)", hint: error.hint)
    }
  }
}
