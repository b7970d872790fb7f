/// A data element's type as the standard's tables write it: `n..19`, `an12`, `x+n8`, `b...255`.
///
/// Letters say what a value is, a dot for each digit of the length before it, the number how long it
/// is at most. Without dots the length is fixed.
struct DataElementType: Sendable {
  let text: String
  let kind: DataElement.Kind
  /// How many digits the length before the data has; 0 where there is none.
  let lengthDigits: Int
  let maximum: Int

  /// More digits than any message needs.
  static let longestLength = 6

  init?(_ text: Substring) {
    let letters = text.prefix { $0.isLetter || $0 == "+" }
    let dots = text[letters.endIndex...].prefix { $0 == "." }
    let digits = text[dots.endIndex...]
    guard let kind = Self.kind(letters), dots.count <= Self.longestLength,
      digits.allSatisfy(\.isNumber), let maximum = Int(digits), (0...999_999).contains(maximum),
      dots.isEmpty || kind != .amount
    else { return nil }
    self.text = String(text)
    self.kind = kind
    self.maximum = maximum
    lengthDigits = dots.count
  }

  private static func kind(_ letters: Substring) -> DataElement.Kind? {
    switch letters {
    case "n": .digits
    case "z": .track
    case "b": .binary
    case "x+n": .amount
    // Any mixture of letters (a), digits (n), specials (s), spaces (p) and bytes (b).
    case _ where !letters.isEmpty && letters.allSatisfy { "anspb".contains($0) }: .text
    default: nil
    }
  }
}
