/// The functions that every place of the expression language has: same arguments, same result.
package enum PureFunction: String, CaseIterable, Sendable {
  /// `concat(a, b, …)`: the texts joined.
  case concat
  /// `if(condition, then, else)`.
  case `if`
  /// `length(x)`: characters of a text, bytes of binary data, items of a list, members of an object.
  case length
  case lower
  /// `number(text)`: the number that a text is written like.
  case number
  /// `padLeft(x, width)` or `padLeft(x, width, '0')`.
  case padLeft
  /// `slice(text, from)` or `slice(text, from, count)`, counted from 0.
  case slice
  /// `text(x)`: a scalar's text.
  case text
  case trim
  case upper

  package static let names = Set(allCases.map(\.rawValue))

  /// The result of the pure function of a name.
  ///
  /// - Throws: `ExpressionError` for an unknown name or arguments that do not fit.
  package static func call(
    _ name: String, _ arguments: [Value?]
  ) throws(ExpressionError) -> Value? {
    guard let function = PureFunction(rawValue: name) else {
      throw ExpressionError(
        "unknown function \"\(name)\"" + Suggestion.clause(for: name, among: names.sorted()))
    }
    return try function.call(arguments)
  }

  private var argumentCounts: ClosedRange<Int> {
    switch self {
    case .concat: 1...64
    case .if: 2...3
    case .padLeft, .slice: 2...3
    case .length, .lower, .number, .text, .trim, .upper: 1...1
    }
  }

  private func call(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    guard argumentCounts.contains(arguments.count) else {
      let least = argumentCounts.lowerBound
      throw ExpressionError(
        "\(rawValue)() takes \(argumentCounts.count == 1 ? "\(least)" : "at least \(least)")"
          + " argument\(least == 1 ? "" : "s"), found \(arguments.count)")
    }
    switch self {
    case .if: return arguments[0].isTrue ? arguments[1] : arguments.count > 2 ? arguments[2] : nil
    case .length: return .integer(Int64(try count(of: arguments[0])))
    case .concat:
      var joined = ""
      for argument in arguments { joined += try text(argument) }
      return .string(joined)
    case .number:
      let text = try text(arguments[0])
      if let number = Int64(text) { return .integer(number) }
      guard let number = FixedPoint(.string(text)) else {
        throw ExpressionError("number() expects a number, found \"\(text)\"")
      }
      return number.value
    case .lower: return .string(try text(arguments[0]).lowercased())
    case .upper: return .string(try text(arguments[0]).uppercased())
    case .text: return .string(try text(arguments[0]))
    case .trim:
      let scalars = Substring(try text(arguments[0])).drop(while: \.isWhitespace)
      let end = scalars.lastIndex { !$0.isWhitespace }
      return .string(end.map { String(scalars[...$0]) } ?? "")
    case .padLeft: return .string(try padded(arguments))
    case .slice:
      let rest = try text(arguments[0]).dropFirst(try whole(arguments[1]))
      guard arguments.count > 2 else { return .string(String(rest)) }
      return .string(String(rest.prefix(try whole(arguments[2]))))
    }
  }

  private func padded(_ arguments: [Value?]) throws(ExpressionError) -> String {
    let content = try text(arguments[0])
    let filler = arguments.count > 2 ? try text(arguments[2]) : " "
    let missing = try whole(arguments[1]) - content.count
    guard missing > 0, !filler.isEmpty else { return content }
    return String(repeating: filler, count: missing).prefix(missing) + content
  }

  private func count(of value: Value?) throws(ExpressionError) -> Int {
    switch value {
    case .array(let items)?: items.count
    case .object(let record)?: record.count
    case .bytes(let bytes)?: bytes.count
    default: try text(value).count
    }
  }

  private func text(_ value: Value?) throws(ExpressionError) -> String {
    guard let value else { return "" }
    guard let text = value.scalarText else {
      throw ExpressionError("\(rawValue)() expects a text or number, found \(value.kindName)")
    }
    return text
  }

  /// A count that a call may ask for; the bound keeps a template from filling the memory.
  private func whole(_ value: Value?) throws(ExpressionError) -> Int {
    guard let number = value?.integerValue, (0...65536).contains(number) else {
      throw ExpressionError("\(rawValue)() expects a whole number from 0 to 65536")
    }
    return Int(number)
  }
}
