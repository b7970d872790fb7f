import TrestleCore

/// The kinds of JSON values that a schema takes, as a set.
struct SchemaKinds: OptionSet, Sendable, Hashable {
  let rawValue: UInt8

  static let object = SchemaKinds(rawValue: 1)
  static let array = SchemaKinds(rawValue: 2)
  static let string = SchemaKinds(rawValue: 4)
  /// Numbers without a fraction: `1`, `1.0`, `1e3`.
  static let integer = SchemaKinds(rawValue: 8)
  /// Numbers with a fraction; `type: number` is both.
  static let fraction = SchemaKinds(rawValue: 16)
  static let boolean = SchemaKinds(rawValue: 32)
  static let null = SchemaKinds(rawValue: 64)

  static let number: SchemaKinds = [.integer, .fraction]
  static let all = SchemaKinds(rawValue: 127)

  /// The kinds that a word of `type` names; nil for a word that is no type.
  init?(word: String) {
    switch word {
    case "object": self = .object
    case "array": self = .array
    case "string": self = .string
    case "integer": self = .integer
    case "number": self = .number
    case "boolean": self = .boolean
    case "null": self = .null
    default: return nil
    }
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The kind of a value. Whole numbers are integers, however they are written.
  init(of value: Value) {
    switch value {
    case .null: self = .null
    case .bool: self = .boolean
    case .integer: self = .integer
    case .number(let number):
      self = DecimalText(number.text)?.isWhole ?? false ? .integer : .fraction
    case .double(let number): self = number.rounded() == number ? .integer : .fraction
    case .string, .bytes, .dateTime: self = .string
    case .array: self = .array
    case .object: self = .object
    }
  }

  /// The kinds by their words; `number` takes whole numbers too.
  var kinds: Set<JSONSchema.Kind> {
    var kinds: Set<JSONSchema.Kind> = []
    if contains(.object) { kinds.insert(.object) }
    if contains(.array) { kinds.insert(.array) }
    if contains(.string) { kinds.insert(.string) }
    if contains(.fraction) {
      kinds.insert(.number)
    } else if contains(.integer) {
      kinds.insert(.integer)
    }
    if contains(.boolean) { kinds.insert(.boolean) }
    if contains(.null) { kinds.insert(.null) }
    return kinds
  }

  /// The kinds for an error: `a string or null`.
  var shown: String {
    var words: [String] = []
    if contains(.object) { words.append("an object") }
    if contains(.array) { words.append("an array") }
    if contains(.string) { words.append("a string") }
    if contains(.fraction) {
      words.append("a number")
    } else if contains(.integer) {
      words.append("an integer")
    }
    if contains(.boolean) { words.append("a boolean") }
    if contains(.null) { words.append("null") }
    guard let last = words.last else { return "no value" }
    return words.count == 1
      ? last : words.dropLast().joined(separator: ", ") + " or " + last
  }
}
