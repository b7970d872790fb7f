internal import TrestleCore

/// Writes values as YAML that a person is glad to read and go on with: in blocks, with what is short on one line, and quotes
/// only where some reader of YAML could take a text for something else.
struct YAMLText {
  /// The longest line that an object or a list is put on.
  private static let width = 90

  private(set) var text = ""

  /// Writes the members of an object, each on lines of its own.
  mutating func members(_ record: Record, indent: Int, isBlock: (String) -> Bool = { _ in false }) {
    for member in record {
      write(
        member.value, after: pad(indent) + AdapterText.scalar(member.name) + ":", indent: indent,
        isBlock: isBlock(member.name))
    }
  }

  /// Writes a list whose items are objects with their members on lines of their own.
  mutating func entries(_ items: [Record], indent: Int) {
    for record in items {
      var lead = pad(indent) + "- "
      for member in record {
        write(
          member.value, after: lead + AdapterText.scalar(member.name) + ":", indent: indent + 2,
          isBlock: false)
        lead = pad(indent + 2)
      }
    }
  }

  mutating func line(_ line: String) { text += line + "\n" }

  /// Writes a value behind its name: on the same line where it fits.
  private mutating func write(_ value: Value, after lead: String, indent: Int, isBlock: Bool) {
    if let string = value.stringValue, let lines = Self.literal(string) {
      line(lead + (string.hasSuffix("\n") ? " |" : " |-"))
      for part in lines { line(part.isEmpty ? "" : pad(indent + 2) + part) }
      return
    }
    let flow = Self.flow(value)
    let fits = lead.utf8.count + 1 + flow.utf8.count <= Self.width && !Self.hasLines(value)
    switch value {
    case .object(let record) where !record.isEmpty && (isBlock || !fits):
      line(lead)
      members(record, indent: indent + 2)
    case .array(let items) where !items.isEmpty && (isBlock || !fits):
      line(lead)
      for item in items { self.item(item, indent: indent + 2) }
    default: line(lead + " " + flow)
    }
  }

  private mutating func item(_ value: Value, indent: Int) {
    let flow = Self.flow(value)
    if let record = value.objectValue, !record.isEmpty,
      indent + 2 + flow.utf8.count > Self.width || Self.hasLines(value)
    {
      entries([record], indent: indent)
    } else {
      // A list of lists is rare enough to stand on its line, however long that is.
      line(pad(indent) + "- " + flow)
    }
  }

  private func pad(_ indent: Int) -> String { String(repeating: " ", count: indent) }

  /// Whether there is a text of several lines in it.
  private static func hasLines(_ value: Value) -> Bool {
    switch value {
    case .string(let text): literal(text) != nil
    case .array(let items): items.contains(where: hasLines)
    case .object(let record): record.members.contains { hasLines($0.value) }
    default: false
    }
  }

  /// The lines of a text that can be written as they are; nil for one that is better quoted.
  private static func literal(_ text: String) -> [Substring]? {
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    guard text.contains("\n"), let first = body.unicodeScalars.first, first != " ", first != "\n",
      body.unicodeScalars.last != "\n",
      body.unicodeScalars.allSatisfy({
        ($0.value >= 0x20 && $0.value < 0x7F) || $0 == "\n"
          || ($0.value >= 0xA0 && $0.value != 0x2028 && $0.value != 0x2029 && $0.value != 0xFEFF)
      })
    else { return nil }
    return body.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// A value on one line.
  static func flow(_ value: Value) -> String {
    switch value {
    case .object(let record):
      record.isEmpty
        ? "{}"
        : "{ "
          + record.members.map { "\(AdapterText.scalar($0.name)): \(flow($0.value))" }
          .joined(separator: ", ") + " }"
    case .array(let items): "[" + items.map { flow($0) }.joined(separator: ", ") + "]"
    case .string(let text), .dateTime(let text): AdapterText.scalar(text)
    case .null: "null"
    case .double(let number):
      number.isNaN
        ? ".nan" : number.isInfinite ? (number < 0 ? "-.inf" : ".inf") : number.lexicalText
    case .bytes: AdapterText.quoted(value.scalarText ?? "")
    default: value.scalarText ?? "null"
    }
  }
}
