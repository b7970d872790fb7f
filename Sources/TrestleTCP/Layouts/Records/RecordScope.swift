internal import TrestleCore

/// What conditions and computed fields of a record may speak of: the fields before them, of their own
/// record first and then of those around it, and time, chance and counters where these are wanted.
struct RecordScope: ExpressionEnvironment {
  /// The records around a field, the outermost first.
  var records: [Record]
  var generators: Generators?

  func value(of name: String) -> Value? {
    for record in records.reversed() {
      if let value = record[name] { return value }
    }
    return generators?.value(of: name)
  }

  /// The value at a path of names: `header.kind`.
  func value(at path: String) -> Value? {
    if let value = value(of: path) { return value }
    let names = path.split(separator: ".")
    guard names.count > 1, let head = names.first else { return nil }
    return names.dropFirst().reduce(value(of: String(head))) { $0?[String($1)] }
  }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    guard let generators else { return try PureFunction.call(function, arguments) }
    return try generators.call(function, arguments)
  }

  func isTrue(_ condition: Expression) throws(CodecError) -> Bool {
    do throws(ExpressionError) {
      return try condition.isTrue(in: self)
    } catch {
      throw CodecError(reason: "\(condition.text): \(error.reason)", hint: error.hint)
    }
  }

  func evaluate(_ expression: Expression) throws(CodecError) -> Value? {
    do throws(ExpressionError) {
      return try expression.evaluate(in: self)
    } catch {
      throw CodecError(reason: "\(expression.text): \(error.reason)", hint: error.hint)
    }
  }

  /// A number of items or bytes.
  func number(_ expression: Expression) throws(CodecError) -> Int {
    let value = try evaluate(expression)
    guard let number = value?.scalarText.flatMap({ Int($0.trimmed) }), number >= 0 else {
      throw CodecError(
        reason: "\(expression.text) is no number of bytes: \(value?.description ?? "nothing")")
    }
    return number
  }
}
