import TrestleCore

extension Schema {
  /// The names an object may have; nil where any may stand.
  var declaredMembers: Set<String>? {
    guard case .object(let object) = resolved.shape, !object.isOpen else { return nil }
    var names = Set(object.members.map(\.name))
    for variant in object.variants {
      // One level: a contract lists every type that may stand in, however far it is derived.
      guard case .object(let derived) = variant.schema.resolved.shape, !derived.isOpen else {
        return nil
      }
      names.formUnion(derived.members.map(\.name))
    }
    if !object.variants.isEmpty || object.isAbstract { names.insert("_type") }
    return names
  }

  /// The schema of an object's member; `.any` where it is not declared.
  func memberSchema(_ name: String) -> Schema {
    guard case .object(let object) = resolved.shape else { return .any }
    if let member = object.member(named: name) { return member.schema }
    for variant in object.variants {
      guard case .object(let derived) = variant.schema.resolved.shape else { continue }
      if let member = derived.member(named: name) { return member.schema }
    }
    return .any
  }

  /// The schema of a list's items; `.any` where this is no list.
  var itemSchema: Schema {
    guard case .array(let array) = resolved.shape else { return .any }
    return array.item
  }
}
