import TrestleCore

/// Writes stubs as files have them.
enum StubText {
  /// Bytes of conditions, and of a reply, that are still worth pasting.
  private static let mostBytes = 2000

  /// An entry of `stubs` that a call matches. Of what is secret it asks only that it be there.
  static func entry(
    for call: Call, reply: Value, secrets: (any CallSecrets)? = nil
  ) -> String {
    var lines = ["- operation: \(scalar(call.operation))"]
    if !call.parameters.isEmpty {
      lines.append("  when:")
      var bytes = 0
      var left = 0
      for member in call.parameters {
        let text = JSONWriter.text(
          condition(member.value, at: ValuePath([.member(member.name)]), secrets))
        bytes += text.utf8.count
        if bytes > mostBytes {
          left += 1
        } else {
          lines.append("    \(scalar(member.name)): \(text)")
        }
      }
      if left == call.parameters.count { lines[lines.count - 1] = "  when: {}" }
      if left > 0 { lines.append("    # and \(left) more, too long to show") }
    }
    let text = JSONWriter.text(reply)
    lines.append("  reply: \(text.utf8.count > mostBytes ? "{}" : text)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value as a condition: an object in which a word would ask for something is said to stand for itself.
  private static func literal(_ value: Value) -> Value {
    guard hasOperator(value) else { return value }
    return ["equals": value]
  }

  private static func condition(
    _ value: Value, at path: ValuePath, _ secrets: (any CallSecrets)?
  ) -> Value {
    let open = secrets.map { withoutSecrets(value, at: path, $0) } ?? value
    guard open != value else { return literal(value) }
    // Beside words that stand for themselves a condition would too.
    return hasOperator(value) ? anything : open
  }

  private static let anything: Value = ["any": true]

  private static func withoutSecrets(
    _ value: Value, at path: ValuePath, _ secrets: any CallSecrets
  ) -> Value {
    if secrets.covers(path) { return anything }
    switch value {
    case .object(let record):
      return .object(
        Record(
          record.members.map {
            Record.Member(
              name: $0.name, value: withoutSecrets($0.value, at: path.member($0.name), secrets))
          }))
    case .array(let items):
      return .array(
        items.enumerated().map { withoutSecrets($1, at: path.item($0), secrets) })
    default: return value
    }
  }

  private static func hasOperator(_ value: Value) -> Bool {
    switch value {
    case .object(let record):
      record.members.contains {
        Matcher.Operator(rawValue: $0.name) != nil || hasOperator($0.value)
      }
    case .array(let items): items.contains(where: hasOperator)
    default: false
    }
  }

  /// A name plain where YAML reads it as the same text, else quoted.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { ($0 | 0x20) &- 97 < 26 } ?? false
      && text.utf8.allSatisfy {
        ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
      && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    return isPlain ? text : JSONWriter.text(.string(text))
  }
}
