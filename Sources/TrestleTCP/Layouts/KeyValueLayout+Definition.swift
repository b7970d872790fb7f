internal import TrestleCore

extension LayoutKind {
  /// `kv: {separator: ";", assign: "="}`
  static let keyValue = LayoutKind(key: "kv", options: ["encoding", "check"]) {
    KeyValueLayout(&$0, $1, problems: &$2)
  }
}

extension KeyValueLayout {
  fileprivate init?(
    _ outer: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) {
    let encoding = TextEncoding.read(&outer, problems: &problems) ?? context.encoding
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
    let check = Self.readCheck(&outer, problems: &problems)
    self.init(
      separator: separator, assign: assign, escape: escape?.first, order: names,
      encoding: encoding, check: check)
  }

  /// What a check covers.
  private enum Coverage: String, CaseIterable {
    /// Everything before the check's own key, the separator before it included.
    case beforeField = "before-field"
    /// Everything before the separator that precedes the check's own key.
    case beforeSeparator = "before-separator"
  }

  private static func readCheck(
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
