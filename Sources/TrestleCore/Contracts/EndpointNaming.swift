/// Finds the operations that people name by where they are (a path) rather than by their names.
package protocol EndpointNaming: Sendable {
  /// The operations at a place; empty for a text that names none.
  func operations(at text: String) -> [EndpointMatch]
}

/// An operation that is named by where it is.
package struct EndpointMatch: Sendable, Hashable {
  package var operation: String
  /// The parameters that the place itself says: the `7` of `/pets/7`.
  package var conditions: Record
  /// Whether the contract does not have it, so that it is what is said of it.
  package var isUndescribed: Bool

  package init(operation: String, conditions: Record = [:], isUndescribed: Bool = false) {
    self.operation = operation
    self.conditions = conditions
    self.isUndescribed = isUndescribed
  }
}
