internal import TrestleCore
internal import TrestleStore

extension AdapterSchema {
  /// The keys of `mock.journal`.
  static let journal: [AdapterKey] = [
    AdapterKey(
      "durability", .oneOf(JournalSettings.Durability.allCases.map(\.rawValue)),
      "sync holds each reply until its call is on the disk, batched writes behind the replies (the default), off keeps nothing."
    ),
    AdapterKey(
      "entries", .integer(1...10_000_000), "The most calls that are kept; 10000 when left out."),
    AdapterKey(
      "bytes", .text, "The most bytes that are kept of its calls; 64MB when left out."),
    AdapterKey(
      "body", .text,
      "The most bytes that are kept of a request's or reply's body; 64kB when left out."),
    AdapterKey("age", .duration, "The longest a call is kept; a week when left out."),
  ]

  /// A number of bytes as files spell it: `64MB`, `64KB`, `512kB`, `1GB`, `100000`; nil for anything else.
  static func bytes(written text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = ["": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30]
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let number = Int(digits), let factor = units[unit], number > 0, number < 1 << 40 else {
      return nil
    }
    return number * factor
  }
}

extension JournalSettings {
  /// Reads `mock.journal`, whose keys and types have been checked.
  init(_ value: Value?) {
    self.init()
    func number(_ key: String) -> Int? {
      value?[key].flatMap { $0.integerValue ?? $0.scalarText.flatMap { Int64($0) } }.map { Int($0) }
    }
    func bytes(_ key: String) -> Int? {
      value?[key]?.scalarText.flatMap { AdapterSchema.bytes(written: $0) }
    }
    if let word = value?["durability"] {
      // YAML reads a bare off as false.
      durability =
        word.boolValue == false
        ? .off : word.stringValue.flatMap { Durability(rawValue: $0) } ?? durability
    }
    if let entries = number("entries") { self.entries = entries }
    if let bytes = bytes("bytes") { self.bytes = bytes }
    if let body = bytes("body") { self.body = body }
    if let age = value?["age"]?.scalarText.flatMap({ Duration(written: $0) }) { self.age = age }
  }

  /// What is wrong with `mock.journal` beside its types.
  static func problems(of document: Record) -> [ValueProblem] {
    let path = ValuePath([.member("mock"), .member("journal")])
    guard let journal = document["mock"]?["journal"] else { return [] }
    return ["bytes", "body"].compactMap { key in
      guard let text = journal[key]?.scalarText, AdapterSchema.bytes(written: text) == nil else {
        return nil
      }
      return ValueProblem(
        .error, "\"\(text)\" is no number of bytes", at: path.member(key),
        hint: "write 500000, 64kB, 64MB or 1GB")
    }
  }
}
