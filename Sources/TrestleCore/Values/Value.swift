/// A value as legacy protocols know it: what callers pass, what mocks answer, what the journal keeps.
///
/// Numbers keep their text: nothing passes through `Double` unless the wire type is a floating-point
/// one. `integer` holds what fits 64 bits; `number` keeps the exact text of everything wider or with
/// a fraction (`10.500` stays `10.500`).
public enum Value: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number too wide for `integer`, or with a fraction or an exponent, by its exact text.
  case number(NumberText)
  /// A value of a floating-point wire type; may be NaN or infinite.
  case double(Double)
  case string(String)
  /// Binary data; base64 text in JSON.
  case bytes([UInt8])
  /// A point in time by its exact wire text; no zone is added or assumed.
  case dateTime(String)
  case array([Value])
  case object(Record)
}

extension Value {
  /// The empty object, `{}`: what a call without parameters passes.
  public static var emptyObject: Value { .object(Record()) }

  /// Whether the value is `null`.
  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The text of a string or date-time, or nil for every other case.
  public var stringValue: String? {
    switch self {
    case .string(let text), .dateTime(let text): text
    default: nil
    }
  }

  /// The members of an object, or nil for every other case.
  public var objectValue: Record? {
    if case .object(let record) = self { return record }
    return nil
  }

  /// The items of an array, or nil for every other case.
  public var arrayValue: [Value]? {
    if case .array(let items) = self { return items }
    return nil
  }

  /// The truth value, or nil when this is no boolean.
  public var boolValue: Bool? {
    if case .bool(let flag) = self { return flag }
    return nil
  }

  /// The value as a 64-bit integer where it is one, by its type or by its exact text.
  public var integerValue: Int64? {
    switch self {
    case .integer(let number): number
    case .number(let number): Int64(number.text)
    default: nil
    }
  }

  /// The text of a scalar as it would stand in an XML element or a template; nil for arrays and objects.
  public var scalarText: String? {
    switch self {
    case .null: ""
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .number(let number): number.text
    case .double(let number): number.lexicalText
    case .string(let text), .dateTime(let text): text
    case .bytes(let bytes): Base64.encode(bytes)
    case .array, .object: nil
    }
  }

  /// The word people use for the value's kind: `string`, `array`, …
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .number, .double: "number"
    case .string: "string"
    case .bytes: "bytes"
    case .dateTime: "date-time"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The member of an object by name; nil when absent or when this is no object.
  public subscript(name: String) -> Value? {
    if case .object(let record) = self { return record[name] }
    return nil
  }

  /// The item of an array by position; nil when out of range or when this is no array.
  public subscript(position: Int) -> Value? {
    if case .array(let items) = self, items.indices.contains(position) { return items[position] }
    return nil
  }
}

extension Double {
  /// The XSD lexical form: `INF`, `-INF`, `NaN`, else the shortest text that reads back the same.
  ///
  /// XSD 1.0 part 2 §3.2.5.1. A whole number loses its `.0`.
  package var lexicalText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-INF" : "INF" }
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
