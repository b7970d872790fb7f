import Testing
import TrestleCore
import TrestleREST

@Suite struct ReferenceTests {
  private func value(_ text: String) throws -> Value { try JSONParser.parse(text) }

  @Test("A pointer's escapes are read from left to right")
  func escapes() throws {
    let document = try value(#"{"paths": {"/pets/{id}": 1, "~1": 2, "~": 3}, "list": [4, 5]}"#)
    func found(_ text: String) -> Value? {
      JSONPointer(parsing: text).flatMap { document[$0] }
    }
    #expect(found("/paths/~1pets~1{id}") == 1)
    #expect(found("/paths/~01") == 2)
    #expect(found("/paths/~0") == 3)
    #expect(found("/list/1") == 5)
    #expect(found("/list/2") == nil)
    #expect(found("") == document)
    #expect(JSONPointer(parsing: "paths") == nil)
    #expect(JSONPointer(["paths", "/a~"]).description == "/paths/~1a~0")
  }

  @Test("References lead through references and files, which are read once")
  func files() throws {
    let documents = APIDocuments(
      root: try value(##"{"a": {"$ref": "#/b"}, "b": {"$ref": "parts/c.json#/d%20e"}, "x": 1}"##),
      reader: { reference, document in
        #expect(document.isEmpty || document == "parts/c.json")
        return reference == "parts/c.json"
          ? .success(
            APIDocuments.File(
              name: "parts/c.json",
              value: ["d e": ["$ref": "#/f"], "f": ["type": "string"]]))
          : .failure(APIDocuments.Failure("no such file"))
      })
    let target = try documents.target(of: "#/a", in: "").get()
    #expect(target.value == ["type": "string"])
    #expect(target.place.description == "parts/c.json#/f")
  }

  @Test("A reference that leads nowhere, to itself or to another machine is told as such")
  func broken() throws {
    let documents = APIDocuments(
      root: try value(
        ##"{"schemas": {"Customer": {}, "loop": {"$ref": "#/schemas/pool"}, "pool": {"$ref": "#/schemas/loop"}}}"##
      ))
    func message(_ reference: String) -> String {
      switch documents.target(of: reference, in: "") {
      case .success: "found"
      case .failure(let failure): failure.message
      }
    }
    #expect(message("#/schemas/Custmer").hasSuffix(#"did you mean "Customer"?"#))
    #expect(message("#/schemas/loop").contains("leads to itself"))
    #expect(message("https://example.com/a.yaml#/b").contains("another machine"))
    #expect(message("#schemas").contains("no JSON Pointer"))
  }
}
