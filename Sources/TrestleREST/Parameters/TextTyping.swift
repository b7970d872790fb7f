internal import TrestleCore

/// What a text means by its schema: on the wire of parameters and forms all values are texts.
enum TextTyping {
  /// A text that is not of any of the schema's types stays a text, for the schema to refuse.
  static func value(_ text: String, as schema: JSONSchema?) -> Value {
    guard let kinds = schema?.kinds else { return .string(text) }
    if kinds.contains(.boolean), text == "true" || text == "false" { return .bool(text == "true") }
    if kinds.contains(.integer) || kinds.contains(.number), let number = number(text) {
      // A text of digits that may be a text is one: codes keep their zeros.
      if !kinds.contains(.string) || number.scalarText == text { return number }
    }
    if kinds.contains(.null), !kinds.contains(.string), text.isEmpty || text == "null" {
      return .null
    }
    if !kinds.contains(.string), kinds.contains(.object) || kinds.contains(.array),
      let first = text.utf8.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
      let value = try? JSONParser.parse(text)
    {
      return value
    }
    return .string(text)
  }

  private static func number(_ text: String) -> Value? {
    guard let number = NumberText(text) else { return nil }
    if let integer = Int64(text), text != "-0" { return .integer(integer) }
    return .number(number)
  }

  /// The text of a value; JSON for what is more than one.
  static func text(_ value: Value) -> String {
    value.scalarText ?? JSONWriter.text(value)
  }
}
