import TrestleCore

/// Scalars that a schema may allow, plain ones first; the caller holds them against the rules.
struct ScalarCandidates {
  let blend: SchemaBlend
  let name: String
  /// How many further values are wanted beside the first.
  let variation: Int

  init(_ blend: SchemaBlend, named name: String, variation: Int) {
    self.blend = blend
    self.name = name
    self.variation = variation
  }

  /// A word for a member's name.
  static func word(from name: String) -> String {
    let word = String(name.drop { $0 == "_" })
    return word.isEmpty ? "text" : word
  }

  func values(of kind: SchemaKinds) -> [Value] {
    if kind == .boolean { return [true, false] }
    if kind == .string { return texts.map { .string($0) } }
    guard !kind.isDisjoint(with: .number) else { return [] }
    let values = numbers(isWhole: !kind.contains(.fraction)).compactMap { text -> Value? in
      if let integer = Int64(text) { return .integer(integer) }
      return NumberText(text).map { .number($0) }
    }
    return values.filter { !kind.isDisjoint(with: SchemaKinds(of: $0)) }
  }

  // MARK: Texts

  private var texts: [String] {
    let rules = blend.parts.compactMap(\.rules.text)
    let shortest = min(rules.map(\.minimumLength).max() ?? 0, 100_000)
    let longest = rules.compactMap(\.maximumLength).min() ?? .max
    let word = Self.word(from: name)
    var texts = rules.compactMap(\.shownFormat).flatMap { $0.examples(named: name) }
    texts.append(Self.fitted(word, shortest, longest))
    let patterns = rules.compactMap(\.pattern)
    if !patterns.isEmpty {
      // Texts that patterns usually mean, before an artless one is made up.
      texts += [
        texts[texts.count - 1].uppercased(), texts[texts.count - 1].lowercased(), "2026-01-15",
        "2026-01-15T09:30:00Z", "09:30:00", "09:30", "10.50", "en", "en-US", "EUR", "1.0.0", "true",
        "123e4567-e89b-12d3-a456-426614174000", "user@example.com", "http://example.com/",
        "https://example.com/", "+15550100123", "/\(word)",
      ]
      for pattern in patterns {
        texts += pattern.examples(length: shortest)
        if longest < 1_000, longest != shortest { texts += pattern.examples(length: longest) }
      }
    }
    texts += rules.compactMap(\.shownFormat).flatMap { format in
      format.examples(named: name).flatMap { Self.widened($0, format, shortest) }
    }
    for number in 1...(variation + 2) {
      texts.append(Self.fitted("\(word)\(number)", shortest, longest))
      if longest < 4 { texts.append(String(String(number).suffix(longest))) }
    }
    return texts
  }

  /// A word cut or repeated to a length.
  private static func fitted(_ word: String, _ shortest: Int, _ longest: Int) -> String {
    let letters = Array(word.unicodeScalars)
    let count = max(shortest, min(longest, letters.count))
    var text = String.UnicodeScalarView()
    for position in 0..<count { text.append(letters[position % letters.count]) }
    return String(text)
  }

  /// The example of a format made longer where the format has room.
  private static func widened(_ text: String, _ format: TextFormat, _ shortest: Int) -> [String] {
    let missing = shortest - text.unicodeScalars.count
    guard missing > 0 else { return [] }
    let filling = String(repeating: "a", count: missing)
    switch format {
    case .uri, .uriReference, .uriTemplate, .jsonPointer: return [text + filling]
    case .email, .idnEmail: return [filling + text]
    case .base64: return [String(repeating: "YWFh", count: (shortest + 3) / 4)]
    default: return []
    }
  }

  // MARK: Numbers

  private func numbers(isWhole: Bool) -> [String] {
    let rules = blend.parts.compactMap(\.rules.number)
    var texts = isWhole ? ["1", "0", "10", "100", "-1"] : ["1.5", "0.5", "1", "0", "0.1", "10.5"]
    let bounds = rules.flatMap(\.bounds)
    let points = bounds.compactMap { ShortDecimal($0.text) }
    for divisor in rules.flatMap(\.divisors) {
      texts.append(divisor.text)
      guard let by = ShortDecimal(divisor.text) else { continue }
      for point in points { texts += Self.multiples(of: by, near: point) }
      texts += (2..<(variation + 4)).compactMap { by.times(Int128($0))?.text }
    }
    texts += bounds.map(\.text)
    func addBeside(_ step: ShortDecimal) {
      for point in points {
        texts += [point.adding(step), point.subtracting(step)].compactMap { $0?.text }
      }
    }
    for place in isWhole ? [0] : [0, 1, 2, 4, 9] { addBeside(ShortDecimal(unitAt: place)) }
    if points.count > 1, let half = points[0].adding(points[1])?.half { texts.append(half.text) }
    for number in 0..<variation * 2 {
      texts.append(String(number + 2))
      addBeside(ShortDecimal(number + 2))
    }
    return texts
  }

  /// The whole multiples beside a bound.
  private static func multiples(of divisor: ShortDecimal, near point: ShortDecimal) -> [String] {
    guard let count = point.quotient(by: divisor) else { return [] }
    return [Int128(0), 1, -1, 2].compactMap { divisor.times(count + $0)?.text }
  }
}
