/// Values by name, for names that every call is looked up by.
///
/// A handful is compared one by one, which costs less than hashing the name looked for.
package struct NameTable<Value> {
  @usableFromInline var names: [String] = []
  @usableFromInline var values: [Value] = []
  /// Made once there are many.
  @usableFromInline var positions: [String: Int] = [:]

  @inlinable static var scanned: Int { 8 }

  @inlinable package init() {}

  /// Makes a table; of values of the same name the last one is found.
  @inlinable package init(_ entries: some Sequence<(String, Value)>) {
    for (name, value) in entries { self[name] = value }
  }

  /// The names, in the order they came.
  package var keys: [String] { names }

  /// The value of a name. Setting nil to a name that is there is not possible.
  @inlinable package subscript(name: String) -> Value? {
    get {
      guard let position = position(of: name) else { return nil }
      return values[position]
    }
    set {
      guard let newValue else { return }
      if let position = position(of: name) { return values[position] = newValue }
      if names.count == Self.scanned {
        for (position, name) in names.enumerated() { positions[name] = position }
      }
      if names.count >= Self.scanned { positions[name] = names.count }
      names.append(name)
      values.append(newValue)
    }
  }

  @inlinable func position(of name: String) -> Int? {
    if names.count > Self.scanned { return positions[name] }
    for position in names.indices where names[position] == name { return position }
    return nil
  }
}

extension NameTable: Sendable where Value: Sendable {}
