import Testing
import TrestleCore
import TrestleREST

@Suite("Samples of JSON Schemas")
struct SchemaSampleTests {
  @Test(
    "A sample is valid, plain and the same every time",
    arguments: [
      (
        #"{"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}"#,
        #"{"id":1,"name":"name"}"#
      ),
      (#"{"type": "string", "example": "shown", "default": "other"}"#, #""shown""#),
      (#"{"type": "string", "default": "other", "enum": ["first", "other"]}"#, #""other""#),
      (#"{"enum": [null, "first"]}"#, #""first""#),
      (#"{"const": {"a": 1}}"#, #"{"a":1}"#),
      (#"{"type": ["null", "integer"]}"#, "1"),
      (#"{"type": "null"}"#, "null"),
      (#"{"type": "integer", "minimum": 7, "multipleOf": 5}"#, "10"),
      (#"{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001}"#, "0.0001"),
      (#"{"type": "number", "multipleOf": 0.01, "minimum": 3.999}"#, "10.5"),
      (#"{"type": "integer", "minimum": 12345678901234567890123}"#, "12345678901234567890123"),
      (#"{"type": "string", "minLength": 7}"#, #""thingth""#),
      (#"{"type": "string", "maxLength": 3}"#, #""thi""#),
      (#"{"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"}"#, #""AB-456""#),
      (
        #"{"type": "string", "pattern": "^(?=.*\\d)[a-z0-9]{4}$", "not": {"const": "abcd"}}"#,
        #""1bcd""#
      ),
      (#"{"type": "string", "format": "date-time"}"#, #""2026-01-15T09:30:00Z""#),
      (#"{"type": "string", "format": "email", "minLength": 20}"#, #""aaaauser@example.com""#),
      (
        #"{"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": true}"#,
        "[1,0,10]"
      ),
      (
        #"{"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": true}"#,
        #"["a","b","c"]"#
      ),
      (
        #"{"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false}"#,
        #"[1,"thing"]"#
      ),
      (#"{"type": "array", "contains": {"const": 5}, "minContains": 2}"#, "[5,5]"),
      (#"{"type": "array", "maxItems": 0}"#, "[]"),
      (#"{"type": "object", "additionalProperties": {"type": "integer"}}"#, #"{"key":1}"#),
      (
        #"{"type": "object", "additionalProperties": {"type": "integer"}, "propertyNames": {"pattern": "^x-"}, "minProperties": 1}"#,
        #"{"x-":1}"#
      ),
      (
        #"{"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, "required": ["c"], "maxProperties": 2}"#,
        #"{"a":1,"c":3}"#
      ),
      (
        #"{"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"maxLength": 2}, "b": {"type": "boolean"}}}]}"#,
        #"{"a":"a","b":true}"#
      ),
      (#"{"oneOf": [{"minimum": 0}, {"type": "integer"}]}"#, "1.5"),
      (#"{"anyOf": [{"type": "null"}, {"type": "string"}]}"#, #""thing""#),
      (#"{"not": {"type": ["string", "integer"]}}"#, "true"),
      (#"{"type": "string", "not": {"const": "thing"}}"#, #""thing1""#),
      (
        #"{"type": "object", "required": ["k"], "properties": {"k": {"const": 1}}, "if": {"properties": {"k": {"const": 1}}}, "then": {"required": ["a"]}}"#,
        #"{"k":1,"a":"a"}"#
      ),
      (
        #"{"type": "object", "properties": {"card": {"const": 1}}, "dependentRequired": {"card": ["address"]}}"#,
        #"{"card":1,"address":"address"}"#
      ),
    ])
  func plain(schema: String, sample: String) throws {
    #expect(try Schemas.one(schema).shown() == sample)
  }

  @Test("The examples of members fill objects, and an object's own comes before them")
  func examples() throws {
    let members = try Schemas.one(
      #"{"type": "object", "properties": {"a": {"type": "string", "example": "A"}, "b": {"type": "integer", "default": 7}}}"#,
      .openAPI30)
    #expect(try members.shown() == #"{"a":"A","b":7}"#)
    let whole = try Schemas.one(
      #"{"type": "object", "example": {"a": "all"}, "properties": {"a": {"type": "string", "example": "A"}}}"#,
      .openAPI30)
    #expect(try whole.shown() == #"{"a":"all"}"#)
    let several = try Schemas.one(#"{"type": "integer", "examples": ["no", 12]}"#)
    #expect(try several.shown() == "12")
  }

  @Test("An example or default that breaks its schema is not used, and told once")
  func badExamples() throws {
    let schemas = try Schemas(
      #"""
      {"A": {"type": "object", "properties": {"n": {"type": "integer", "example": "12"}}, "example": {"n": "x"}},
       "B": {"type": "string", "maxLength": 2, "default": "long"}}
      """#, .openAPI30)
    #expect(try schemas.named("A").shown() == #"{"n":1}"#)
    #expect(try schemas.named("B").shown() == #""th""#)
    #expect(
      schemas.told == [
        "#/components/schemas/A/example: the example is not valid: /n expects an integer, found \"x\"",
        "#/components/schemas/A/properties/n/example: the example is not valid: expects an integer, found \"12\"",
        "#/components/schemas/B/default: the default is not valid: expects at most 2 characters, found 4",
      ])
    #expect(schemas.library.diagnostics.allSatisfy { $0.severity == .warning })
  }

  @Test("An example of a kind that is plainly not meant is not used, though no type forbids it")
  func strayExamples() throws {
    let schemas = try Schemas(
      #"{"A": {"properties": {"id": {"type": "integer"}}, "example": "{\"id\": 1}"}}"#, .openAPI30)
    #expect(try schemas.named("A").allows("\"any text\""))
    #expect(try schemas.named("A").shown() == #"{"id":1}"#)
    #expect(schemas.told.first?.contains("expects an object, found") == true)
  }

  @Test("Of branches, one is shown that holds also for readers that know no directions")
  func directionless() throws {
    let schema = try Schemas.one(
      #"{"anyOf": [{"type": "object", "required": ["pin"], "properties": {"pin": {"type": "string", "writeOnly": true}}}, {"type": "object", "required": ["last"], "properties": {"last": {"const": "42"}}}]}"#
    )
    #expect(try schema.allows("{}"))
    #expect(try schema.shown() == #"{"last":"42"}"#)
    #expect(try schema.shown(.request) == #"{"pin":"pin"}"#)
  }

  @Test("Members of one direction stay out of samples of the other, also of given ones")
  func directions() throws {
    let schema = try Schemas.one(
      """
      {"type": "object", "required": ["id", "secret"], "properties": {
        "id": {"type": "integer", "readOnly": true}, "secret": {"type": "string", "writeOnly": true},
        "name": {"type": "string"}}, "example": {"id": 5, "secret": "s", "name": "n"}}
      """, .openAPI30)
    #expect(try schema.shown(.request) == #"{"secret":"s","name":"n"}"#)
    #expect(try schema.shown(.response) == #"{"id":5,"name":"n"}"#)
  }

  @Test(
    "Recursion ends, by leaving out, by an empty list, by null, by another branch, or not at all")
  func recursion() throws {
    let schemas = try Schemas(
      ##"""
      {"Next": {"type": "object", "properties": {"v": {"const": 1}, "next": {"$ref": "#/components/schemas/Next"}}},
       "Null": {"type": ["object", "null"], "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Null"}}},
       "Branch": {"oneOf": [{"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Branch"}}, {"type": "boolean"}]},
       "Endless": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Endless"}}}}
      """##)
    #expect(try schemas.named("Next").shown() == #"{"v":1}"#)
    #expect(try schemas.named("Null").shown() == #"{"next":null}"#)
    #expect(try schemas.named("Branch").shown() == "[true]")
    #expect(try schemas.named("Endless").sample(for: .response, named: "x") == nil)
    #expect(try Schemas.one("false").sample(for: .response, named: "x") == nil)
  }

  @Test("What is shown is valid also where formats only tell, or words beside references count")
  func pleasesAll() throws {
    let either = try Schemas.one(
      #"{"oneOf": [{"type": "string", "format": "byte"}, {"type": "string", "maxLength": 3}]}"#)
    #expect(try either.allows("\"c2FtcGxl\""))
    #expect(!either.mayShow("abc", for: .response))
    #expect(either.mayShow("c2FtcGxl", for: .response))
    #expect(try either.shown() == #""c2FtcGxl""#)
    let beside = try Schemas(
      ##"{"List": {"type": "array"}, "Map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/List", "type": "object"}}}"##,
      .openAPI30)
    #expect(try beside.named("Map").allows(#"{"a": []}"#))
    #expect(try beside.named("Map").shown() == "{}")
  }

  @Test("A sample of a schema that branches without end stays small enough to read")
  func size() throws {
    var schemas = (0..<30).map { level in
      ##""L\##(level)": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/L\##(level + 1)"}, "b": {"$ref": "#/components/schemas/L\##(level + 1)"}, "c": {"type": "string"}}}"##
    }
    schemas.append(#""L30": {"type": "string"}"#)
    let shown = try Schemas("{\(schemas.joined(separator: ","))}").named("L0").shown()
    #expect(shown.utf8.count < 4_000)
    #expect(shown.utf8.count > 200)
  }
}
