internal import Trestle
internal import TrestleCore

/// Parameters to fill in: a sample as JSON, each line with what may stand there.
///
/// `-d` reads it back, comments and all.
struct TemplateText {
  let text: String

  init(_ operation: Operation, schema: Schema, of system: LegacySystem) {
    var sample = SampleMaker.sample(for: schema, named: operation.name)
    if case .any = schema.resolved.shape, schema.example == nil { sample = .emptyObject }
    var writer = Writer()
    writer.add(sample, schema, name: nil, rule: nil, level: 0, isLast: true)
    let width = min(48, writer.lines.map { $0.json.count }.max() ?? 0)
    text =
      "// \(system.name) \(operation.name)\n"
      + writer.lines.map { line in
        guard !line.comment.isEmpty else { return line.json + "\n" }
        let padding = String(repeating: " ", count: max(0, width - line.json.count))
        return line.json + padding + "  // " + line.comment + "\n"
      }.joined()
  }

  private struct Writer {
    var lines: [(json: String, comment: String)] = []

    mutating func add(
      _ value: Value, _ schema: Schema, name: String?, rule: String?, level: Int, isLast: Bool
    ) {
      let indent = String(repeating: "  ", count: level)
      let start = indent + (name.map { JSONWriter.text(.string($0)) + ": " } ?? "")
      let end = isLast ? "" : ","
      let schema = schema.resolved
      let comment = [SchemaOutline.typeText(schema), rule ?? ""]
        .filter { !$0.isEmpty }.joined(separator: ", ")
      switch value {
      case .object(let record) where !record.isEmpty:
        lines.append((start + "{", name == nil ? "" : comment))
        var object: ObjectSchema?
        if case .object(let shape) = schema.shape { object = shape }
        for (index, member) in record.members.enumerated() {
          let known = object?.member(named: member.name)
          add(
            member.value, known?.schema ?? .any, name: member.name,
            rule: known.map { Self.rule($0, in: object) }, level: level + 1,
            isLast: index == record.count - 1)
        }
        lines.append((indent + "}" + end, ""))
      case .array(let items) where items.contains { $0.objectValue != nil }:
        lines.append((start + "[", comment))
        var item = Schema.any
        if case .array(let array) = schema.shape { item = array.item }
        for (index, value) in items.enumerated() {
          add(value, item, name: nil, rule: nil, level: level + 1, isLast: index == items.count - 1)
        }
        lines.append((indent + "]" + end, ""))
      default:
        lines.append((start + JSONWriter.text(value) + end, comment))
      }
    }

    private static func rule(_ member: ObjectSchema.Member, in object: ObjectSchema?) -> String {
      object?.alternativesText(to: member.name) ?? (member.isRequired ? "required" : "optional")
    }
  }
}
