import TrestleCore

extension NeutralSchema {
  /// The scalar of one kind; nil where the blend is of no single scalar kind.
  func scalar(of blend: SchemaBlend, _ kinds: SchemaKinds) -> ScalarSchema? {
    let texts = blend.parts.compactMap(\.rules.text)
    let numbers = blend.parts.compactMap(\.rules.number)
    var scalar: ScalarSchema
    switch kinds {
    case .boolean: scalar = ScalarSchema(kind: .boolean, form: .boolean, typeName: "boolean")
    case .integer: scalar = ScalarSchema(kind: .integer, form: .number, typeName: "integer")
    case .number, .fraction:
      scalar = ScalarSchema(kind: .decimal, form: .number, typeName: "number")
    case .string:
      let format = texts.lazy.compactMap(\.formatName).first
      scalar = ScalarSchema(
        kind: texts.lazy.compactMap(\.format).first?.kind ?? .string, form: .string,
        typeName: format.map { "string (\($0))" } ?? "string")
    default: return nil
    }
    if kinds == .string {
      addRules(texts, to: &scalar)
    } else if kinds != .boolean {
      addRules(numbers, to: &scalar)
    }
    if kinds != .boolean { addChoice(of: blend, kinds, to: &scalar) }
    return scalar
  }

  private func addRules(_ rules: [TextRules], to scalar: inout ScalarSchema) {
    for text in rules {
      scalar.facets.patterns += text.pattern?.xsdTexts ?? []
      // The lengths of binary kinds are counted in bytes, those of JSON Schema in characters.
      guard scalar.kind != .base64 else { continue }
      if text.minimumLength > scalar.facets.minimumLength ?? 0 {
        scalar.facets.minimumLength = text.minimumLength
      }
      if let maximum = text.maximumLength {
        scalar.facets.maximumLength = min(scalar.facets.maximumLength ?? .max, maximum)
      }
    }
  }

  private func addRules(_ rules: [NumberRules], to scalar: inout ScalarSchema) {
    for number in rules {
      if let format = number.format {
        scalar.typeName = format.rawValue
        if format == .int32, scalar.kind == .integer {
          scalar.facets.minimum = String(Int32.min)
          scalar.facets.maximum = String(Int32.max)
        }
      }
      for bound in number.bounds {
        switch bound.side {
        case .minimum: scalar.facets.minimum = bound.text
        case .maximum: scalar.facets.maximum = bound.text
        case .exclusiveMinimum: scalar.facets.exclusiveMinimum = bound.text
        case .exclusiveMaximum: scalar.facets.exclusiveMaximum = bound.text
        }
      }
    }
  }

  /// The values of the kind that every list of them allows.
  private func addChoice(
    of blend: SchemaBlend, _ kinds: SchemaKinds, to scalar: inout ScalarSchema
  ) {
    let choices = blend.parts.compactMap(\.rules.choice)
    guard let first = choices.first else { return }
    scalar.facets.enumeration = first.values.filter { value in
      kinds.contains(SchemaKinds(of: value))
        && choices.dropFirst().allSatisfy { $0.contains(value) }
    }.compactMap { value in
      // `1.0` is an integer, and is written as one.
      guard scalar.kind == .integer, let whole = value.decimalText?.integer else {
        return value.scalarText
      }
      return String(whole)
    }
  }
}

extension TextFormat {
  fileprivate var kind: ScalarSchema.Kind {
    switch self {
    case .date: .date
    case .dateTime: .dateTime
    case .base64: .base64
    case .uri: .uri
    default: .string
    }
  }
}
