/// Makes texts for scalars: plausible, recognisable, and allowed by the scalar's rules.
///
/// Candidates are tried in order, plain ones first, and the first that the rules accept is taken: so
/// a sample can be no more wrong than the rules are.
enum ScalarSample {
  /// The value of a scalar, in its JSON form.
  static func value(for scalar: ScalarSchema, in schema: Schema, named name: String) -> Value {
    value(text(for: scalar, in: schema, named: name), as: scalar)
  }

  /// A text in the JSON form of its type; a text the form has no words for stays text.
  static func value(_ text: String, as scalar: ScalarSchema) -> Value {
    guard scalar.form != .string else { return .string(text) }
    let word = text.filter { !$0.isWhitespace }
    if scalar.form == .boolean {
      switch word {
      case "true", "1": return .bool(true)
      case "false", "0": return .bool(false)
      default: return .string(text)
      }
    }
    if scalar.kind == .float || scalar.kind == .double {
      guard let number = Double(word), number.isFinite else { return .string(word) }
      return .double(number)
    }
    if let number = Int64(word) { return .integer(number) }
    return NumberText(word).map { .number($0) } ?? .string(word)
  }

  /// A word for a member's name: the name itself without its plumbing.
  static func word(from name: String) -> String {
    let word = String(name.drop { $0 == "_" })
    return word.isEmpty ? "text" : word
  }

  private static func text(
    for scalar: ScalarSchema, in schema: Schema, named name: String
  ) -> String {
    if let fixed = schema.fixedText { return fixed }
    let rules = ScalarRules(scalar)
    func isFine(_ text: String) -> Bool { rules.refusal(of: text) == nil }
    if let text = schema.defaultText, isFine(text) { return text }
    if let text = scalar.facets.enumeration.first(where: isFine) { return text }
    if !scalar.alternatives.isEmpty {
      let texts = scalar.alternatives.map { text(for: $0, in: Schema(.scalar($0)), named: name) }
      return texts.first(where: isFine) ?? texts[0]
    }
    let word = word(from: name)
    let plain = plainTexts(for: scalar, word: word)
    if let text = plain.first(where: isFine) { return text }
    if let text = boundTexts(for: scalar).first(where: isFine) { return text }
    return patternText(for: scalar, isFine: isFine) ?? plain.first ?? word
  }

  private static func plainTexts(for scalar: ScalarSchema, word: String) -> [String] {
    let facets = scalar.facets
    switch scalar.kind {
    case .string: return stringTexts(for: scalar, word: word)
    case .boolean: return ["true", "false", "1", "0"]
    case .integer: return ["1", "0", "-1", "10", "100", "1000"]
    case .decimal: return ["10.50", "10.5", "10", "1.5", "1", "0.5", "0.1", "0", "-1"]
    case .float, .double: return ["1.5", "1", "0.5", "0", "-1.5", "10", "100"]
    case .base64: return [Base64.encode(sampleBytes(word, facets))]
    case .hex: return [sampleBytes(word, facets).hexadecimalText]
    case .dateTime:
      return ["2026-01-15T09:30:00Z", "2026-01-15T09:30:00", "20260115T09:30:00"]
    case .date: return ["2026-01-15", "2026-01-15Z"]
    case .time: return ["09:30:00", "09:30:00Z"]
    case .duration: return ["P1D", "PT1H", "P1Y", "P1M", "PT0S"]
    case .gYear: return ["2026"]
    case .gYearMonth: return ["2026-01"]
    case .gMonth: return ["--01"]
    case .gMonthDay: return ["--01-15"]
    case .gDay: return ["---15"]
    case .uri:
      let safe = word.utf8.allSatisfy { $0 | 0x20 &- 97 < 26 || $0 &- 48 < 10 } ? word : "name"
      return ["http://example.com/\(safe)", "urn:\(safe)", fitted(safe, to: facets)]
    case .qualifiedName: return [word, "name"]
    }
  }

  /// Bytes that read as a word; ASCII, so that a length in characters is one in bytes.
  private static func sampleBytes(_ word: String, _ facets: Facets) -> [UInt8] {
    let ascii = String(word.unicodeScalars.filter(\.isASCII).map(Character.init))
    return Array(fitted(ascii.isEmpty ? "data" : ascii, to: facets).utf8)
  }

  private static func stringTexts(for scalar: ScalarSchema, word: String) -> [String] {
    let facets = scalar.facets
    guard scalar.typeName != "xs:language" else { return ["en"] }
    let fitted = fitted(word, to: facets)
    guard !facets.patterns.isEmpty else { return [fitted] }
    // Texts that patterns of business systems usually mean, before an artless one is made up.
    return [
      fitted, fitted.uppercased(), fitted.lowercased(), "2026-01-15", "2026-01-15T09:30:00Z",
      "2026-01-15T09:30:00", "09:30:00", "09:30", "20260115", "10.50", "en", "EUR", "true",
      "123e4567-e89b-12d3-a456-426614174000", "user@example.com", "http://example.com/",
    ]
  }

  /// Texts at and beside the bounds.
  private static func boundTexts(for scalar: ScalarSchema) -> [String] {
    let facets = scalar.facets
    let bounds = [
      facets.minimum, facets.maximum, facets.exclusiveMinimum, facets.exclusiveMaximum,
    ].compactMap { $0 }
    guard !bounds.isEmpty || facets.totalDigits != nil else { return [] }
    switch scalar.kind {
    case .integer, .decimal, .float, .double: break
    default: return bounds + latestAndEarliest(scalar.kind)
    }
    var texts = bounds
    let points = bounds.compactMap { FixedPoint(.string($0)) }
    let places = scalar.kind == .integer ? 0 : min(facets.fractionDigits ?? 2, 18)
    for point in points {
      for step in [FixedPoint(coefficient: 1, scale: 0), FixedPoint(coefficient: 1, scale: places)]
      {
        texts += [point.adding(step), point.subtracting(step)].compactMap { $0?.value.scalarText }
      }
    }
    if points.count > 1, let sum = points[0].adding(points[1]),
      let half = sum.divided(by: FixedPoint(coefficient: 2, scale: 0))
    {
      texts += [half.value.scalarText].compactMap { $0 }
    }
    return texts
  }

  private static func latestAndEarliest(_ kind: ScalarSchema.Kind) -> [String] {
    switch kind {
    case .dateTime: ["9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"]
    case .date: ["9999-12-31", "0001-01-01"]
    case .time: ["23:59:59", "00:00:00"]
    case .duration: ["P100Y", "-P100Y"]
    case .gYear: ["9999", "0001"]
    case .gYearMonth: ["9999-12", "0001-01"]
    default: []
    }
  }

  private static func patternText(
    for scalar: ScalarSchema, isFine: (String) -> Bool
  ) -> String? {
    let facets = scalar.facets
    let length =
      facets.length ?? facets.minimumLength ?? (facets.totalDigits == nil ? 0 : 1)
    for pattern in facets.patterns {
      let texts = XSDPatternCache.pattern(pattern)?.examples(length: length) ?? []
      if let text = texts.first(where: isFine) { return text }
    }
    return nil
  }

  /// A word cut or repeated to a length that the facets allow.
  private static func fitted(_ word: String, to facets: Facets) -> String {
    // Nobody reads a sample of a megabyte.
    let shortest = min(facets.length ?? facets.minimumLength ?? 0, 100_000)
    let longest = facets.length ?? facets.maximumLength ?? .max
    let pattern = Array(word.unicodeScalars)
    let count = max(shortest, min(longest, pattern.count))
    var text = String.UnicodeScalarView()
    for position in 0..<max(0, count) { text.append(pattern[position % pattern.count]) }
    return String(text)
  }
}
