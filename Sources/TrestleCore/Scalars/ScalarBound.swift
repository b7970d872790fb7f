/// One bound of a scalar's range (XSD 1.0 part 2 §4.3.7 to §4.3.10).
struct ScalarBound: Sendable {
  private enum Side: Sendable {
    case minimum, exclusiveMinimum, maximum, exclusiveMaximum
  }

  private let side: Side
  let text: String
  private let bytes: [UInt8]
  /// The bound as a number where it is a small one, for a check without text arithmetic.
  private let number: Int64?

  private init?(_ side: Side, _ text: String?, kind: ScalarSchema.Kind) {
    guard let text else { return nil }
    self.side = side
    self.text = text
    bytes = Array(text.utf8)
    number = kind == .integer ? bytes.withUnsafeBufferPointer { LexicalForm.smallInteger($0) } : nil
  }

  static func bounds(of facets: Facets, kind: ScalarSchema.Kind) -> [ScalarBound] {
    [
      ScalarBound(.minimum, facets.minimum, kind: kind),
      ScalarBound(.exclusiveMinimum, facets.exclusiveMinimum, kind: kind),
      ScalarBound(.maximum, facets.maximum, kind: kind),
      ScalarBound(.exclusiveMaximum, facets.exclusiveMaximum, kind: kind),
    ].compactMap { $0 }
  }

  /// `at least`, `more than`, …
  var relation: String {
    switch side {
    case .minimum: "at least"
    case .exclusiveMinimum: "more than"
    case .maximum: "at most"
    case .exclusiveMaximum: "less than"
    }
  }

  /// Whether a text of the kind's lexical space lies inside the bound. What cannot be compared (a
  /// date without a zone and one with) is let pass.
  func admits(_ text: UnsafeBufferPointer<UInt8>, kind: ScalarSchema.Kind) -> Bool {
    let order: Int?
    if let number, let value = LexicalForm.smallInteger(text) {
      order = value < number ? -1 : value > number ? 1 : 0
    } else {
      order = bytes.withUnsafeBufferPointer {
        Self.compare(text, to: LexicalForm.trimmed($0), kind: kind)
      }
    }
    guard let order else { return true }
    switch side {
    case .minimum: return order >= 0
    case .exclusiveMinimum: return order > 0
    case .maximum: return order <= 0
    case .exclusiveMaximum: return order < 0
    }
  }

  /// Less, equal or greater, as the kind compares; nil where the two cannot be compared.
  static func compare(
    _ left: UnsafeBufferPointer<UInt8>, to right: UnsafeBufferPointer<UInt8>,
    kind: ScalarSchema.Kind
  ) -> Int? {
    switch kind {
    case .integer, .decimal:
      guard let left = DecimalDigits(left), let right = DecimalDigits(right) else { return nil }
      return left.compared(to: right)
    case .float, .double:
      guard let left = floatingPoint(left), let right = floatingPoint(right) else { return nil }
      if left == right { return 0 }
      return left < right ? -1 : 1
    case .duration:
      guard let left = DurationText(left), let right = DurationText(right) else { return nil }
      return left.compared(to: right)
    case .dateTime, .date, .time, .gYear, .gYearMonth, .gMonth, .gMonthDay, .gDay:
      guard let left = DateTimeText(left, kind: kind, allowsBasicForm: true),
        let right = DateTimeText(right, kind: kind, allowsBasicForm: true)
      else { return nil }
      return left.compared(to: right)
    case .boolean:
      let isTrue = [left, right].map {
        $0.first == UInt8(ascii: "1") || $0.first == UInt8(ascii: "t")
      }
      return isTrue[0] == isTrue[1] ? 0 : nil
    case .string, .base64, .hex, .uri, .qualifiedName: return nil
    }
  }

  private static func floatingPoint(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let text = String(decoding: bytes, as: UTF8.self)
    switch text {
    case "INF": return .infinity
    case "-INF": return -.infinity
    case "NaN": return nil
    default:
      // Swift reads "1." and ".5" only with digits on both sides of the point.
      return Double(text) ?? Double(text.replacingBarePoint)
    }
  }
}

extension String {
  /// `1.` as `1.0`, `.5` as `0.5`: what XSD allows and Swift's parser does not.
  fileprivate var replacingBarePoint: String {
    guard let point = firstIndex(of: ".") else { return self }
    let before = self[..<point]
    let after = self[index(after: point)...]
    let needsZero = before.last?.isNumber != true
    let needsFraction = after.first?.isNumber != true
    return before + (needsZero ? "0." : ".") + (needsFraction ? "0" : "") + after
  }
}
