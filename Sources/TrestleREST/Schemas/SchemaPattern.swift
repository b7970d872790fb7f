import TrestleCore

/// A regular expression of JSON Schema (ECMA-262), matched in linear time.
///
/// It is said in XSD's words, which Core has an engine for. Look-ahead at the beginning, which asks
/// for several things of one text, becomes patterns of their own. Nil for what is no regular
/// language, such as back references: that cannot be checked, and lets every text pass.
struct SchemaPattern: Sendable {
  let text: String
  private let whole: XSDPattern
  private let demanded: [XSDPattern]
  private let refused: [XSDPattern]

  init?(_ text: String) {
    guard let expression = ECMAExpression(text), let whole = XSDPattern(expression.whole) else {
      return nil
    }
    self.text = text
    self.whole = whole
    demanded = expression.demanded.compactMap { XSDPattern($0) }
    refused = expression.refused.compactMap { XSDPattern($0) }
    guard demanded.count == expression.demanded.count, refused.count == expression.refused.count
    else { return nil }
  }

  func matches(_ text: String) -> Bool {
    whole.matches(text) && demanded.allSatisfy { $0.matches(text) }
      && !refused.contains { $0.matches(text) }
  }

  /// Texts that match, plain ones first.
  func examples(length: Int = 0) -> [String] {
    let plain = whole.examples(length: length)
    // What is demanded besides takes the first places: a digit, a capital, a sign.
    let shortest = demanded.compactMap { pattern in
      pattern.examples().min { $0.unicodeScalars.count < $1.unicodeScalars.count }
    }
    let head = shortest.joined().unicodeScalars
    let mended = plain.map { text in
      String(head) + String(text.unicodeScalars.dropFirst(head.count))
    }
    let others = demanded.flatMap { $0.examples(length: length) }
    return (plain + mended + others).filter(matches)
  }

  /// The patterns in XSD's words, all of which a text must match; nil where some it must not.
  var xsdTexts: [String]? { refused.isEmpty ? [whole.text] + demanded.map(\.text) : nil }
}
