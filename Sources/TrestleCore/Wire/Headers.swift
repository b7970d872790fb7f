/// Header fields of a wire message, in order, with names compared without case (RFC 9110 §5.1).
public struct Headers: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// One field.
  public struct Field: Sendable, Hashable {
    /// The name as it was written.
    public var name: String
    /// The value without white space around it.
    public var value: String

    /// Makes a field.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The fields in order; a name may stand several times.
  public private(set) var fields: [Field]

  /// Makes headers of fields.
  public init(_ fields: [Field] = []) { self.fields = fields }

  /// Makes headers in the order written; the same name may stand several times.
  public init(dictionaryLiteral fields: (String, String)...) {
    self.fields = fields.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value under a name; setting replaces all of that name, setting nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { $0.name.isEqualIgnoringCase(name) }?.value }
    set {
      fields.removeAll { $0.name.isEqualIgnoringCase(name) }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  /// Appends a field, keeping others of the same name.
  public mutating func append(name: String, value: String) {
    fields.append(Field(name: name, value: value))
  }
}

extension String {
  /// Whether two ASCII words are equal but for the case of their letters.
  package func isEqualIgnoringCase(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    // Every request looks up several header fields: nearly all of them end at the count.
    var left = self
    var right = other
    return left.withUTF8 { first in
      right.withUTF8 { second in
        for index in first.indices where first[index] != second[index] {
          let letter = first[index] | 0x20
          guard letter == second[index] | 0x20, letter &- 97 < 26 else { return false }
        }
        return true
      }
    }
  }
}
