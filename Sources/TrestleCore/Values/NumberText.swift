/// A number by its exact text, in JSON's grammar (RFC 8259 §6): `-12.500`, `1e400`, forty digits.
public struct NumberText: Sendable, Hashable, CustomStringConvertible {
  /// The text as it was written; always a valid JSON number.
  public let text: String

  /// Takes a text that is a JSON number; nil for anything else (`+1`, `.5`, `1.`, `0x1`, `NaN`).
  public init?(_ text: String) {
    var copy = text
    let valid = copy.withUTF8 { NumberText.isNumber($0) }
    guard valid else { return nil }
    self.text = copy
  }

  /// Takes a text that a parser has already found to be a JSON number.
  package init(verified text: String) { self.text = text }

  /// The text itself.
  public var description: String { text }

  /// The nearest double.
  public var doubleValue: Double { Double(text) ?? .nan }

  private static func isNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    func digits() -> Int {
      let start = position
      while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
      return position - start
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else { return false }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { return false }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      guard digits() > 0 else { return false }
    }
    return position == bytes.count
  }
}
