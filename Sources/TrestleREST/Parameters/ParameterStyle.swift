/// How a parameter's value becomes text (OpenAPI 3.1 §4.8.12.3; Swagger 2's collectionFormat in the same words).
package struct ParameterStyle: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case simple, label, matrix, form, spaceDelimited, pipeDelimited, deepObject
    /// Swagger 2's `tsv`.
    case tabDelimited
  }

  package var kind: Kind
  /// Whether each item or member stands alone.
  package var explodes: Bool
  /// Whether what RFC 3986 reserves is sent as it is.
  package var allowsReserved: Bool

  package init(_ kind: Kind, explodes: Bool? = nil, allowsReserved: Bool = false) {
    self.kind = kind
    self.explodes = explodes ?? (kind == .form || kind == .deepObject)
    self.allowsReserved = allowsReserved
  }

  /// What stands between the items where they do not stand alone.
  var separator: Character {
    switch kind {
    case .spaceDelimited: " "
    case .pipeDelimited: "|"
    case .tabDelimited: "\t"
    case .label where explodes: "."
    default: ","
    }
  }
}
