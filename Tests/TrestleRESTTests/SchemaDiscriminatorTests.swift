import Testing
import TrestleCore
import TrestleREST

@Suite("Discriminators of JSON Schemas")
struct SchemaDiscriminatorTests {
  private static let listed = ##"""
    {"Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
       "discriminator": {"propertyName": "kind", "mapping": {"puss": "#/components/schemas/Cat", "hound": "Dog"}}},
     "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
     "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"type": "string"}}}}
    """##

  private static let built = ##"""
    {"Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}, "discriminator": {"propertyName": "kind"}},
     "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer"}}}]},
     "Tom": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"properties": {"fights": {"type": "integer"}}, "required": ["fights"]}]},
     "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"lives": {"type": "string"}}}]}}
    """##

  @Test("The property picks the branch that a value is held against")
  func picks() throws {
    let pet = try Schemas(Self.listed, .openAPI30).named("Pet")
    #expect(try pet.allows(#"{"kind": "puss", "lives": 9}"#))
    #expect(try pet.allows(#"{"kind": "hound", "lives": "one"}"#))
    #expect(
      try pet.faults(in: #"{"kind": "puss", "lives": "x"}"#)
        == [#"/lives expects an integer, found "x""#])
    #expect(
      try pet.faults(in: #"{"kind": "pus"}"#)
        == [#"/kind names no type that is known, found "pus""#])
  }

  @Test("Schemas that no mapping names go by their own names")
  func ownNames() throws {
    let json = Self.listed.replacing(
      ##", "mapping": {"puss": "#/components/schemas/Cat", "hound": "Dog"}"##, with: "")
    let pet = try Schemas(json, .openAPI30).named("Pet")
    #expect(try pet.allows(#"{"kind": "Cat", "lives": 9}"#))
    #expect(try !pet.allows(#"{"kind": "puss", "lives": 9}"#))
    #expect(try pet.shown() == #"{"kind":"Cat","lives":1}"#)
  }

  @Test("A sample says which branch it is of")
  func samples() throws {
    let schemas = try Schemas(Self.listed, .openAPI30)
    #expect(try schemas.named("Pet").shown() == #"{"kind":"puss","lives":1}"#)
  }

  @Test("A base with a discriminator leads to the schemas that build on it")
  func heirs() throws {
    let schemas = try Schemas(Self.built, .openAPI30)
    let pet = try schemas.named("Pet")
    #expect(try pet.allows(#"{"kind": "Cat", "lives": 9}"#))
    #expect(try pet.allows(#"{"kind": "Pet"}"#))
    #expect(try pet.faults(in: #"{"kind": "Cat"}"#) == ["/lives is missing"])
    #expect(try pet.faults(in: #"{"kind": "Tom", "lives": 9}"#) == ["/fights is missing"])
    #expect(try !pet.allows(#"{"kind": "Cow"}"#))
    let cat = try schemas.named("Cat")
    #expect(try cat.allows(#"{"kind": "Cat", "lives": 9}"#))
    #expect(try cat.faults(in: #"{"kind": "Tom", "lives": 9}"#) == ["/fights is missing"])
    #expect(
      try cat.faults(in: #"{"kind": "Dog", "lives": 9}"#)
        == [#"/kind names Dog where Cat is meant, found "Dog""#])
    #expect(try pet.shown() == #"{"kind":"Cat","lives":1}"#)
    #expect(try schemas.named("Tom").shown() == #"{"kind":"Tom","lives":1,"fights":1}"#)
    #expect(schemas.told == [])
  }

  @Test("In Swagger 2 the discriminator is the property's name alone")
  func swagger() throws {
    let json = Self.built.replacing("#/components/schemas/", with: "#/definitions/")
      .replacing(#"{"propertyName": "kind"}"#, with: #""kind""#)
    let pet = try Schemas(json, .swagger2).named("Pet")
    #expect(try pet.faults(in: #"{"kind": "Cat"}"#) == ["/lives is missing"])
    #expect(try pet.shown() == #"{"kind":"Cat","lives":1}"#)
  }

  @Test("A base that lists its heirs, which build on it, is no endless circle")
  func circle() throws {
    let schemas = try Schemas(
      ##"""
      {"Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
         "oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind"}},
       "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["lives"], "properties": {"lives": {"type": "integer"}}}]}}
      """##, .openAPI30)
    for name in ["Pet", "Cat"] {
      #expect(try schemas.named(name).allows(#"{"kind": "Cat", "lives": 9}"#))
      #expect(try !schemas.named(name).allows(#"{"kind": "Cat"}"#))
      #expect(try schemas.named(name).shown().contains(#""kind":"Cat""#))
    }
  }

  @Test("A mapping that leads nowhere is told")
  func dangling() throws {
    let schemas = try Schemas(
      #"{"A": {"type": "object", "discriminator": {"propertyName": "k", "mapping": {"b": "Bee"}}}}"#,
      .openAPI30)
    #expect(try schemas.named("A").allows("{}"))
    #expect(schemas.told.first?.contains("maps \"b\" to Bee, which leads nowhere") == true)
  }
}
