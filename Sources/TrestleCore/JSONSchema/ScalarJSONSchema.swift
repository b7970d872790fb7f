/// The JSON Schema of scalars.
enum ScalarJSONSchema {
  static func record(for scalar: ScalarSchema, in schema: Schema) -> Record {
    var record = Record()
    switch scalar.form {
    case .boolean: record["type"] = "boolean"
    case .number: record["type"] = scalar.kind == .integer ? "integer" : "number"
    case .string: record["type"] = "string"
    }
    let facets = scalar.facets
    if let fixed = schema.fixedText {
      record["const"] = ScalarSample.value(fixed, as: scalar)
    } else if !facets.enumeration.isEmpty {
      record["enum"] = .array(facets.enumeration.map { ScalarSample.value($0, as: scalar) })
    }
    if let text = schema.defaultText { record["default"] = ScalarSample.value(text, as: scalar) }
    switch scalar.form {
    case .number: addBounds(facets, to: &record)
    case .string: addTextRules(of: scalar, to: &record)
    case .boolean: break
    }
    record["x-trestle-type"] = .string(scalar.typeName)
    return record
  }

  /// Puts in what a number may be that JSON has no number for.
  static func addWords(of scalar: ScalarSchema, to record: inout Record) {
    guard [.float, .double].contains(scalar.kind), scalar.form == .number, record["enum"] == nil,
      record["const"] == nil
    else { return }
    var number = record
    for name in ["x-trestle-type", "default"] { number[name] = nil }
    let type = record["x-trestle-type"]
    record = [
      "anyOf": [.object(number), ["type": "string", "enum": ["INF", "-INF", "NaN"]]]
    ]
    record["x-trestle-type"] = type
  }

  /// What JSON Schema has no word for, as a sentence; nil when there is nothing.
  ///
  /// Bounds and digits of numbers that travel as text.
  static func limits(of scalar: ScalarSchema) -> String? {
    var limits: [String] = []
    let facets = scalar.facets
    if scalar.form == .string {
      if let bound = facets.minimum { limits.append("at least \(bound)") }
      if let bound = facets.exclusiveMinimum { limits.append("more than \(bound)") }
      if let bound = facets.maximum { limits.append("at most \(bound)") }
      if let bound = facets.exclusiveMaximum { limits.append("less than \(bound)") }
    }
    if let digits = facets.totalDigits { limits.append("at most \(digits) digits") }
    if let digits = facets.fractionDigits {
      if digits > 0 {
        limits.append("at most \(digits) digits after the point")
      } else if scalar.form == .string || scalar.kind != .integer {
        // Else its type says so.
        limits.insert("a whole number", at: 0)
      }
    }
    guard let first = limits.first else { return nil }
    return first.prefix(1).uppercased() + limits.joined(separator: ", ").dropFirst() + "."
  }

  private static func addBounds(_ facets: Facets, to record: inout Record) {
    let bounds = [
      ("minimum", facets.minimum), ("maximum", facets.maximum),
      ("exclusiveMinimum", facets.exclusiveMinimum),
      ("exclusiveMaximum", facets.exclusiveMaximum),
    ]
    for (name, text) in bounds {
      guard let text else { continue }
      if let number = Int64(text) {
        record[name] = .integer(number)
      } else if let number = NumberText(text) {
        record[name] = .number(number)
      }
    }
  }

  private static func addTextRules(of scalar: ScalarSchema, to record: inout Record) {
    let facets = scalar.facets
    switch scalar.kind {
    case .string, .uri:
      if let length = facets.length ?? facets.minimumLength, length > 0 {
        record["minLength"] = .integer(Int64(length))
      }
      if let length = facets.length ?? facets.maximumLength {
        record["maxLength"] = .integer(Int64(length))
      }
    case .base64: record["contentEncoding"] = "base64"
    // XSD lets the zone be left out, or stand on a date, which RFC 3339's formats do not: an example
    // says how to write it without refusing what is right.
    case .dateTime, .date, .time, .duration, .gYear, .gYearMonth, .gMonth, .gMonthDay, .gDay, .hex:
      if let example = scalar.kind.example, facets.patterns.isEmpty, scalar.kind != .hex {
        record["examples"] = .array([.string(example)])
      }
    default: break
    }
    guard record["enum"] == nil, record["const"] == nil else { return }
    var patterns = facets.patterns.compactMap { XSDPatternCache.pattern($0)?.ecmaScript }
    if patterns.isEmpty, let pattern = lexicalPattern(scalar.kind) { patterns = [pattern] }
    if patterns.count == 1 {
      record["pattern"] = .string(patterns[0])
    } else if patterns.count > 1 {
      record["allOf"] = .array(patterns.map { ["pattern": .string($0)] })
    }
  }

  private static func lexicalPattern(_ kind: ScalarSchema.Kind) -> String? {
    switch kind {
    case .integer: "^[+-]?[0-9]+$"
    case .decimal: "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$"
    case .hex: "^([0-9A-Fa-f]{2})*$"
    default: nil
    }
  }
}
