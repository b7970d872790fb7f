internal import Synchronization
import TrestleCore

/// A schema at its place in a document: its rules are read when a value first reaches it.
///
/// Nodes belong to their library. A node holds those below it; what it refers to it does not own,
/// so that schemas which hold themselves are no cycles in memory.
final class SchemaNode: Sendable {
  let source: Value
  let place: DocumentPlace
  private let compiled = OnceReference<SchemaRules>()
  private let knownDirections = Atomic<UInt8>(0xFF)
  private let knownSpread = Atomic<UInt8>(0xFF)

  init(_ source: Value, at place: DocumentPlace) {
    self.source = source
    self.place = place
  }

  /// Read twice at once is harmless: the first result to arrive is kept.
  func rules(in library: SchemaLibrary) -> SchemaRules {
    if let known = compiled.value { return known }
    return compiled.keep(SchemaReader(self, in: library).rules())
  }

  /// The directions that a member of this schema stays out of, where that was found out: 1 requests, 2
  /// responses.
  var directions: UInt8? {
    let bits = knownDirections.load(ordering: .relaxed)
    return bits == 0xFF ? nil : bits
  }

  func keep(directions bits: UInt8) -> UInt8 {
    knownDirections.store(bits, ordering: .relaxed)
    return bits
  }

  /// Whether something below the schema stays out of one direction, where that was found out.
  var hasDirections: Bool? {
    let bits = knownSpread.load(ordering: .relaxed)
    return bits == 0xFF ? nil : bits == 1
  }

  func keep(hasDirections: Bool) -> Bool {
    knownSpread.store(hasDirections ? 1 : 0, ordering: .relaxed)
    return hasDirections
  }

  /// The last part of the place: the schema's name where it stands among named ones.
  var name: String { place.pointer.tokens.last ?? "" }

  /// Whether the schema stands in its document's list of named ones.
  var isNamed: Bool {
    let tokens = place.pointer.tokens
    guard tokens.count > 1 else { return tokens.isEmpty && !place.document.isEmpty }
    let isInside = tokens.count > 2
    switch tokens[tokens.count - 2] {
    case "schemas": return isInside ? tokens[0] == "components" && tokens.count == 3 : true
    case "definitions", "$defs":
      // A property may have these names too.
      return !isInside || !SchemaReader.maps.contains(tokens[tokens.count - 3])
    default: return false
    }
  }
}

/// What one schema refers to another with.
struct SchemaEdge: Sendable {
  unowned let node: SchemaNode
}
