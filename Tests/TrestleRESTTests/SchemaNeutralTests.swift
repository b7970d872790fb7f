import Testing
import TrestleCore
import TrestleREST

@Suite("JSON Schemas in Trestle's own terms")
struct SchemaNeutralTests {
  private static let order = ##"""
    {"Order": {"type": "object", "description": "An order.\nMore.", "required": ["id", "lines"], "additionalProperties": false, "properties": {
       "id": {"type": "integer", "format": "int64", "readOnly": true},
       "price": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
       "state": {"type": "string", "enum": ["open", "closed"], "default": "closed"},
       "code": {"type": "string", "pattern": "^[A-Z]{3}$", "minLength": 3, "maxLength": 3, "nullable": true},
       "made": {"type": "string", "format": "date-time"},
       "lines": {"type": "array", "minItems": 1, "maxItems": 9, "items": {"$ref": "#/components/schemas/Line"}},
       "parent": {"$ref": "#/components/schemas/Order"}}},
     "Line": {"type": "object", "properties": {"sku": {"type": "string"}}},
     "Id": {"type": "integer"}}
    """##

  private func object(_ schema: Schema) throws -> ObjectSchema {
    guard case .object(let object) = schema.resolved.shape else {
      throw CodecError(reason: "is no object")
    }
    return object
  }

  private func scalar(_ object: ObjectSchema, _ name: String) throws -> ScalarSchema {
    guard case .scalar(let scalar)? = object.member(named: name)?.schema.resolved.shape else {
      throw CodecError(reason: "\(name) is no scalar")
    }
    return scalar
  }

  @Test("Objects, lists and scalars keep their names, rules and words")
  func shapes() throws {
    let schema = try Schemas(Self.order, .openAPI30).named("Order").neutral(for: .response)
    #expect(schema.summary == "An order.")
    let order = try object(schema)
    #expect(order.typeName == "Order")
    #expect(!order.isOpen)
    #expect(
      order.members.map(\.name) == ["id", "price", "state", "code", "made", "lines", "parent"])
    #expect(order.members.filter(\.isRequired).map(\.name) == ["id", "lines"])
    let id = try scalar(order, "id")
    #expect(id.kind == .integer && id.form == .number && id.typeName == "int64")
    #expect(try scalar(order, "price").facets.exclusiveMinimum == "0")
    #expect(try scalar(order, "state").facets.enumeration == ["open", "closed"])
    #expect(order.member(named: "state")?.schema.defaultText == "closed")
    let code = try scalar(order, "code")
    #expect(code.facets.minimumLength == 3 && code.facets.maximumLength == 3)
    #expect(order.member(named: "code")?.schema.isNullable == true)
    #expect(try scalar(order, "made").kind == .dateTime)
    guard case .array(let lines)? = order.member(named: "lines")?.schema.shape,
      case .reference(let line) = lines.item.shape
    else {
      Issue.record("lines are no list of a named type")
      return
    }
    #expect(line.name == "Line")
    #expect(lines.minimumCount == 1 && lines.maximumCount == 9)
  }

  @Test("A request leaves out what is read only, and such a type has a name of its own there")
  func directions() throws {
    let schemas = try Schemas(Self.order, .openAPI30)
    let request = try schemas.named("Order").neutral(for: .request)
    #expect(try object(request).member(named: "id") == nil)
    guard case .reference(let reference) = request.shape else {
      Issue.record("is no named type")
      return
    }
    #expect(reference.name == "Order in requests")
    guard case .reference(let line) = try schemas.named("Line").neutral(for: .request).shape else {
      Issue.record("is no named type")
      return
    }
    #expect(line.name == "Line")
  }

  @Test("The neutral sample and the neutral check agree with the schema's own")
  func agreement() throws {
    for direction in [JSONSchema.Direction.request, .response] {
      let schema = try Schemas(Self.order, .openAPI30).named("Order")
      let neutral = schema.neutral(for: direction)
      let sample = SampleMaker.sample(for: neutral)
      #expect(schema.issues(in: sample, for: direction) == [])
      #expect(SchemaValidator.issues(in: sample, against: neutral) == [])
    }
  }

  @Test("Numbers of any width are numbers in JSON, with their exact text")
  func numbers() throws {
    let schema = try Schemas.one(
      #"{"type": "object", "properties": {"n": {"type": "integer"}, "d": {"type": "number"}}}"#
    ).neutral(for: .request)
    let value = try JSONParser.parse(#"{"n": 123456789012345678901, "d": 0.10}"#)
    #expect(SchemaValidator.issues(in: value, against: schema) == [])
    #expect(try scalar(object(schema), "n").form == .number)
    #expect(try scalar(object(schema), "d").form == .number)
  }

  @Test("Of alternatives, objects are laid side by side and others left open with an example")
  func alternatives() throws {
    let objects = try Schemas.one(
      ##"""
      {"oneOf": [{"type": "object", "required": ["kind", "a"], "properties": {"kind": {"const": "A"}, "a": {"type": "integer"}}},
                 {"type": "object", "required": ["kind", "b"], "properties": {"kind": {"const": "B"}, "b": {"type": "integer"}}}]}
      """##)
    let neutral = objects.neutral(for: .response)
    let union = try object(neutral)
    #expect(union.members.map(\.name) == ["kind", "a", "b"])
    #expect(union.members.filter(\.isRequired).map(\.name) == ["kind"])
    #expect(try scalar(union, "kind").facets.enumeration == ["A", "B"])
    #expect(neutral.resolved.example == ["kind": "A", "a": 1])
    let mixed = try Schemas.one(
      #"{"anyOf": [{"type": "string", "format": "uuid"}, {"type": "object"}]}"#
    ).neutral(for: .response)
    guard case .any = mixed.resolved.shape else {
      Issue.record("is not open")
      return
    }
    #expect(mixed.resolved.example == "123e4567-e89b-12d3-a456-426614174000")
  }

  @Test("An optional member that has no sample is left out of its object's")
  func unsampled() throws {
    let schema = try Schemas.one(
      #"{"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}, {"type": "string"}]}, "b": {"const": 1}}}"#
    )
    #expect(SampleMaker.sample(for: schema.neutral(for: .response)) == ["b": 1])
    #expect(try schema.shown() == #"{"b":1}"#)
  }

  @Test("Of values to choose from, those of another kind are no choice, and a truth value is shown")
  func choices() throws {
    let text = try Schemas.one(#"{"type": "string", "enum": [1, "a", null]}"#)
    #expect(SampleMaker.sample(for: text.neutral(for: .response)) == "a")
    let flag = try Schemas.one(#"{"type": "boolean", "enum": [false]}"#)
    #expect(SampleMaker.sample(for: flag.neutral(for: .response)) == false)
  }

  @Test("Schemas inside others do not share a name")
  func innerNames() throws {
    let schemas = try Schemas(
      ##"""
      {"A": {"$defs": {"part": {"type": "integer"}}, "type": "object", "properties": {"x": {"$ref": "#/components/schemas/A/$defs/part"}}},
       "B": {"$defs": {"part": {"type": "string"}}, "type": "object", "properties": {"x": {"$ref": "#/components/schemas/B/$defs/part"}}}}
      """##)
    func name(_ schema: String) throws -> String? {
      guard
        case .reference(let part)? = try object(schemas.named(schema).neutral(for: .response))
          .member(named: "x")?.schema.shape
      else { return nil }
      return part.name
    }
    #expect(try name("A") == "A.part")
    #expect(try name("B") == "B.part")
  }

  @Test("Parameters and forms see kinds, members, items and defaults")
  func inspection() throws {
    let schema = try Schemas(Self.order, .openAPI30).named("Order")
    #expect(schema.kinds == [.object])
    #expect(schema.propertyNames.first == "id")
    #expect(schema.property("lines")?.kinds == [.array])
    #expect(schema.property("lines")?.item?.property("sku")?.kinds == [.string])
    #expect(schema.property("state")?.defaultValue == "closed")
    #expect(schema.property("price")?.kinds == [.number])
    #expect(schema.property("code")?.kinds == [.string, .null])
    #expect(schema.property("nope") == nil)
    #expect(schema.isRequired("id") && !schema.isRequired("price"))
    #expect(schema.summary == "An order.")
    let open = try Schemas.one("{}")
    #expect(open.kinds.count == 6)
    #expect(
      try Schemas.one(#"{"oneOf": [{"type": "integer"}, {"enum": ["a"]}]}"#).kinds == [
        .integer, .string,
      ])
    #expect(try Schemas.one(#"{"type": "string", "format": "binary"}"#).isBinary)
    #expect(try Schemas.one(#"{"contentMediaType": "application/octet-stream"}"#).isBinary)
    #expect(try Schemas.one(#"{"type": "string", "deprecated": true}"#).isDeprecated)
  }
}
