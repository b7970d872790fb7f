/// The functions that every place of the expression language has: same arguments, same result.
package enum PureFunction: String, CaseIterable, Sendable {
  /// `concat(a, b, …)`: the texts joined.
  case concat
  /// `count(text, part)`: how often a part occurs in a text, without overlaps.
  case count
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
  /// `sum(list)`, or `sum(list, 'member')` of the members of its objects; what is absent counts nothing.
  case sum
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
    case .count: 2...2
    case .sum: 1...2
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
    case .count: return .integer(Int64(try occurrences(arguments)))
    case .sum: return try sum(arguments)
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

  private func occurrences(_ arguments: [Value?]) throws(ExpressionError) -> Int {
    let part = Array(try text(arguments[1]).utf8)
    guard !part.isEmpty else { throw ExpressionError("count() expects a part to look for") }
    let whole = Array(try text(arguments[0]).utf8)
    var count = 0
    var index = 0
    while index + part.count <= whole.count {
      if whole[index] == part[0], whole[index..<index + part.count].elementsEqual(part) {
        count += 1
        index += part.count
      } else {
        index += 1
      }
    }
    return count
  }

  private func sum(_ arguments: [Value?]) throws(ExpressionError) -> Value {
    let items: [Value]
    switch arguments[0] {
    case nil, .null?: items = []
    case .array(let list)?: items = list
    case .object(let record)?: items = record.members.map(\.value)
    case .some(let other):
      throw ExpressionError("sum() expects a list or an object, found \(other.kindName)")
    }
    let name = arguments.count > 1 ? try text(arguments[1]) : nil
    var total = Value.integer(0)
    for item in items {
      guard let value = name.map({ item[$0] }) ?? item, !value.isNull else { continue }
      total = try Arithmetic.apply(.plus, total, value)
    }
    return total
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
