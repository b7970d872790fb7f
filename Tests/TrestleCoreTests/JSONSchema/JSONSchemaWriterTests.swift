import Testing

@testable import TrestleCore

@Suite("JSON Schema")
struct JSONSchemaWriterTests {
  private func scalar(
    _ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm = .string,
    _ change: (inout Facets) -> Void = { _ in }
  ) -> Schema {
    var facets = Facets()
    change(&facets)
    return Schema(
      .scalar(
        ScalarSchema(kind: kind, form: form, typeName: "xs:\(kind.rawValue)", facets: facets)))
  }

  @Test("an object becomes properties, with its choice in words and as data")
  func objects() throws {
    var quantity = scalar(.integer, .number) {
      $0.minimum = "1"
      $0.maximum = "99"
    }
    quantity.summary = "How many."
    let schema = Schema(
      .object(
        ObjectSchema(
          members: [
            .init(name: "qty", schema: quantity),
            .init(name: "byId", schema: scalar(.integer), isRequired: false),
            .init(
              name: "byName", schema: scalar(.string) { $0.maximumLength = 9 }, isRequired: false),
          ], choices: [.init(alternatives: [["byId"], ["byName"]])])), summary: "Finds things.")
    let expected = try JSONParser.parse(
      #"""
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Find",
       "type": "object", "properties": {
         "qty": {"type": "integer", "minimum": 1, "maximum": 99, "x-trestle-type": "xs:integer",
                 "description": "How many."},
         "byId": {"type": "string", "pattern": "^[+-]?[0-9]+$", "x-trestle-type": "xs:integer"},
         "byName": {"type": "string", "maxLength": 9, "x-trestle-type": "xs:string"}},
       "required": ["qty"], "additionalProperties": false,
       "x-trestle-choice": [{"alternatives": [["byId"], ["byName"]], "required": true}],
       "description": "Finds things. Exactly one of byId, byName."}
      """#)
    #expect(JSONSchemaWriter.jsonSchema(for: schema, title: "Find") == expected)
  }

  @Test("named types stand under $defs once, recursive ones too")
  func definitions() throws {
    let node = SchemaBox("Tree Node")
    node.set(
      Schema(
        .object(
          ObjectSchema(members: [
            .init(name: "child", schema: node.reference, isRequired: false)
          ]))))
    let root = Schema(.object(ObjectSchema(members: [.init(name: "tree", schema: node.reference)])))
    let written = JSONSchemaWriter.jsonSchema(for: root)
    #expect(written["properties"]?["tree"] == ["$ref": "#/$defs/Tree_Node"])
    #expect(
      written["$defs"]?["Tree_Node"]?["properties"]?["child"] == ["$ref": "#/$defs/Tree_Node"])
  }

  @Test("null, enumerations, defaults and fixed values are told")
  func values() {
    var color = scalar(.string) { $0.enumeration = ["red", "blue"] }
    color.isNullable = true
    color.defaultText = "red"
    let written = JSONSchemaWriter.jsonSchema(for: color)
    #expect(written["type"] == ["string", "null"])
    #expect(written["enum"] == ["red", "blue", nil])
    #expect(written["default"] == "red")
    var version = scalar(.integer, .number)
    version.fixedText = "2"
    #expect(JSONSchemaWriter.jsonSchema(for: version)["const"] == 2)
  }

  @Test("bounds of numbers that travel as text are told in words")
  func limits() {
    let schema = scalar(.decimal) {
      $0.minimum = "0"
      $0.fractionDigits = 2
    }
    let written = JSONSchemaWriter.jsonSchema(for: schema)
    #expect(written["minimum"] == nil)
    #expect(written["description"] == "At least 0, at most 2 digits after the point.")
  }

  @Test("that a number is whole is said in words where its type does not say it")
  func wholeNumbers() {
    func description(_ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm) -> Value? {
      JSONSchemaWriter.jsonSchema(
        for: scalar(kind, form) {
          $0.fractionDigits = 0
          $0.maximum = "9"
        })["description"]
    }
    #expect(description(.integer, .number) == nil)
    #expect(description(.integer, .string) == "A whole number, at most 9.")
    #expect(description(.decimal, .string) == "A whole number, at most 9.")
  }

  @Test("the root has no alternatives, whatever its type")
  func rootVariants() {
    let box = SchemaBox("CircleType")
    box.set(
      Schema(.object(ObjectSchema(members: [.init(name: "radius", schema: scalar(.string))]))))
    let circle = box.reference
    let shape = Schema(
      .object(
        ObjectSchema(
          members: [.init(name: "color", schema: scalar(.string))],
          variants: [.init(name: "Circle", schema: circle)], isAbstract: true)))
    let written = JSONSchemaWriter.jsonSchema(for: shape)
    #expect(written["anyOf"] == nil)
    #expect(written["properties"]?["_type"]?["enum"] == ["Circle"])
    #expect(written["required"] == ["_type", "color"])
    let nested = JSONSchemaWriter.jsonSchema(
      for: Schema(.object(ObjectSchema(members: [.init(name: "shape", schema: shape)]))))
    #expect(nested["properties"]?["shape"]?["anyOf"] == [["$ref": "#/$defs/CircleType_as_Circle"]])
    #expect(nested["$defs"]?["CircleType_as_Circle"]?["required"] == ["_type", "radius"])
  }

  static let patterns: [(String, String?)] = [
    ("[A-Z]{3}", "^(?:[A-Z]{3})$"), (#"\d{5}(-\d{4})?"#, "^(?:[0-9]{5}(?:-[0-9]{4})?)$"),
    ("a|b+", "^(?:a|b+)$"), ("(a|b)c", "^(?:(?:a|b)c)$"),
    ("[a-z-[aeiou]]", "^(?:[b-df-hj-np-tv-z])$"),
    ("[^0-9]*", "^(?:[^0-9]*)$"), (".+", #"^(?:[^\n\r]+)$"#), (#"\."#, #"^(?:\.)$"#),
    ("x{2,}", "^(?:x{2,})$"),
    (#"\p{Lu}"#, nil), (#"\w"#, nil), ("[é-ü]", #"^(?:[\u00E9-\u00FC])$"#),
    (#"[\-\]]"#, #"^(?:[\-\]])$"#),
  ]

  @Test("patterns are translated where every reader understands them", arguments: patterns)
  func translates(pattern: String, expected: String?) throws {
    let read = try #require(XSDPattern(pattern))
    #expect(read.ecmaScript == expected)
  }
}
