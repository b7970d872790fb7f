import Testing
import TrestleCore
import TrestleREST

@Suite("JSON Schemas and values made to do harm")
struct SchemaHostileTests {
  private func nested(_ depth: Int, _ inner: String = "1") -> String {
    String(repeating: #"{"a":["#, count: depth) + inner + String(repeating: "]}", count: depth)
  }

  @Test("Values as deep as can be read are checked to the bottom")
  func depth() throws {
    let schema = try Schemas(
      ##"""
      {"X": {"allOf": [{"$ref": "#/components/schemas/Y"}], "type": ["object", "integer"]},
       "Y": {"properties": {"a": {"items": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/X"}]}}}}}
      """##
    ).named("X")
    #expect(try schema.allows(nested(250)))
    #expect(try !schema.allows(nested(250, "\"x\"")))
  }

  @Test("Alternatives that multiply without end are given up, not followed")
  func alternatives() throws {
    let schema = try Schemas(
      ##"""
      {"X": {"anyOf": [{"properties": {"a": {"items": {"$ref": "#/components/schemas/X"}}, "b": false}},
                       {"properties": {"a": {"items": {"$ref": "#/components/schemas/X"}}, "c": false}}],
             "not": {"const": 1}}}
      """##
    ).named("X")
    let good = try JSONParser.parse(nested(40, "2"))
    let bad = try JSONParser.parse(nested(40))
    let time = ContinuousClock().measure {
      #expect(schema.admits(good, for: .request))
      #expect(!schema.admits(bad, for: .request))
      #expect(schema.issues(in: bad, for: .request) != [])
    }
    #expect(time < .seconds(30))
  }

  @Test("Patterns and texts that make others backtrack are matched in a straight line")
  func patterns() throws {
    let schema = try Schemas.one(#"{"pattern": "^(a+)+$"}"#)
    let text = String(repeating: "a", count: 50_000)
    #expect(schema.admits(.string(text), for: .request))
    #expect(!schema.admits(.string(text + "!"), for: .request))
    let huge = try Schemas(#"{"X": {"pattern": "^((a{1,1000}){1,1000}){1,1000}$"}}"#)
    #expect(try huge.named("X").allows("\"b\""))
    #expect(huge.told.first?.contains("cannot be checked") == true)
  }

  @Test(
    "Numbers and limits of any size are reckoned with or let pass",
    arguments: [
      #"{"multipleOf": 1e-300}"#, #"{"multipleOf": 1e300}"#,
      #"{"multipleOf": 123456789012345678901234567890}"#, #"{"maxLength": 1e30}"#,
      #"{"minimum": -1e999999999}"#, #"{"maximum": 1e999999999, "type": "number"}"#,
    ])
  func numbers(schema: String) throws {
    let schema = try Schemas.one(schema)
    for json in ["0", "1e308", "1e999999", "-1e-999999", "123456789012345678901234567890123"] {
      _ = try schema.allows(json)
    }
    #expect(try schema.allows("0"))
  }

  @Test("Limits that no value can meet give no sample, and soon")
  func impossible() throws {
    for json in [
      #"{"type": "array", "minItems": 1000000000000, "items": {"type": "object"}}"#,
      #"{"type": "array", "minItems": 900, "uniqueItems": true, "items": {"enum": [1, 2, 3]}}"#,
      #"{"type": "object", "minProperties": 1000000000}"#,
      #"{"type": "string", "minLength": 1000000000000}"#,
      #"{"type": "integer", "minimum": 2, "maximum": 1}"#,
    ] {
      #expect(try Schemas.one(json).sample(for: .response, named: "x") == nil, "\(json)")
    }
  }

  @Test("Choices between choices are tried only so often")
  func choices() throws {
    let group = (0..<12).map {
      #"{"properties": {"p\#($0)": {"not": {}}}, "required": ["p\#($0)"]}"#
    }
    let groups = Array(repeating: "{\"anyOf\": [\(group.joined(separator: ","))]}", count: 12)
    let schema = try Schemas.one(
      "{\"type\": \"object\", \"allOf\": [\(groups.joined(separator: ","))]}")
    let time = ContinuousClock().measure {
      #expect(schema.sample(for: .response, named: "x") == nil)
      _ = schema.neutral(for: .response)
      _ = schema.kinds
    }
    #expect(time < .seconds(60))
  }

  @Test("A schema nested as deep as can be read is compiled, sampled and said")
  func deepSchema() throws {
    let json =
      String(repeating: #"{"allOf":["#, count: 200) + #"{"type":"string"}"#
      + String(repeating: "]}", count: 200)
    let schema = try Schemas.one(json)
    #expect(try schema.allows("\"a\""))
    #expect(try !schema.allows("1"))
    #expect(try schema.shown() == "\"thing\"")
    _ = schema.neutral(for: .request)
  }

  @Test("A library is asked from many places at once")
  func concurrency() async throws {
    let schemas = try Schemas(
      ##"{"Tree": {"type": "object", "properties": {"id": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Tree"}}}}"##
    )
    let tree = try schemas.named("Tree")
    await withTaskGroup(of: Bool.self) { group in
      for id in 0..<64 {
        group.addTask {
          tree.admits(["id": .integer(Int64(id)), "next": ["id": 1]], for: .request)
            && tree.sample(for: .request, named: "tree") == ["id": 1]
            && !tree.admits(["id": "x"], for: .request)
        }
      }
      for await isFine in group { #expect(isFine) }
    }
  }
}
