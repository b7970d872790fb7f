import Testing
import TrestleCore
import TrestleREST

@Suite("References between JSON Schemas")
struct SchemaReferenceTests {
  @Test("What stands beside a reference counts from OpenAPI 3.1 on")
  func siblings() throws {
    let json =
      ##"{"A": {"type": "string"}, "B": {"$ref": "#/components/schemas/A", "maxLength": 1}}"##
    #expect(try !Schemas(json, .openAPI31).named("B").allows("\"ab\""))
    #expect(try Schemas(json, .openAPI30).named("B").allows("\"ab\""))
    #expect(try !Schemas(json, .openAPI30).named("B").allows("1"))
  }

  @Test("A schema that holds itself is held against values of any depth")
  func recursion() throws {
    let schemas = try Schemas(
      ##"{"Tree": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}}"##
    )
    let tree = try schemas.named("Tree")
    #expect(try tree.allows(#"{"id": 1, "below": [{"id": 2, "below": []}]}"#))
    #expect(
      try tree.faults(in: #"{"id": 1, "below": [{"id": 2, "below": [{}]}]}"#)
        == ["/below/0/below/0/id is missing"])
    #expect(try tree.shown() == #"{"id":1}"#)
  }

  @Test("References that lead nowhere or round in circles are told with their place")
  func broken() throws {
    let schemas = try Schemas(
      ##"""
      {"A": {"type": "object", "properties": {"x": {"$ref": "#/components/schemas/Bb"}}}, "B": {},
       "Loop": {"$ref": "#/components/schemas/Pool"}, "Pool": {"$ref": "#/components/schemas/Loop"},
       "Self": {"allOf": [{"$ref": "#/components/schemas/Self"}, {"type": "object"}]},
       "Round": {"allOf": [{"$ref": "#/components/schemas/Trip"}]},
       "Trip": {"allOf": [{"$ref": "#/components/schemas/Round"}], "type": "object"}}
      """##)
    #expect(try schemas.named("A").allows(#"{"x": 1}"#))
    #expect(schemas.told.contains { $0.hasPrefix("#/components/schemas/A/properties/x:") })
    #expect(schemas.told.contains { $0.contains("leads nowhere; did you mean \"B\"?") })
    #expect(try schemas.named("Loop").allows("1"))
    #expect(schemas.told.contains { $0.contains("leads to itself") })
    for name in ["Self", "Round", "Trip"] {
      #expect(try schemas.named(name).allows("{}"))
      #expect(try !schemas.named(name).allows("1"))
      #expect(try schemas.named(name).shown() == "{}")
      #expect(schemas.told.contains { $0.contains(name) && $0.contains("builds on itself") })
    }
  }

  @Test("A schema that is one of its own alternatives allows what the others do")
  func ownAlternative() throws {
    let schemas = try Schemas(
      ##"{"A": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "string"}]}}"##)
    #expect(try schemas.named("A").allows("\"a\""))
    #expect(try !schemas.named("A").allows("1"))
  }

  @Test("In OpenAPI 3.0 a chain of references with words beside them ends or is told")
  func wordyLoops() throws {
    let schemas = try Schemas(
      ##"{"A": {"$ref": "#/components/schemas/B", "type": "string"}, "B": {"$ref": "#/components/schemas/A", "type": "string"}}"##,
      .openAPI30)
    #expect(try schemas.named("A").allows("1"))
    #expect(schemas.told.contains { $0.contains("leads to itself") })
  }

  @Test("Schemas are found by anchors, and by addresses of their own")
  func anchors() throws {
    let schemas = try Schemas(
      ##"""
      {"A": {"$ref": "#text"}, "T": {"$anchor": "text", "type": "string"},
       "B": {"$id": "https://example.com/b/all.json", "$defs": {"n": {"type": "integer"}}, "items": {"$ref": "#/$defs/n"}},
       "C": {"$ref": "https://example.com/b/all.json"},
       "D": {"$id": "https://example.com/b/other.json", "$ref": "all.json#/$defs/n"},
       "E": {"enum": [{"$anchor": "text"}], "const": {"$anchor": "text"}}}
      """##)
    #expect(try !schemas.named("A").allows("1"))
    #expect(try !schemas.named("B").allows("[\"a\"]"))
    #expect(try !schemas.named("C").allows("[\"a\"]"))
    #expect(try schemas.named("C").allows("[1]"))
    #expect(try !schemas.named("D").allows("\"a\""))
    #expect(schemas.told == [])
  }

  @Test("A dynamic reference leads to the outermost schema that has its anchor")
  func dynamic() throws {
    let schemas = try Schemas(
      ##"""
      {"Tree": {"$id": "https://example.com/tree", "$dynamicAnchor": "node", "type": "object", "properties": {
         "data": true, "children": {"type": "array", "items": {"$dynamicRef": "#node"}}}},
       "Strict": {"$id": "https://example.com/strict", "$dynamicAnchor": "node", "$ref": "tree",
         "unevaluatedProperties": false}}
      """##)
    let odd = #"{"children": [{"daat": 1}]}"#
    #expect(try schemas.named("Tree").allows(odd))
    #expect(try !schemas.named("Strict").allows(odd))
    #expect(try schemas.named("Strict").allows(#"{"children": [{"data": 1}]}"#))
  }

  @Test("Schemas of other files are found, and by their anchors")
  func files() throws {
    let root = try JSONParser.parse(
      ##"{"components": {"schemas": {"A": {"$ref": "parts.json#/X"}, "B": {"$ref": "parts.json#named"}, "C": {"$ref": "gone.json#/X"}}}}"##
    )
    let part = try JSONParser.parse(
      ##"{"X": {"type": "array", "items": {"$ref": "#/Y"}}, "Y": {"$anchor": "named", "type": "integer"}}"##
    )
    let documents = APIDocuments(root: root) { reference, _ in
      reference == "parts.json"
        ? .success(APIDocuments.File(name: reference, value: part))
        : .failure(APIDocuments.Failure("there is no file \(reference)"))
    }
    let library = SchemaLibrary(documents, dialect: .openAPI31)
    func schema(_ name: String) throws -> JSONSchema {
      let pointer = JSONPointer(["components", "schemas", name])
      return library.schema(try #require(root[pointer]), at: DocumentPlace(pointer: pointer))
    }
    #expect(try schema("A").faults(in: "[1, \"2\"]") == ["/1 expects an integer, found \"2\""])
    #expect(try !schema("B").allows("\"2\""))
    #expect(library.diagnostics == [])
    #expect(try schema("C").allows("1"))
    #expect(
      library.diagnostics.map(\.message) == ["#/components/schemas/C: there is no file gone.json"])
  }

  @Test("What is wrong with a schema is told when it is first needed, once")
  func diagnostics() throws {
    let schemas = try Schemas(
      #"""
      {"A": {"type": "strin"}, "B": {"type": "string", "pattern": "(?<=a)b"}, "C": {"multipleOf": 0},
       "D": {"minLength": "x"}, "E": 7}
      """#)
    #expect(schemas.told == [])
    for name in ["A", "B", "C", "D", "E", "A", "B"] {
      #expect(try schemas.named(name).allows("\"anything\""))
    }
    #expect(
      schemas.told == [
        "#/components/schemas/A/type: the type \"strin\" is not known; did you mean \"string\"?",
        "#/components/schemas/B/pattern: the pattern (?<=a)b cannot be checked here",
        "#/components/schemas/C/multipleOf: multipleOf expects a number above zero, found 0",
        "#/components/schemas/D/minLength: minLength expects a count, found \"x\"",
        "#/components/schemas/E: expects a schema, found number",
      ])
    #expect(
      schemas.library.diagnostics.map(\.severity) == [.error, .warning, .error, .error, .error])
  }

  @Test("A library goes with the last who asks it, though its schemas hold themselves")
  func memory() throws {
    weak var library: SchemaLibrary?
    do {
      let schemas = try Schemas(
        ##"{"A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}], "properties": {"a": {"$ref": "#/components/schemas/A"}}}}"##
      )
      library = schemas.library
      let schema = try schemas.named("A")
      #expect(try schema.allows(#"{"b": {"a": {}}}"#))
      #expect(try schema.shown() == "{}")
      let neutral = schema.neutral(for: .response)
      #expect(SampleMaker.sample(for: neutral) != .null)
      #expect(library != nil)
    }
    #expect(library == nil)
  }
}
