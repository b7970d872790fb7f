import Testing
import TrestleCore
import TrestleREST

@Suite struct RESTClientTests {
  @Test("A call is the request that the description says")
  func request() throws {
    let codec = try Shop.codec()
    let request = try codec.encode(
      Call(operation: "addOrder", parameters: ["body": ["id": 1, "sku": "a"]]))
    #expect(request.method == "POST")
    #expect(request.target == "orders")
    #expect(request.headers["Content-Type"] == "application/json")
    #expect(request.headers["Accept"] == "application/json")
    #expect(String(decoding: request.body, as: UTF8.self) == #"{"id":1,"sku":"a"}"#)
    #expect(codec.address == "https://eu.example.com/v2")
    #expect(codec.basePath == "/v2")
    #expect(codec.contract.operation(named: "getOrder")?.effects == .read)
    #expect(codec.contract.operation(named: "dropOrder")?.effects == .write)
  }

  @Test("A text stays in its segment of the path, and what would leave it is refused")
  func path() throws {
    let codec = try RESTCodec.described(
      #"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a/{x}/b": {"get": {"operationId": "get", "responses": {}}}}}"#
    )
    func target(_ text: Value) throws -> String {
      try codec.encode(Call(operation: "get", parameters: ["x": text])).target
    }
    #expect(try target("../é?#") == "a/..%2F%C3%A9%3F%23/b")
    for wrong: Value in ["", ".", ".."] {
      #expect(throws: CodecError.self) { try target(wrong) }
    }
    #expect(throws: CodecError.self) { try codec.encode(Call(operation: "get")) }
  }

  @Test("A status of failure is a fault, with the words and the body that came")
  func faults() throws {
    let codec = try Shop.codec()
    func fault(_ status: Int, _ type: String, _ body: String) throws -> Fault? {
      try codec.decode(
        WireResponse(status: status, headers: ["Content-Type": type], body: Array(body.utf8)),
        answering: Call(operation: "getOrder")
      ).fault
    }
    let missing = try fault(404, "application/json", #"{"message": "no such order"}"#)
    #expect(missing?.code == "404")
    #expect(missing?.message == "no such order")
    #expect(missing?.detail == ["message": "no such order"])
    #expect(missing?.category == .notFound)
    #expect(try fault(500, "text/html", "<html>oops")?.message == "Internal Server Error")
    #expect(try fault(502, "application/json", "<html>")?.detail == "<html>")
    #expect(
      try fault(400, "application/json", #"{"error": {"code": 1, "message": "deep"}}"#)?.message
        == "deep")
    #expect(try fault(429, "application/json", "")?.category == .resourceExhausted)
  }

  @Test(
    "A reply that breaks the description is taken with a warning, or refused where that is strict")
  func strictness() throws {
    let response = WireResponse(
      headers: ["Content-Type": "application/json"], body: Array(#"{"id": "x", "sku": "a"}"#.utf8))
    let reply = try Shop.codec().decode(response, answering: Call(operation: "getOrder"))
    #expect(reply.value == ["id": "x", "sku": "a"])
    #expect(reply.warnings.first?.contains("/id") == true)
    let description = try #require(
      DescriptionReader.read(APIDocuments(root: try JSONParser.parse(Shop.json)), named: "shop"))
    let strict = RESTCodec(description, isStrict: true)
    #expect(throws: CodecError.self) {
      try strict.decode(response, answering: Call(operation: "getOrder"))
    }
    #expect(throws: CodecError.self) {
      try Shop.codec().decode(
        WireResponse(headers: ["Content-Type": "application/json"], body: [0x7B]),
        answering: Call(operation: "getOrder"))
    }
  }

  @Test("Without a description an operation is a method and a path")
  func open() throws {
    let codec = RESTCodec(openNamed: "any")
    let get = try codec.encode(Call(operation: "/status", parameters: ["a": "b c"]))
    #expect(get.method == "GET")
    #expect(get.target == "status?a=b%20c")
    let put = try codec.encode(Call(operation: "put /x", parameters: ["body": [1, 2]]))
    #expect(put.method == "PUT")
    #expect(put.body == Array("[1,2]".utf8))
    #expect(throws: CodecError.self) { try codec.encode(Call(operation: "status")) }
    #expect(try codec.decode(put.onWire).operation == "PUT /x")
  }
}
