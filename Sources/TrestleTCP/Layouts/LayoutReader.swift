internal import TrestleCore

/// Makes layouts of the `layout` section.
enum LayoutReader {
  private static let kinds = ["body", "kv"]

  /// Reads a section that is one layout for all messages.
  ///
  /// `names` are the keys that the operations speak of.
  static func read(
    _ value: Value, at path: ValuePath, names: Set<String>, problems: inout [ValueProblem]
  ) -> (any MessageLayout)? {
    if let word = value.stringValue {
      return body(word, at: path, names: names, problems: &problems)
    }
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let chosen = kinds.filter { keys.record[$0] != nil }
    guard chosen.count == 1 else {
      problems.error(
        chosen.isEmpty
          ? "layout does not say what a message is"
          : "layout says several things: \(chosen.joined(separator: ", "))",
        at: path, hint: "give body: xml, body: json or kv: {…}")
      return nil
    }
    let layout: (any MessageLayout)? =
      chosen == ["kv"]
      ? keyValue(&keys, problems: &problems)
      : body(&keys, names: names, problems: &problems)
    keys.finish("layout", problems: &problems)
    return layout
  }

  private enum Body: String, CaseIterable {
    case xml, json
  }

  private static func body(
    _ word: String, at path: ValuePath, names: Set<String>, problems: inout [ValueProblem]
  ) -> (any MessageLayout)? {
    guard
      var keys = KeyReader(["body": .string(word)], at: path, problems: &problems)
    else { return nil }
    return body(&keys, names: names, problems: &problems)
  }

  private static func body(
    _ keys: inout KeyReader, names: Set<String>, problems: inout [ValueProblem]
  ) -> (any MessageLayout)? {
    guard let body = keys.word("body", as: Body.self, problems: &problems) else { return nil }
    guard body == .xml else { return JSONLayout() }
    let encoding =
      keys.word("encoding", as: XMLLayout.Encoding.self, problems: &problems) ?? .utf8
    // Without a declaration a document is UTF-8 (XML 1.0 §4.3.3).
    let declares = keys.flag("declaration", problems: &problems) ?? (encoding != .utf8)
    return XMLLayout(
      encoding: encoding, hasDeclaration: declares,
      namespace: keys.text("namespace", problems: &problems) ?? "", names: names)
  }

  // MARK: Key and value

  private static func keyValue(
    _ outer: inout KeyReader, problems: inout [ValueProblem]
  ) -> KeyValueLayout? {
    let encoding = encoding(&outer, problems: &problems)
    let path = outer.place("kv")
    guard var keys = KeyReader(outer.value("kv"), at: path, problems: &problems) else { return nil }
    let separator = keys.bytes("separator", problems: &problems) ?? [UInt8(ascii: ";")]
    let assign = keys.bytes("assign", problems: &problems) ?? [UInt8(ascii: "=")]
    let escape = keys.bytes("escape", problems: &problems)
    let order = keys.value("order")
    keys.finish("layout.kv", problems: &problems)
    if separator.starts(with: assign) || assign.starts(with: separator) {
      problems.error("separator and assign begin alike", at: path)
    }
    if let escape, escape.count != 1 || separator.contains(escape[0]) || assign.contains(escape[0])
    {
      problems.error(
        "escape expects one byte that is in neither separator nor assign", at: path.member("escape")
      )
    }
    let names = order?.arrayValue?.compactMap(\.stringValue) ?? []
    if let order, names.count != order.arrayValue?.count {
      problems.error("order expects a list of keys", at: path.member("order"))
    }
    let check = check(&outer, problems: &problems)
    return KeyValueLayout(
      separator: separator, assign: assign, escape: escape?.first, order: names,
      encoding: encoding, check: check)
  }

  static func encoding(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> TextEncoding {
    guard let name = keys.text("encoding", problems: &problems) else { return .utf8 }
    if let encoding = TextEncoding(name: name) { return encoding }
    problems.error(
      "unknown encoding \"\(name)\"" + Suggestion.clause(for: name, among: TextEncoding.names),
      at: keys.place("encoding"), hint: "known: \(TextEncoding.names.joined(separator: ", "))")
    return .utf8
  }

  /// What a check covers.
  private enum Coverage: String, CaseIterable {
    /// Everything before the check's own key, the separator before it included.
    case beforeField = "before-field"
    /// Everything before the separator that precedes the check's own key.
    case beforeSeparator = "before-separator"
  }

  private static func check(
    _ outer: inout KeyReader, problems: inout [ValueProblem]
  ) -> KeyValueLayout.Check? {
    guard let value = outer.value("check") else { return nil }
    let path = outer.place("check")
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let field = keys.text("field", problems: &problems)
    let coverage = keys.word("over", as: Coverage.self, problems: &problems) ?? .beforeField
    let checksum = ChecksumDefinition.read(&keys, problems: &problems)
    keys.finish("check", problems: &problems)
    guard let field, !field.isEmpty else {
      problems.error("check does not name its field", at: path, hint: "like {field: CS, xor: hex}")
      return nil
    }
    guard let checksum else { return nil }
    guard checksum.form == .hex || checksum.form == .dec else {
      problems.error("a check among keys and values is written as hex or dec", at: path)
      return nil
    }
    return KeyValueLayout.Check(
      field: field, checksum: checksum, coversSeparator: coverage == .beforeField)
  }
}
