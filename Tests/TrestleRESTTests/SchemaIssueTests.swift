import Testing
import TrestleCore
import TrestleREST

@Suite("What is told of values that break JSON Schemas")
struct SchemaIssueTests {
  @Test("Every mistake is told with its place, in the order of the value")
  func places() throws {
    let schema = try Schemas.one(
      """
      {"type": "object", "required": ["id", "lines"], "additionalProperties": false, "properties": {
        "id": {"type": "integer", "minimum": 1}, "name": {"type": "string", "maxLength": 3},
        "lines": {"type": "array", "items": {"type": "object", "required": ["sku"],
          "properties": {"sku": {"type": "string"}, "a/b": {"enum": ["x", "y"]}}}}}}
      """)
    #expect(
      try schema.faults(in: #"{"id": 0, "name": "long", "lines": [{"a/b": "z"}, 3], "nmae": 1}"#)
        == [
          "/id expects at least 1, found 0", "/name expects at most 3 characters, found 4",
          "/lines/0/a~1b expects one of \"x\", \"y\", found \"z\"",
          "/lines/0/sku is missing", "/lines/1 expects an object, found 3", "/nmae is not known",
        ])
    #expect(try schema.faults(in: "{}") == ["/id is missing", "/lines is missing"])
  }

  @Test("A hint says how to mend it")
  func hints() throws {
    func hint(_ schema: String, _ json: String) throws -> String? {
      try Schemas.one(schema).issues(in: try JSONParser.parse(json), for: .request).first?.hint
    }
    #expect(try hint(#"{"type": "integer"}"#, "\"12\"") == "Write 12 without quotes.")
    #expect(try hint(#"{"type": "string"}"#, "12") == "Write it in quotes: \"12\".")
    #expect(try hint(#"{"type": "array"}"#, "1") == "Write a single item as [1].")
    #expect(try hint(#"{"enum": ["open", "closed"]}"#, "\"opne\"") == "Did you mean \"open\"?")
    let closed = #"{"properties": {"name": {}}, "additionalProperties": false}"#
    #expect(try hint(closed, #"{"nmae": 1}"#) == "Did you mean \"name\"? Known: name.")
  }

  @Test("Of alternatives, the mistakes of the one that was plainly meant are told")
  func alternatives() throws {
    let schema = try Schemas.one(
      #"{"oneOf": [{"type": "string"}, {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}]}"#
    )
    #expect(try schema.faults(in: #"{"id": "x"}"#) == [#"/id expects an integer, found "x""#])
    #expect(
      try schema.faults(in: "true") == [" fits none of alternative 1, alternative 2, found true"])
    let both = try Schemas.one(#"{"oneOf": [{"type": "integer"}, {"minimum": 0}]}"#)
    #expect(
      try both.faults(in: "1") == [" fits alternative 1 and alternative 2, expects exactly one"])
  }

  @Test("What is read only is required in responses alone, and what is write only in requests")
  func directions() throws {
    let schema = try Schemas.one(
      """
      {"type": "object", "required": ["id", "password"], "properties": {
        "id": {"type": "integer", "readOnly": true}, "password": {"type": "string", "writeOnly": true}}}
      """, .openAPI30)
    #expect(try schema.allows(#"{"password": "x"}"#, for: .request))
    #expect(try !schema.allows(#"{"id": 1}"#, for: .request))
    #expect(try schema.allows(#"{"id": 1}"#, for: .response))
    #expect(try !schema.allows(#"{"password": "x"}"#, for: .response))
    // Those who send back what they got are let pass, as long as it is of the right kind.
    #expect(try schema.allows(#"{"id": 1, "password": "x"}"#, for: .request))
    #expect(try !schema.allows(#"{"id": "1", "password": "x"}"#, for: .request))
  }

  @Test("A member that another part of the schema has as read only is not asked for in requests")
  func directionsOfOthers() throws {
    let schema = try Schemas.one(
      #"{"allOf": [{"properties": {"id": {"readOnly": true}}}, {"required": ["id"]}]}"#)
    #expect(try schema.allows("{}", for: .request))
    #expect(try !schema.allows("{}", for: .response))
  }
}
