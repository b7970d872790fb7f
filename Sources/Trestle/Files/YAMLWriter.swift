package import TrestleCore
internal import Yams

/// Writes values as YAML, for people.
package enum YAMLWriter {
  /// The YAML text of a value, with a line break at its end.
  package static func text(_ value: Value) -> String {
    // Every node made here can be written; JSON, which is YAML, stands in all the same.
    (try? Yams.serialize(node: node(value), width: -1, allowUnicode: true))
      ?? JSONWriter.text(value) + "\n"
  }

  private static func node(_ value: Value) -> Node {
    switch value {
    case .null: scalar("null", .null)
    case .bool(let flag): scalar(flag ? "true" : "false", .bool)
    case .integer(let number): scalar(String(number), .int)
    case .number(let number): scalar(number.text, .float)
    case .double(let number): scalar(text(number), .float)
    case .string(let text), .dateTime(let text): string(text)
    case .bytes(let bytes): string(Base64.encode(bytes))
    case .array(let items):
      Node(items.map(node), Tag(.seq), items.isEmpty ? .flow : .block)
    case .object(let record):
      Node(
        record.members.map { (string($0.name), node($0.value)) }, Tag(.map),
        record.isEmpty ? .flow : .block)
    }
  }

  private static func scalar(_ text: String, _ tag: Tag.Name) -> Node {
    Node(text, Tag(tag), .plain)
  }

  /// Text that a YAML reader could take for something else is quoted.
  private static func string(_ text: String) -> Node {
    let isPlain = !text.isEmpty && Resolver.default.resolveTag(of: Node(text)) == .str
    return Node(
      text, Tag(.str), text.contains("\n") ? .literal : isPlain ? .any : .doubleQuoted)
  }

  /// YAML 1.2 §10.3.2 spells the doubles that are no numbers with a leading dot.
  private static func text(_ number: Double) -> String {
    if number.isNaN { return ".nan" }
    if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
    return number.lexicalText
  }
}
