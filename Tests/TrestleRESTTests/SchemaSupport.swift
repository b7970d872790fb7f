import Testing
import TrestleCore
import TrestleREST

/// A document and what its schemas are asked in tests.
struct Schemas {
  let library: SchemaLibrary
  private let root: Value

  /// A document as JSON.
  init(document: String, _ dialect: SchemaLibrary.Dialect = .openAPI31) throws {
    root = try JSONParser.parse(document)
    library = SchemaLibrary(APIDocuments(root: root), dialect: dialect)
  }

  /// Schemas by their names, as JSON.
  init(_ schemas: String, _ dialect: SchemaLibrary.Dialect = .openAPI31) throws {
    let part =
      dialect == .swagger2
      ? "{\"definitions\": \(schemas)}" : "{\"components\": {\"schemas\": \(schemas)}}"
    try self.init(document: part, dialect)
  }

  /// One schema, as JSON.
  static func one(
    _ schema: String, _ dialect: SchemaLibrary.Dialect = .openAPI31
  ) throws -> JSONSchema {
    try Schemas("{\"X\": \(schema)}", dialect).named("X")
  }

  func named(_ name: String) throws -> JSONSchema {
    let pointer = JSONPointer(
      library.isSwagger(root) ? ["definitions", name] : ["components", "schemas", name])
    return library.schema(try #require(root[pointer]), at: DocumentPlace(pointer: pointer))
  }

  var told: [String] { library.diagnostics.map(\.message) }
}

extension SchemaLibrary {
  fileprivate func isSwagger(_ root: Value) -> Bool { root["definitions"] != nil }
}

extension JSONSchema {
  /// Whether JSON is valid; both ways of asking must say the same.
  func allows(_ json: String, for direction: Direction = .response) throws -> Bool {
    let value = try JSONParser.parse(json)
    let isFine = admits(value, for: direction)
    #expect(issues(in: value, for: direction).isEmpty == isFine, "\(json)")
    return isFine
  }

  /// What is wrong with JSON: where and what.
  func faults(in json: String, for direction: Direction = .response) throws -> [String] {
    issues(in: try JSONParser.parse(json), for: direction).map { "\($0.pointer) \($0.reason)" }
  }

  /// A sample as JSON, which must be valid.
  func shown(_ direction: Direction = .response, named name: String = "thing") throws -> String {
    let made = sample(for: direction, named: name)
    let sample = try #require(made)
    #expect(issues(in: sample, for: direction) == [])
    let again = self.sample(for: direction, named: name)
    #expect(again == sample)
    return sample.description
  }
}
