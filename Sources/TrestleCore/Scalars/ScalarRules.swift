/// The rules of one scalar type, compiled for checking texts: the lexical space of its kind
/// (XSD 1.0 part 2 §3.2) and its facets (§4.3).
///
/// Made once when a contract loads. Accepting a text allocates nothing; only a refusal does.
package struct ScalarRules: Sendable {
  /// Why a text is not of the type.
  package struct Refusal: Sendable, Hashable {
    /// A clause to stand after the path: `expects xs:int, found "two"`.
    package var reason: String
    /// What to do about it, as a sentence; nil when nothing sensible can be said.
    package var hint: String?
  }

  let scalar: ScalarSchema
  private let bounds: [ScalarBound]
  private let patterns: [XSDPattern]
  /// The allowed texts in byte order, for a binary search.
  private let enumeration: [[UInt8]]
  private let hasLengths: Bool
  private let alternatives: [ScalarRules]
  private let allowsBasicForm: Bool

  package init(_ scalar: ScalarSchema) {
    self.scalar = scalar
    let facets = scalar.facets
    bounds = ScalarBound.bounds(of: facets, kind: scalar.kind)
    patterns = facets.patterns.compactMap(XSDPatternCache.pattern)
    enumeration = facets.enumeration.map { Array($0.utf8) }
      .sorted { $0.lexicographicallyPrecedes($1) }
    hasLengths =
      facets.length != nil || facets.minimumLength != nil || facets.maximumLength != nil
    alternatives = scalar.alternatives.map(ScalarRules.init)
    allowsBasicForm = scalar.typeName == "dateTime.iso8601"
  }

  /// Why the text is refused, or nil when it is accepted.
  package func refusal(of text: String) -> Refusal? {
    var text = text
    return text.withUTF8 { refusal(of: $0) }
  }

  /// Why some valid UTF-8 is refused, or nil when it is accepted.
  ///
  /// White space around it counts only for `string`: all other kinds collapse it.
  package func refusal(of bytes: UnsafeBufferPointer<UInt8>) -> Refusal? {
    let text = scalar.kind == .string ? bytes : LexicalForm.trimmed(bytes)
    if !alternatives.isEmpty, alternatives.allSatisfy({ $0.refusal(of: text) != nil }) {
      let names = alternatives.map(\.scalar.typeName).joined(separator: " or ")
      return Refusal(reason: "expects \(names) (\(scalar.typeName)), found \(quoted(text))")
    }
    guard isInLexicalSpace(text) else { return kindRefusal(of: text) }
    if hasLengths, let refusal = lengthRefusal(of: text) { return refusal }
    if scalar.facets.totalDigits != nil || scalar.facets.fractionDigits != nil,
      let refusal = digitsRefusal(of: text)
    {
      return refusal
    }
    for bound in bounds where !bound.admits(text, kind: scalar.kind) {
      return refusal("\(bound.relation) \(bound.text)", of: text)
    }
    for pattern in patterns where !pattern.matches(text) {
      return refusal("a text that matches \(pattern.text)", of: text)
    }
    if !enumeration.isEmpty, !isEnumerated(text) { return enumerationRefusal(of: text) }
    return nil
  }

  private func isInLexicalSpace(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch scalar.kind {
    case .string, .uri: true
    case .boolean: LexicalForm.isBoolean(text)
    case .integer: LexicalForm.isInteger(text)
    case .decimal: DecimalDigits(text) != nil
    case .float, .double: LexicalForm.isFloat(text)
    case .base64: LexicalForm.base64Size(text) != nil
    case .hex: LexicalForm.hexadecimalSize(text) != nil
    case .duration: DurationText(text) != nil
    case .qualifiedName: LexicalForm.isQualifiedName(text)
    case .dateTime, .date, .time, .gYear, .gYearMonth, .gMonth, .gMonthDay, .gDay:
      DateTimeText(text, kind: scalar.kind, allowsBasicForm: allowsBasicForm) != nil
    }
  }

  // MARK: Facets

  private func lengthRefusal(of text: UnsafeBufferPointer<UInt8>) -> Refusal? {
    let facets = scalar.facets
    let count: Int
    let unit: String
    switch scalar.kind {
    case .base64: (count, unit) = (LexicalForm.base64Size(text) ?? 0, "byte")
    case .hex: (count, unit) = (LexicalForm.hexadecimalSize(text) ?? 0, "byte")
    // XSD 1.0 part 2 §4.3.1: lengths say nothing about names, whose prefixes may change.
    case .qualifiedName: return nil
    default: (count, unit) = (LexicalForm.characterCount(text), "character")
    }
    func units(_ number: Int) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
    if let length = facets.length, count != length {
      return Refusal(reason: "expects \(units(length)), found \(count): \(quoted(text))")
    }
    if let minimum = facets.minimumLength, count < minimum {
      return Refusal(reason: "expects at least \(units(minimum)), found \(count): \(quoted(text))")
    }
    if let maximum = facets.maximumLength, count > maximum {
      return Refusal(reason: "expects at most \(units(maximum)), found \(count): \(quoted(text))")
    }
    return nil
  }

  private func digitsRefusal(of text: UnsafeBufferPointer<UInt8>) -> Refusal? {
    guard let number = DecimalDigits(text) else { return nil }
    if let total = scalar.facets.totalDigits, number.totalDigits > total {
      return refusal("at most \(total) digits", of: text)
    }
    if let most = scalar.facets.fractionDigits, number.fraction.count > most {
      return refusal(
        most == 0 ? "a whole number" : "at most \(most) digits after the point", of: text)
    }
    return nil
  }

  private func isEnumerated(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var low = 0
    var high = enumeration.count
    while low < high {
      let middle = (low + high) / 2
      if enumeration[middle].lexicographicallyPrecedes(text) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    if low < enumeration.count, enumeration[low].elementsEqual(text) { return true }
    // Other spellings of an allowed value: 1.0 for 1, +5 for 5 (enumerations are of values).
    switch scalar.kind {
    case .string, .uri, .qualifiedName, .hex, .base64: return false
    default:
      return enumeration.contains { allowed in
        allowed.withUnsafeBufferPointer {
          ScalarBound.compare(text, to: LexicalForm.trimmed($0), kind: scalar.kind) == 0
        }
      }
    }
  }

  // MARK: Wording

  private func kindRefusal(of text: UnsafeBufferPointer<UInt8>) -> Refusal {
    Refusal(
      reason: "expects \(scalar.typeName), found \(quoted(text))",
      hint: scalar.kind.example.map { "Write it as \($0)." })
  }

  private func enumerationRefusal(of text: UnsafeBufferPointer<UInt8>) -> Refusal {
    let allowed = scalar.facets.enumeration
    let found = String(decoding: text, as: UTF8.self)
    let list = allowed.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    let more = allowed.count > 8 ? ", … (\(allowed.count) in all)" : ""
    return Refusal(
      reason: "expects \(allowed.count == 1 ? "" : "one of ")\(list)\(more), found \(quoted(text))",
      hint: Suggestion.nearest(to: found, among: allowed).map { "Did you mean \"\($0)\"?" })
  }

  private func refusal(_ expected: String, of text: UnsafeBufferPointer<UInt8>) -> Refusal {
    Refusal(reason: "expects \(expected) (\(scalar.typeName)), found \(quoted(text))")
  }

  /// The text in quotes, cut where it is too long to read.
  private func quoted(_ text: UnsafeBufferPointer<UInt8>) -> String {
    let text = String(decoding: text.prefix(200), as: UTF8.self)
    return text.count > 60 ? "\"\(text.prefix(57))…\"" : "\"\(text)\""
  }
}

extension ScalarSchema.Kind {
  /// How a value of the kind is written, for kinds whose form people get wrong.
  var example: String? {
    switch self {
    case .string, .uri, .qualifiedName, .integer: nil
    case .boolean: "true or false"
    case .decimal: "10.50, without an exponent"
    case .float, .double: "1.5, 1.5E3, INF, -INF or NaN"
    case .base64: "base64"
    case .hex: "pairs of hexadecimal digits"
    case .dateTime: "2026-01-15T09:30:00Z"
    case .date: "2026-01-15"
    case .time: "09:30:00"
    case .duration: "P1DT2H30M"
    case .gYear: "2026"
    case .gYearMonth: "2026-01"
    case .gMonth: "--01"
    case .gMonthDay: "--01-15"
    case .gDay: "---15"
    }
  }
}
