package import TrestleCore

/// Puts stars in place of what must not be written down: by place in decoded values, by element or
/// member name and by the values' own bytes in messages.
///
/// It errs on the side of stars. Where a secret was read from a message but cannot be found in its
/// bytes, the whole message is withheld.
package struct SecretMask: Sendable {
  /// What stands in place of a secret.
  static let stars = "***"
  static let withheld = "(withheld: it holds a secret that was not found in its bytes)"

  /// The places, as the names that lead to them; a place is meant wherever its names end a path.
  private let places: [[String]]
  /// The last names of the places: what elements and members are called on the wire.
  let names: Set<String>

  /// A mask for fields by their paths: `password`, `card.pan`.
  package init(paths: [String] = []) {
    places = paths.map { ValuePath(written: $0).memberNames }.filter { !$0.isEmpty }
    names = Set(places.compactMap(\.last))
  }

  /// What WS-Security calls its secrets (UsernameToken Profile 1.1 §3.1).
  static let wsseNames: Set<String> = ["Password", "Nonce"]
  static let wsseMark = Array("UsernameToken".utf8)

  var isEmpty: Bool { places.isEmpty }

  /// A value with its secrets masked; they are added to `secrets`.
  func masked(
    _ value: Value, isHeader: Bool = false, secrets: inout [Secret]
  ) -> Value {
    guard isHeader || !isEmpty else { return value }
    var trail: [String] = []
    return walk(value, isHeader: isHeader, &trail, &secrets)
  }

  private func walk(
    _ value: Value, isHeader: Bool, _ trail: inout [String], _ secrets: inout [Secret]
  ) -> Value {
    switch value {
    case .object(let record):
      var copy = Record()
      copy.reserveCapacity(record.count)
      for member in record.members {
        trail.append(member.name)
        let isSecret =
          isHeader && Self.wsseNames.contains(member.name)
          || names.contains(member.name) && places.contains { trail.ends(with: $0) }
        copy.append(
          unique: member.name,
          isSecret
            ? Self.starred(member.value, &secrets)
            : walk(member.value, isHeader: isHeader, &trail, &secrets))
        trail.removeLast()
      }
      return .object(copy)
    case .array(let items):
      return .array(items.map { walk($0, isHeader: isHeader, &trail, &secrets) })
    default:
      return value
    }
  }

  /// Everything in a value is secret.
  private static func starred(_ value: Value, _ secrets: inout [Secret]) -> Value {
    switch value {
    case .object(let record):
      return .object(
        Record(
          uniqueMembers: record.members.map {
            Record.Member(name: $0.name, value: starred($0.value, &secrets))
          }))
    case .array(let items): return .array(items.map { starred($0, &secrets) })
    case .null: return .null
    default:
      if let text = value.scalarText, !text.isEmpty, text != stars {
        secrets.append(Secret(value, text: text))
      }
      return .string(stars)
    }
  }

  /// Those of a message's fields that are secret, by their paths.
  func secretFields(among fields: [FieldSpan]) -> [FieldSpan] {
    fields.filter { covers($0.path) }
  }

  /// A value with its secrets masked, for a log; `path` is where it stands.
  package func masked(_ value: Value, at path: ValuePath = ValuePath()) -> Value {
    guard !isEmpty else { return value }
    var secrets: [Secret] = []
    if covers(path) { return Self.starred(value, &secrets) }
    var trail = path.memberNames
    return walk(value, isHeader: false, &trail, &secrets)
  }

  /// A text without the secrets that stand in some values.
  package func masked(_ text: String, knowing values: [Value]) -> String {
    guard !isEmpty else { return text }
    var secrets: [Secret] = []
    for value in values { _ = masked(value, secrets: &secrets) }
    // A text that is a secret from end to end is one however short.
    return secrets.contains { $0.isWhole(text) } ? Self.stars : masked(text, of: secrets)
  }

  /// Whether what stands at a path is secret, or lies inside of what is.
  package func covers(_ path: String) -> Bool {
    covers(ValuePath(written: path))
  }

  /// The same of a path that was taken apart; `isHeader` of one in a header block.
  package func covers(_ path: ValuePath, isHeader: Bool = false) -> Bool {
    let trail = path.memberNames
    if isHeader, trail.contains(where: Self.wsseNames.contains) { return true }
    guard !isEmpty else { return false }
    return trail.indices.contains { end in
      places.contains { trail[...end].ends(with: $0) }
    }
  }

  /// A text that may name secrets: a message for people, a request's target.
  func masked(_ text: String, of secrets: [Secret]) -> String {
    guard !secrets.isEmpty else { return text }
    var bytes = Array(text.utf8)
    for secret in secrets { _ = secret.mask(in: &bytes, isText: true) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A message with its secrets masked. `own` are those that were read from it, `others` those of the
  /// other side, which may be repeated in it; `isRead` says that it was read as a message at all.
  func masked(
    _ body: [UInt8], own: [Secret], others: [Secret], fields: [FieldSpan] = [], isRead: Bool,
    isFramed: Bool
  ) -> [UInt8] {
    let isWSSE = !isFramed && body.contains(Self.wsseMark)
    guard !isEmpty || isWSSE || !own.isEmpty || !others.isEmpty, !body.isEmpty else { return body }
    var bytes = body
    for field in fields {
      for place in field.range where place < bytes.count { bytes[place] = UInt8(ascii: "*") }
    }
    let sought = isWSSE ? names.union(Self.wsseNames) : names
    let scan = NamedSecretScanner.mask(&bytes, names: sought)
    // What nobody could read may hold a secret anywhere.
    if !isRead, !isEmpty, scan == nil { return Array(Self.withheld.utf8) }
    var isLost = false
    for secret in own {
      let isFound = secret.mask(in: &bytes, isText: !isFramed)
      if !isFound, (scan ?? 0) == 0, fields.isEmpty { isLost = true }
    }
    for secret in others { _ = secret.mask(in: &bytes, isText: !isFramed) }
    return isLost ? Array(Self.withheld.utf8) : bytes
  }
}

extension ValuePath {
  /// The names on the way; places in lists do not matter to what is secret.
  fileprivate var memberNames: [String] {
    steps.compactMap { step in
      if case .member(let name) = step { return name }
      return nil
    }
  }
}

extension BidirectionalCollection<String> {
  fileprivate func ends(with other: [String]) -> Bool {
    count >= other.count && suffix(other.count).elementsEqual(other)
  }
}
