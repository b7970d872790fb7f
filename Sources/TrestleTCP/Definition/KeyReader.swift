internal import TrestleCore

/// Reads one mapping of a definition: keys are asked for by name, and what nobody asked for is a
/// mistake with "did you mean".
struct KeyReader {
  let record: Record
  let path: ValuePath
  /// The mapping for messages: `frame.length`.
  private var known: [String] = []

  /// Takes a mapping; anything else is a problem, and nil.
  init?(_ value: Value?, at path: ValuePath, problems: inout [ValueProblem]) {
    switch value {
    case .object(let record)?: self.record = record
    case nil, .null?: self.record = [:]
    case let value?:
      problems.error("expects keys with values, found \(value.kindName)", at: path)
      return nil
    }
    self.path = path
  }

  func place(_ key: String) -> ValuePath { path.member(key) }

  /// The value under a key; null counts as absent.
  mutating func value(_ key: String) -> Value? {
    known.append(key)
    guard let value = record[key], !value.isNull else { return nil }
    return value
  }

  mutating func text(_ key: String, problems: inout [ValueProblem]) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.scalarText else {
      problems.error("expects a text, found \(value.kindName)", at: place(key))
      return nil
    }
    return text
  }

  mutating func flag(_ key: String, problems: inout [ValueProblem]) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.boolValue else {
      problems.error("expects true or false, found \(value)", at: place(key))
      return nil
    }
    return flag
  }

  mutating func integer(
    _ key: String, in range: ClosedRange<Int>, problems: inout [ValueProblem]
  ) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = WrittenNumber.integer(value), range.contains(number) else {
      problems.error(
        "expects a whole number from \(range.lowerBound) to \(range.upperBound), found \(value)",
        at: place(key))
      return nil
    }
    return number
  }

  /// A number of bytes: `512`, `64k`, `1m`.
  mutating func size(_ key: String, problems: inout [ValueProblem]) -> Int? {
    guard let value = value(key) else { return nil }
    guard let size = WrittenNumber.size(value) else {
      problems.error("expects a size like 512, 64k or 1m, found \(value)", at: place(key))
      return nil
    }
    return size
  }

  /// A time span: `200ms`, `60s`, `1.5m`.
  mutating func duration(_ key: String, problems: inout [ValueProblem]) -> Duration? {
    guard let value = value(key) else { return nil }
    guard let duration = value.scalarText.flatMap({ Duration(written: $0) }) else {
      problems.error("expects a time span like 200ms, 60s or 2m, found \(value)", at: place(key))
      return nil
    }
    return duration
  }

  /// Bytes written as a text: `"\x1c\r"`.
  mutating func bytes(
    _ key: String, in encoding: TextEncoding = .latin1, problems: inout [ValueProblem]
  ) -> [UInt8]? {
    guard let value = value(key) else { return nil }
    return WrittenBytes.read(value, in: encoding, at: place(key), problems: &problems)
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ key: String, as type: Word.Type, problems: inout [ValueProblem]
  ) -> Word? where Word.RawValue == String {
    guard let text = text(key, problems: &problems) else { return nil }
    if let word = Word(rawValue: text.lowercased()) { return word }
    let words = Word.allCases.map(\.rawValue)
    problems.error(
      "unknown \(key) \"\(text)\"" + Suggestion.clause(for: text, among: words), at: place(key),
      hint: "known: \(words.joined(separator: ", "))")
    return nil
  }

  /// Tells of every key that nobody asked for.
  func finish(_ what: String, problems: inout [ValueProblem]) {
    for name in record.names where !known.contains(name) {
      problems.error(
        "\(what) has no key \"\(name)\"" + Suggestion.clause(for: name, among: known),
        at: place(name), hint: "known keys: \(known.joined(separator: ", "))")
    }
  }
}

extension [ValueProblem] {
  mutating func error(
    _ message: String, at path: ValuePath, hint: String? = nil, operations: [String] = []
  ) {
    append(ValueProblem(.error, message, at: path, hint: hint, operations: operations))
  }

  mutating func warn(
    _ message: String, at path: ValuePath, hint: String? = nil, operations: [String] = []
  ) {
    append(ValueProblem(.warning, message, at: path, hint: hint, operations: operations))
  }

  var hasErrors: Bool { contains { $0.severity == .error } }
}
