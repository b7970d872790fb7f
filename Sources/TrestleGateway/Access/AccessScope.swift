/// A kind of thing that a token lets its holder do.
public enum AccessScope: String, Sendable, CaseIterable {
  /// Lists, descriptions, schemas, the OpenAPI document.
  case read
  /// Calls of operations; includes `read`.
  case call
  /// Everything that steers mocks, and their journal; includes `read`.
  case admin
}
