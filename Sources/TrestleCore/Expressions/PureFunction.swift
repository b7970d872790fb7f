/// The functions that every place of the expression language has: same arguments, same result.
package enum PureFunction: String, CaseIterable, Sendable {
  /// `abs(x)`: a number without its sign.
  case abs
  /// `base64(x)`: binary data or a text's UTF-8, in Base64.
  case base64
  /// `base64Decode(text)`: the text that was written in Base64; its bytes, where they are no UTF-8.
  case base64Decode
  /// `concat(a, b, …)`: the texts joined.
  case concat
  /// `contains(text, part)`, or `contains(list, item)`.
  case contains
  /// `count(text, part)`: how often a part occurs in a text, without overlaps.
  case count
  /// `date(text, pattern)` or `date(text, pattern, '+3d')`: a date or time of ISO 8601, moved and written anew.
  case date
  case endsWith
  /// `format(x, '#,##0.00')`: a number written by a pattern, rounded half up.
  case format
  /// `hex(x)`: binary data or a text's UTF-8, two digits a byte.
  case hex
  case hexDecode
  /// `if(condition, then, else)`.
  case `if`
  /// `join(list, ', ')`: the texts of a list's items with something between them.
  case join
  /// `json(x)`: any value as JSON.
  case json
  /// `length(x)`: characters of a text, bytes of binary data, items of a list, members of an object.
  case length
  case lower
  /// `max(a, b, …)`, or `max(list)`; `min` likewise.
  case max
  case min
  /// `number(text)`: the number that a text is written like.
  case number
  /// `padLeft(x, width)` or `padLeft(x, width, '0')`.
  case padLeft
  case padRight
  /// `replace(text, part, other)`: the text with every such part replaced.
  case replace
  /// `round(x)` or `round(x, places)`: rounded half up, exactly.
  case round
  /// `slice(text, from)` or `slice(text, from, count)`, counted from 0.
  case slice
  /// `split(text, ',')`: the parts of a text.
  case split
  case startsWith
  /// `substring(text, from)` or `substring(text, from, to)`, counted from 0, `to` excluded.
  case substring
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
    case .concat, .max, .min: 1...64
    case .if, .padLeft, .padRight, .slice, .substring, .date: 2...3
    case .replace: 3...3
    case .contains, .count, .endsWith, .format, .split, .startsWith: 2...2
    case .join, .round, .sum: 1...2
    case .abs, .base64, .base64Decode, .hex, .hexDecode, .json, .length, .lower, .number, .text,
      .trim, .upper:
      1...1
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
    case .padLeft: return .string(try filler(arguments) + text(arguments[0]))
    case .padRight: return .string(try text(arguments[0]) + filler(arguments))
    case .slice:
      let rest = try text(arguments[0]).dropFirst(try whole(arguments[1]))
      guard arguments.count > 2 else { return .string(String(rest)) }
      return .string(String(rest.prefix(try whole(arguments[2]))))
    case .substring:
      let from = try whole(arguments[1])
      let rest = try text(arguments[0]).dropFirst(from)
      guard arguments.count > 2 else { return .string(String(rest)) }
      return .string(String(rest.prefix(Swift.max(0, try whole(arguments[2]) - from))))
    case .date: return .string(try movedDate(arguments))
    case .abs, .format, .max, .min, .round: return try ofNumbers(arguments)
    case .base64, .base64Decode, .hex, .hexDecode, .json: return try inOtherWriting(arguments[0])
    case .contains, .endsWith, .join, .replace, .split, .startsWith: return try ofParts(arguments)
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

  /// What a text lacks to a width.
  private func filler(_ arguments: [Value?]) throws(ExpressionError) -> String {
    let filler = arguments.count > 2 ? try text(arguments[2]) : " "
    let missing = try whole(arguments[1]) - text(arguments[0]).count
    guard missing > 0, !filler.isEmpty else { return "" }
    return String(String(repeating: filler, count: missing).prefix(missing))
  }

  private func count(of value: Value?) throws(ExpressionError) -> Int {
    switch value {
    case .array(let items)?: items.count
    case .object(let record)?: record.count
    case .bytes(let bytes)?: bytes.count
    default: try text(value).count
    }
  }

  func text(_ value: Value?) throws(ExpressionError) -> String {
    guard let value else { return "" }
    guard let text = value.scalarText else {
      throw ExpressionError("\(rawValue)() expects a text or number, found \(value.kindName)")
    }
    return text
  }

  /// A count that a call may ask for; the bound keeps a template from filling the memory.
  func whole(_ value: Value?) throws(ExpressionError) -> Int {
    guard let number = value?.integerValue, (0...65536).contains(number) else {
      throw ExpressionError("\(rawValue)() expects a whole number from 0 to 65536")
    }
    return Int(number)
  }
}
