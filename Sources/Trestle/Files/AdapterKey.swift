/// One key that a file may have: what the checks, the JSON Schema and the docs say about it.
package struct AdapterKey: Sendable {
  package indirect enum Kind: Sendable {
    /// Anything at all; the protocol or the mock engine checks it.
    case anything
    case text
    case flag
    case integer(ClosedRange<Int64>)
    /// `500ms`, `5s`, `2m`.
    case duration
    case oneOf([String])
    case list(Kind)
    /// Names of the writer's own choosing, each with a value of a kind.
    case map(Kind)
    case object([AdapterKey])
    /// Any of several.
    case either([Kind])
  }

  package var name: String
  package var kind: Kind
  /// One sentence.
  package var summary: String
  package var isRequired: Bool

  package init(_ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = false) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.isRequired = isRequired
  }
}
