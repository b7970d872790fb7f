/// A name that was known when a codec was compiled, as a small number to switch and index by.
package struct XMLSymbol: Sendable, Hashable, RawRepresentable {
  package let rawValue: Int32

  @inlinable
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// A name that the table does not hold.
  package static let unknown = XMLSymbol(rawValue: -1)

  @inlinable
  package var isKnown: Bool { rawValue >= 0 }

  /// The position of the name in its table.
  @inlinable
  package var index: Int { Int(rawValue) }
}
