internal import Trestle
internal import TrestleCore

/// An operation as text for people: its facts, then a line for each place of its schemas.
struct OperationText {
  let text: String

  init(_ operation: Operation, of system: LegacySystem, palette: Palette) {
    var facts = [operation.effects == .read ? "read only" : "write"]
    if operation.isOneWay { facts.append("one way") }
    var text =
      palette.bold("\(system.name) \(operation.name)") + " · " + facts.joined(separator: " · ")
      + "\n"
    if !operation.notes.isEmpty { text += operation.notes.joined(separator: " · ") + "\n" }
    if let summary = operation.summary { text += summary + "\n" }
    text += Self.section("parameters", operation.input, palette)
    for header in operation.headers.input {
      text += Self.section(
        "header \(header.name) (_headers.\(header.name))", header.schema, palette)
    }
    if !operation.isOneWay { text += Self.section("returns", operation.output, palette) }
    for header in operation.headers.output {
      text += Self.section("returned header \(header.name)", header.schema, palette)
    }
    for fault in operation.faults {
      text += Self.section("fault \(fault.name)", fault.detail, palette)
    }
    self.text = text
  }

  private static func section(_ title: String, _ schema: Schema, _ palette: Palette) -> String {
    var outline = SchemaOutline()
    outline.add(schema)
    return "\n" + palette.bold(title) + "\n" + outline.text(palette)
  }
}
