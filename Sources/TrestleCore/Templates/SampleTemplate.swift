/// Writes a sample with a comment on every line: what may stand there, and whether it must.
///
/// Without its comments the text is JSON that the schema allows: people copy it, change what they
/// need and send it.
package struct SampleTemplate {
  /// Comments begin in one column, unless that would push them out of sight.
  private static let farthestColumn = 44

  private var lines: [(text: String, comment: String)] = []

  /// The annotated sample of a schema.
  package static func text(for schema: Schema, named name: String = "") -> String {
    var template = SampleTemplate()
    let sample = SampleMaker.sample(for: schema, named: name)
    template.write(sample, schema, key: nil, comment: "", isLast: true, level: 0)
    return template.layout()
  }

  private func layout() -> String {
    let longest = lines.filter { !$0.comment.isEmpty }.map(\.text.count).max() ?? 0
    let column = min(longest, Self.farthestColumn) + 2
    return lines.map { line in
      guard !line.comment.isEmpty else { return line.text }
      let gap = max(2, column - line.text.count)
      return line.text + String(repeating: " ", count: gap) + "// " + line.comment
    }.joined(separator: "\n")
  }

  private mutating func write(
    _ value: Value, _ schema: Schema, key: String?, comment: String, isLast: Bool, level: Int
  ) {
    let indent = String(repeating: "  ", count: level)
    let start = indent + (key.map { JSONWriter.text(.string($0)) + ": " } ?? "")
    let end = isLast ? "" : ","
    let schema = schema.resolved
    switch (value, schema.shape) {
    case (.array(let items), .array(let array)) where !items.isEmpty:
      lines.append((start + "[", comment))
      for (index, item) in items.enumerated() {
        write(
          item, array.item, key: nil, comment: Self.typeComment(array.item, isRequired: nil),
          isLast: index == items.count - 1, level: level + 1)
      }
      lines.append((indent + "]" + end, ""))
    case (.object(let record), .object(let object)) where !object.members.isEmpty:
      lines.append((start + "{", comment))
      writeMembers(of: record, Self.concrete(object, for: record), level: level + 1)
      lines.append((indent + "}" + end, ""))
    default: lines.append((start + JSONWriter.text(value) + end, comment))
    }
  }

  private static func concrete(_ object: ObjectSchema, for record: Record) -> ObjectSchema {
    guard let name = record["_type"]?.stringValue,
      let variant = object.variants.first(where: { $0.name == name }),
      case .object(let concrete) = variant.schema.resolved.shape
    else { return object }
    return concrete
  }

  private mutating func writeMembers(of record: Record, _ object: ObjectSchema, level: Int) {
    let indent = String(repeating: "  ", count: level)
    for choice in object.choices where choice.alternatives.count < 64 {
      lines.append((indent + "// " + choice.sentence, ""))
    }
    var left = record.count
    if let type = record["_type"], object.member(named: "_type") == nil {
      left -= 1
      lines.append(
        (indent + "\"_type\": " + JSONWriter.text(type) + (left == 0 ? "" : ","), "picks the type"))
    }
    for member in object.members {
      let inChoice = object.choices.contains { $0.alternatives.joined().contains(member.name) }
      let comment = Self.typeComment(
        member.schema, isRequired: inChoice ? nil : member.isRequired)
      guard let value = record[member.name] else {
        guard member.isSampled else { continue }
        let key = JSONWriter.text(.string(member.name))
        lines.append((indent + "// " + key + ": …", comment))
        continue
      }
      left -= 1
      write(
        value, member.schema, key: member.name, comment: comment, isLast: left == 0, level: level)
    }
  }

  /// `xs:long, required`, `Line, 1 or more`, `xs:string, optional, at most 10 characters`.
  package static func typeComment(_ schema: Schema, isRequired: Bool?) -> String {
    let resolved = schema.resolved
    var parts: [String] = []
    switch resolved.shape {
    case .array(let array):
      parts.append("list of \(array.item.resolved.expectation)")
      parts.append(Self.count(array))
    case .scalar(let scalar):
      parts.append(scalar.typeName)
      if let isRequired { parts.append(isRequired ? "required" : "optional") }
      parts += limits(of: scalar)
    default:
      parts.append(resolved.expectation)
      if let isRequired { parts.append(isRequired ? "required" : "optional") }
    }
    if resolved.isNullable { parts.append("may be null") }
    if let text = resolved.fixedText {
      parts.append("always \(text)")
    } else if let text = resolved.defaultText {
      parts.append("default \(text)")
    }
    var comment = parts.filter { !$0.isEmpty }.joined(separator: ", ")
    if let summary = schema.summary ?? resolved.summary {
      let line = summary.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      comment += ": " + (line.count > 80 ? line.prefix(77) + "…" : line)
    }
    return comment
  }

  private static func count(_ array: ArraySchema) -> String {
    switch (array.minimumCount, array.maximumCount) {
    case (0, nil): "any number"
    case (0, let maximum?): "at most \(maximum)"
    case (let minimum, nil): "\(minimum) or more"
    case (let minimum, let maximum?):
      minimum == maximum ? "exactly \(minimum)" : "\(minimum) to \(maximum)"
    }
  }

  private static func limits(of scalar: ScalarSchema) -> [String] {
    let facets = scalar.facets
    var limits: [String] = []
    if !facets.enumeration.isEmpty {
      let words = facets.enumeration.prefix(6).joined(separator: " | ")
      limits.append(words + (facets.enumeration.count > 6 ? " | …" : ""))
      return limits
    }
    if let length = facets.length {
      limits.append("length \(length)")
    } else {
      switch (facets.minimumLength, facets.maximumLength) {
      case (let minimum?, let maximum?) where minimum > 0:
        limits.append("length \(minimum) to \(maximum)")
      case (let minimum?, nil) where minimum > 0: limits.append("length \(minimum) or more")
      case (_, let maximum?): limits.append("length at most \(maximum)")
      default: break
      }
    }
    if !scalar.isBuiltInInteger {
      if let bound = facets.minimum { limits.append("≥ \(bound)") }
      if let bound = facets.exclusiveMinimum { limits.append("> \(bound)") }
      if let bound = facets.maximum { limits.append("≤ \(bound)") }
      if let bound = facets.exclusiveMaximum { limits.append("< \(bound)") }
    }
    if let digits = facets.totalDigits { limits.append("\(digits) digits") }
    if let digits = facets.fractionDigits, scalar.kind == .decimal {
      limits.append("\(digits) after the point")
    }
    limits += facets.patterns.filter { $0.count <= 40 }.map { "matches \($0)" }
    return limits
  }
}

extension ScalarSchema {
  /// Whether the type's own name already says its bounds: `xs:int`, `i4`.
  fileprivate var isBuiltInInteger: Bool {
    kind == .integer && (typeName.hasPrefix("xs:") || ["int", "i4", "i8"].contains(typeName))
  }
}
