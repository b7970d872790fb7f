internal import TrestleCore
internal import TrestleXML

/// A value as PHP's `var_dump` prints it, as far as SOAP values need.
indirect enum VariableDump {
  case null
  case scalar(String)
  case string(String)
  case list([VariableDump])
  case object([(name: String, value: VariableDump)])
  /// A part that may be anything (`%s`).
  case anything

  /// Reads a dump; nil where there is none in the text.
  static func parse(_ text: String) -> VariableDump? {
    var reader = Reader(lines: text.split(separator: "\n", omittingEmptySubsequences: false)[...])
    return reader.value()
  }

  private struct Reader {
    var lines: ArraySlice<Substring>

    mutating func value() -> VariableDump? {
      guard let line = lines.popFirst() else { return nil }
      let text = String(line).trimmingXMLSpace()
      if text == "NULL" { return .null }
      if text.hasPrefix("%s(") || text.hasPrefix("%d") { return .anything }
      if text.hasPrefix("array(") { return array() }
      if text.hasPrefix("object(") { return .object(members()) }
      if text.hasPrefix("string("), let start = text.firstIndex(of: "\"") {
        var content = String(text[text.index(after: start)...])
        while !content.hasSuffix("\""), let next = lines.popFirst() { content += "\n" + next }
        return .string(String(content.dropLast()))
      }
      for word in ["int(", "float(", "bool("] where text.hasPrefix(word) {
        return .scalar(String(text.dropFirst(word.count).dropLast()))
      }
      return nil
    }

    private mutating func array() -> VariableDump {
      let members = members()
      let isList = members.enumerated().allSatisfy { $0.element.name == String($0.offset) }
      return isList ? .list(members.map(\.value)) : .object(members)
    }

    private mutating func members() -> [(name: String, value: VariableDump)] {
      var members: [(name: String, value: VariableDump)] = []
      while let line = lines.popFirst() {
        let text = String(line).trimmingXMLSpace()
        if text == "}" { break }
        guard text.hasPrefix("["), text.hasSuffix("]=>"), let value = value() else { continue }
        let name = text.dropFirst().dropLast(3).filter { $0 != "\"" }
        members.append((String(name), value))
      }
      return members
    }
  }

  /// Where a value is not what the dump says; nil when it is.
  func difference(from value: Value, at path: String) -> String? {
    switch (self, value) {
    case (.anything, _), (.null, .null): return nil
    case (.scalar(let text), _), (.string(let text), _):
      let own = value["_text"] ?? value
      // PHP gives the text of lists.
      let found =
        own.arrayValue.map { $0.map { $0.scalarText ?? "" }.joined(separator: " ") }
        ?? own.scalarText
      if found == text || Self.number(found) == Self.number(text) && Self.number(text) != nil {
        return nil
      }
      return "\(path) is \(value.description.prefix(80)), expected \(text)"
    case (.list(let items), .array(let values)):
      guard items.count == values.count else {
        return "\(path) has \(values.count) items, expected \(items.count)"
      }
      for (index, pair) in zip(items, values).enumerated() {
        if let problem = pair.0.difference(from: pair.1, at: "\(path)[\(index)]") { return problem }
      }
      return nil
    case (.list(let items), _):
      // Items of an array that a literal contract does not name are kept as XML.
      if let texts = value["_any"]?.arrayValue {
        return difference(from: .array(texts.map { .string(Self.content(of: $0)) }), at: path)
      }
      // Elements that repeat under a name of their own.
      guard case .object(let record) = value, record.count == 1,
        case .array(let values) = record.members[0].value, values.count == items.count
      else { return "\(path) is \(value.description.prefix(80)), expected a list" }
      return difference(from: .array(values), at: path)
    case (.object(let members), _): return difference(of: members, from: value, at: path)
    case (.null, _):
      return value["_nil"]?.boolValue == true
        ? nil : "\(path) is \(value.description.prefix(80)), expected null"
    }
  }

  private func difference(
    of members: [(name: String, value: VariableDump)], from value: Value, at path: String
  ) -> String? {
    guard case .object(let record) = value else {
      return "\(path) is \(value.description.prefix(80)), expected an object"
    }
    for (name, expected) in members {
      if name == "_", case .null = expected, record["_nil"]?.boolValue == true { continue }
      guard let own = name == "_" ? record["_text"] : record[name] ?? record["_" + name] else {
        // PHP adds the defaults of attributes that are not there.
        continue
      }
      // A list with one item is no list to PHP.
      let found: Value
      if case .array(let items) = own, items.count == 1 {
        if case .list = expected { found = own } else { found = items[0] }
      } else {
        found = own
      }
      if let problem = expected.difference(from: found, at: path + "." + name) { return problem }
    }
    return nil
  }

  /// The text of an element that is kept as XML.
  private static func content(of fragment: Value) -> String {
    let text = fragment.stringValue ?? ""
    let document = try? XMLDocument(Array(text.utf8), limits: .contract)
    return document?.root.text ?? text
  }

  private static func number(_ text: String?) -> Double? { text.flatMap { Double($0) } }
}
