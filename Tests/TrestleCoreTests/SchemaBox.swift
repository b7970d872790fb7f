import Synchronization

@testable import TrestleCore

/// A reference to a schema that is told later: how a test writes a recursive type.
final class SchemaBox: Sendable {
  private let target = Mutex<Schema>(.any)
  private let name: String

  init(_ name: String = "Node") { self.name = name }

  func set(_ schema: Schema) { target.withLock { $0 = schema } }

  var reference: Schema {
    Schema(.reference(SchemaReference(name: name) { self.target.withLock { $0 } }))
  }
}
