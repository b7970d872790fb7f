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
    let separator =
      keys.bytes("separator", in: encoding, problems: &problems)
      ?? [encoding.byte(of: ";")]
    let assign =
      keys.bytes("assign", in: encoding, problems: &problems)
      ?? [encoding.byte(of: "=")]
    let escape = keys.bytes("escape", in: encoding, problems: &problems)
    let order = keys.value("order")
    let endsWithSeparator = keys.flag("end", problems: &problems) ?? false
    let names = Self.readNames(&keys, problems: &problems)
    let groups = Self.readGroups(&keys, names, problems: &problems)
    let data = Self.readData(&keys, names, problems: &problems)
    let length = Self.readLength(&keys, names, problems: &problems)
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
    let first = order?.arrayValue?.compactMap(\.scalarText) ?? []
    if let order, first.count != order.arrayValue?.count {
      problems.error("order expects a list of keys", at: path.member("order"))
    }
    var check = Self.readCheck(&outer, problems: &problems)
    if check != nil, encoding.isEBCDIC {
      problems.error(
        "a check among keys and values is in ASCII digits, which \(encoding.name) does not have",
        at: outer.place("check"))
    }
    if let field = check?.field { check?.field = names.name(of: field) }
    self.init(
      separator: separator, assign: assign, escape: escape?.first,
      endsWithSeparator: endsWithSeparator, order: first.map(names.name(of:)),
      encoding: encoding, names: names, groups: groups, data: data, length: length, check: check)
  }

  /// `names: {35: MsgType}`
  private static func readNames(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> KeyNames {
    var names = KeyNames()
    let path = keys.place("names")
    guard let value = keys.value("names"),
      let reader = KeyReader(value, at: path, problems: &problems)
    else { return names }
    for member in reader.record {
      guard let name = member.value.stringValue, !name.isEmpty, names.add(name, to: member.name)
      else {
        problems.error("expects a name of its own for every key", at: path.member(member.name))
        continue
      }
    }
    return names
  }

  /// `groups: {NoPartyIDs: [PartyID, PartyIDSource, PartyRole]}`
  private static func readGroups(
    _ keys: inout KeyReader, _ names: KeyNames, problems: inout [ValueProblem]
  ) -> [String: KeyGroup] {
    let path = keys.place("groups")
    guard let value = keys.value("groups"),
      let reader = KeyReader(value, at: path, problems: &problems)
    else { return [:] }
    var groups: [String: KeyGroup] = [:]
    for member in reader.record {
      let members = (member.value.arrayValue ?? []).compactMap(\.scalarText)
      guard !members.isEmpty, members.count == member.value.arrayValue?.count else {
        problems.error(
          "expects the keys of an entry, the first one first", at: path.member(member.name),
          hint: "like NoPartyIDs: [PartyID, PartyIDSource, PartyRole]")
        continue
      }
      groups[names.name(of: member.name)] = KeyGroup(members: members.map(names.name(of:)))
    }
    return groups
  }

  /// `data: {RawDataLength: RawData}`
  private static func readData(
    _ keys: inout KeyReader, _ names: KeyNames, problems: inout [ValueProblem]
  ) -> [String: String] {
    let path = keys.place("data")
    guard let value = keys.value("data"),
      let reader = KeyReader(value, at: path, problems: &problems)
    else { return [:] }
    var data: [String: String] = [:]
    for member in reader.record {
      guard let name = member.value.scalarText, !name.isEmpty else {
        problems.error(
          "expects the key whose length this is", at: path.member(member.name),
          hint: "like data: {RawDataLength: RawData}")
        continue
      }
      data[names.name(of: member.name)] = names.name(of: name)
    }
    return data
  }

  /// `length: BodyLength`, `length: {field: BodyLength, digits: 6}`
  private static func readLength(
    _ keys: inout KeyReader, _ names: KeyNames, problems: inout [ValueProblem]
  ) -> Length? {
    guard let value = keys.value("length") else { return nil }
    if let field = value.scalarText { return Length(field: names.name(of: field), digits: 1) }
    guard var inner = KeyReader(value, at: keys.place("length"), problems: &problems) else {
      return nil
    }
    let field = inner.text("field", problems: &problems)
    let digits = inner.integer("digits", in: 1...9, problems: &problems) ?? 1
    inner.finish("length", problems: &problems)
    guard let field, !field.isEmpty else {
      problems.error("length does not name its field", at: keys.place("length"))
      return nil
    }
    return Length(field: names.name(of: field), digits: digits)
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
