package import TrestleCore

/// A JSON Schema as the documents of an API have it, compiled when it is first asked.
package struct JSONSchema: Sendable {
  /// Which way a value goes: members that are read only stay out of requests, those that are write
  /// only out of responses.
  package enum Direction: Sendable { case request, response }

  /// A kind of JSON value.
  package enum Kind: String, Sendable, Hashable {
    case object, array, string, integer, number, boolean, null
  }

  let library: SchemaLibrary
  let node: SchemaNode

  /// What is wrong with a value; empty when nothing is.
  package func issues(in value: Value, for direction: Direction) -> [SchemaIssue] {
    SchemaCheck.issues(in: value, node, of: library, for: direction)
  }

  /// Whether nothing is wrong with a value.
  package func admits(_ value: Value, for direction: Direction) -> Bool {
    SchemaCheck.admits(value, [node], of: library, for: direction)
  }

  /// Whether a value may stand as an example: valid as the rules are understood here, and also where
  /// formats only tell and what stands beside a reference counts, as many validators have it.
  package func mayShow(_ value: Value, for direction: Direction) -> Bool {
    SchemaCheck.mayShow(value, [node], of: library, for: direction)
  }

  /// A valid value, the same every time; nil where none can be made.
  ///
  /// The document's own examples come first, then defaults and constants, and then what its rules
  /// give. `name` is what the value is called.
  package func sample(for direction: Direction, named name: String) -> Value? {
    SchemaSampler.sample(for: [node], of: library, direction, named: name)
  }

  /// The same shape in Trestle's own terms, with an example where that shape alone would sample wrongly.
  package func neutral(for direction: Direction) -> Schema {
    NeutralSchema.schema(for: node, of: library, direction)
  }
}
