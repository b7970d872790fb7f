/// The fields that pair a request with its reply on a shared connection: ISO 8583's trace number and
/// terminal, HL7's control identity.
public struct CorrelationKey: Sendable {
  /// One field of a key.
  public struct Field: Sendable {
    /// What the protocol calls it; empty where there is but one.
    public var name: String
    /// What a message has there; nil where it has nothing.
    public var value: String?
    /// Whether messages may lack it: it is compared only when both have it.
    public var isOptional: Bool

    /// Makes a field.
    public init(_ name: String, _ value: String?, isOptional: Bool = false) {
      self.name = name
      self.value = value
      self.isOptional = isOptional
    }
  }

  /// The fields, in the protocol's order.
  public let fields: [Field]
  /// The required fields' values in one text, for look-ups; nil where one is missing.
  package let index: String?

  /// Makes a key of its fields.
  public init(_ fields: [Field]) {
    self.fields = fields
    var index = ""
    for field in fields where !field.isOptional {
      guard let value = field.value else {
        self.index = nil
        return
      }
      index += index.isEmpty ? value : "\u{1F}" + value
    }
    self.index = index
  }

  /// Makes a key of one field.
  public init(_ value: String) { self.init([Field("", value)]) }

  /// Whether a message with the one key may belong to a message with the other.
  ///
  /// A key that lacks a required field belongs to none.
  public func pairs(with other: CorrelationKey) -> Bool {
    guard let index, index == other.index, fields.count == other.fields.count else { return false }
    return zip(fields, other.fields).allSatisfy { mine, theirs in
      guard mine.isOptional, let value = mine.value, let other = theirs.value else { return true }
      return value == other
    }
  }
}

extension CorrelationKey: Hashable {
  /// Whether both have the same values, whatever their fields are called.
  public static func == (left: CorrelationKey, right: CorrelationKey) -> Bool {
    left.fields.map(\.value) == right.fields.map(\.value)
  }

  /// Hashes the values.
  public func hash(into hasher: inout Hasher) { hasher.combine(fields.map(\.value)) }
}

extension CorrelationKey: ExpressibleByStringLiteral {
  /// A key of one field.
  public init(stringLiteral value: String) { self.init(value) }
}

extension CorrelationKey: CustomStringConvertible {
  /// The key in words: `'000017'`, `stan '000017', no terminal`.
  public var description: String {
    let named = fields.filter { !$0.isOptional || $0.value != nil || fields.count > 1 }
    return named.map { field in
      let name = fields.count > 1 || field.value == nil ? field.name : ""
      guard let value = field.value else { return "no \(name.isEmpty ? "key" : name)" }
      return name.isEmpty ? "'\(value)'" : "\(name) '\(value)'"
    }.joined(separator: ", ")
  }
}
