import Testing
import TrestleCore
import TrestleREST

/// A schema with what it allows and what it does not.
struct SchemaVector: CustomTestStringConvertible, Sendable {
  let schema: String
  let valid: [String]
  let invalid: [String]

  init(_ schema: String, valid: [String], invalid: [String]) {
    self.schema = schema
    self.valid = valid
    self.invalid = invalid
  }

  var testDescription: String { schema }
}

@Suite("What JSON Schemas allow")
struct SchemaVectorTests {
  static let modern: [SchemaVector] = [
    SchemaVector("true", valid: ["1", "null"], invalid: []),
    SchemaVector("false", valid: [], invalid: ["1", "null"]),
    SchemaVector(
      #"{"type": "integer"}"#, valid: ["1", "1.0", "-3e2", "123456789012345678901234567890"],
      invalid: ["1.5", "\"1\"", "true", "null", "1e-1"]),
    SchemaVector(#"{"type": "number"}"#, valid: ["1", "1.5"], invalid: ["\"1\"", "[]"]),
    SchemaVector(#"{"type": ["string", "null"]}"#, valid: ["\"a\"", "null"], invalid: ["1"]),
    SchemaVector(#"{"type": "null"}"#, valid: ["null"], invalid: ["0", "\"\"", "false"]),
    SchemaVector(#"{"enum": [1, "a", null]}"#, valid: ["1.0", "\"a\"", "null"], invalid: ["2"]),
    SchemaVector(
      #"{"const": {"a": [1, 2.0]}}"#, valid: [#"{"a": [1.0, 2]}"#],
      invalid: [#"{"a": [2, 1]}"#, #"{"a": [1, 2], "b": 0}"#]),
    SchemaVector(#"{"const": false}"#, valid: ["false"], invalid: ["0", "null"]),
    SchemaVector(#"{"const": 2, "enum": [1, 3]}"#, valid: [], invalid: ["1", "2", "3"]),
    SchemaVector(
      #"{"minimum": 0.1, "exclusiveMaximum": 3}"#, valid: ["0.1", "0.10", "2.999", "\"a\""],
      invalid: ["0.09999999999999999999", "3", "3.0"]),
    SchemaVector(
      #"{"exclusiveMinimum": 9007199254740993}"#, valid: ["9007199254740994"],
      invalid: ["9007199254740993", "9007199254740992.9"]),
    SchemaVector(
      #"{"multipleOf": 0.01}"#, valid: ["19.99", "0", "-4.35", "1e3", "\"a\""],
      invalid: ["19.995", "1e-3"]),
    SchemaVector(
      #"{"multipleOf": 3}"#, valid: ["9", "9.0", "3e5"], invalid: ["10", "1.5", "1e5"]),
    SchemaVector(
      #"{"minLength": 2, "maxLength": 3}"#, valid: ["\"äé\"", "\"😀😀😀\"", "7"],
      invalid: ["\"a\"", "\"abcd\"", "\"😀\""]),
    SchemaVector(#"{"pattern": "b+"}"#, valid: ["\"abc\"", "1"], invalid: ["\"ac\""]),
    SchemaVector(#"{"pattern": "^b+$"}"#, valid: ["\"bb\""], invalid: ["\"abc\"", "\"\""]),
    SchemaVector(
      #"{"items": {"type": "integer"}}"#, valid: ["[]", "[1, 2]", "{}"], invalid: ["[1, \"2\"]"]),
    SchemaVector(
      #"{"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false}"#,
      valid: ["[]", "[1]", "[1, \"a\"]"], invalid: ["[\"a\"]", "[1, \"a\", 2]"]),
    SchemaVector(
      #"{"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3}"#,
      valid: ["[1, \"a\", 2]", "[1, 2, 3]", "7"], invalid: ["[]", "[1]", "[1, 2, 3, 4]"]),
    SchemaVector(
      #"{"contains": {"const": 1}, "minContains": 0}"#, valid: ["[]", "[2]"], invalid: []),
    SchemaVector(
      #"{"uniqueItems": true}"#, valid: ["[1, \"1\", true]", #"[{"a": 1}, {"a": 2}]"#],
      invalid: ["[1, 1.0]", #"[{"a": 1, "b": 2}, {"b": 2, "a": 1}]"#]),
    SchemaVector(
      #"{"minItems": 1, "maxItems": 2}"#, valid: ["[1]", "[1, 2]"], invalid: ["[]", "[1, 2, 3]"]),
    SchemaVector(
      #"{"properties": {"a": {"type": "integer"}}, "required": ["a", "b"]}"#,
      valid: [#"{"a": 1, "b": null}"#, "[]"], invalid: [#"{"a": 1}"#, #"{"a": "x", "b": 1}"#]),
    SchemaVector(
      #"{"properties": {"a": {}}, "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false}"#,
      valid: [#"{"a": 1, "x-b": "c"}"#, "{}"], invalid: [#"{"b": 1}"#, #"{"x-b": 1}"#]),
    SchemaVector(
      #"{"additionalProperties": {"type": "integer"}}"#, valid: [#"{"a": 1}"#],
      invalid: [#"{"a": "1"}"#]),
    SchemaVector(
      #"{"propertyNames": {"maxLength": 2}}"#, valid: [#"{"ab": 1}"#], invalid: [#"{"abc": 1}"#]),
    SchemaVector(
      #"{"minProperties": 1, "maxProperties": 2}"#, valid: [#"{"a": 1}"#],
      invalid: ["{}", #"{"a": 1, "b": 2, "c": 3}"#]),
    SchemaVector(
      #"{"dependentRequired": {"card": ["address"]}}"#,
      valid: ["{}", #"{"card": 1, "address": 2}"#], invalid: [#"{"card": 1}"#]),
    SchemaVector(
      #"{"dependentSchemas": {"card": {"properties": {"n": {"type": "integer"}}}}}"#,
      valid: [#"{"n": "x"}"#, #"{"card": 1, "n": 2}"#], invalid: [#"{"card": 1, "n": "x"}"#]),
    SchemaVector(
      #"{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}"#,
      valid: ["{}", #"{"a": 1, "b": 1}"#], invalid: [#"{"a": 1}"#, #"{"c": 1}"#]),
    SchemaVector(
      #"{"allOf": [{"type": "integer"}, {"minimum": 3}]}"#, valid: ["3"], invalid: ["2", "\"a\""]),
    SchemaVector(
      #"{"anyOf": [{"type": "integer"}, {"minimum": 3}]}"#, valid: ["1", "3.5", "\"a\""],
      invalid: ["2.5"]),
    SchemaVector(
      #"{"oneOf": [{"type": "integer"}, {"minimum": 3}]}"#, valid: ["1", "3.5"],
      invalid: ["4", "2.5"]),
    SchemaVector(#"{"not": {"type": "integer"}}"#, valid: ["\"a\"", "1.5"], invalid: ["1"]),
    SchemaVector(
      #"{"if": {"properties": {"k": {"const": 1}}, "required": ["k"]}, "then": {"required": ["a"]}, "else": {"required": ["b"]}}"#,
      valid: [#"{"k": 1, "a": 0}"#, #"{"b": 0}"#], invalid: [#"{"k": 1, "b": 0}"#, "{}"]),
    SchemaVector(
      #"{"allOf": [{"properties": {"a": {}}}], "anyOf": [{"properties": {"b": {"const": 1}}, "required": ["b"]}, {}], "unevaluatedProperties": false}"#,
      valid: [#"{"a": 1}"#, #"{"a": 1, "b": 1}"#], invalid: [#"{"b": 2}"#, #"{"c": 1}"#]),
    SchemaVector(
      #"{"prefixItems": [true], "contains": {"type": "string"}, "unevaluatedItems": {"type": "null"}}"#,
      valid: ["[1, \"a\", null]"], invalid: ["[1, 2, \"a\"]", "[1]"]),
    SchemaVector(
      #"{"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "unevaluatedProperties": false}"#,
      valid: [#"{"a": 1}"#, "{}"], invalid: [#"{"a": 2}"#]),
  ]

  @Test("JSON Schema 2020-12 allows what it says", arguments: modern)
  func newest(vector: SchemaVector) throws { try expect(vector, .openAPI31) }

  static let older: [SchemaVector] = [
    SchemaVector(
      #"{"type": "string", "nullable": true, "enum": ["a", "b"]}"#, valid: ["\"a\"", "null"],
      invalid: ["\"c\"", "1"]),
    SchemaVector(
      #"{"type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 5, "exclusiveMaximum": false}"#,
      valid: ["2", "5"], invalid: ["1", "6"]),
    SchemaVector(
      #"{"nullable": true, "allOf": [{"type": "object"}]}"#, valid: ["null", "{}"],
      invalid: ["1"]),
    SchemaVector(
      #"{"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer", "format": "int32"}}}"#,
      valid: [#"{"a": 2147483647}"#], invalid: [#"{"a": 2147483648}"#, #"{"b": 1}"#]),
    SchemaVector(
      #"{"type": "integer", "format": "int64"}"#, valid: ["9223372036854775807"],
      invalid: ["9223372036854775808"]),
    // Words of later drafts say nothing here.
    SchemaVector(#"{"const": 1, "contains": false}"#, valid: ["2", "[1]"], invalid: []),
  ]

  @Test("OpenAPI 3.0 allows what it says", arguments: older)
  func openAPI30(vector: SchemaVector) throws { try expect(vector, .openAPI30) }

  @Test("Swagger 2 says null by an extension, and files and parameters are schemas")
  func swagger() throws {
    let nullable = try Schemas.one(#"{"type": "string", "x-nullable": true}"#, .swagger2)
    #expect(try nullable.allows("null"))
    let plain = try Schemas.one(#"{"type": "string", "nullable": true}"#, .swagger2)
    #expect(try !plain.allows("null"))
    let parameter = try Schemas.one(
      #"{"name": "n", "in": "query", "required": true, "type": "array", "items": {"type": "integer"}}"#,
      .swagger2)
    #expect(try parameter.allows("[1]"))
    #expect(try !parameter.allows("[\"a\"]"))
    #expect(try Schemas.one(#"{"type": "file"}"#, .swagger2).isBinary)
  }

  private func expect(_ vector: SchemaVector, _ dialect: SchemaLibrary.Dialect) throws {
    let schema = try Schemas.one(vector.schema, dialect)
    for json in vector.valid { #expect(try schema.allows(json), "\(json)") }
    for json in vector.invalid { #expect(try !schema.allows(json), "\(json)") }
  }
}
