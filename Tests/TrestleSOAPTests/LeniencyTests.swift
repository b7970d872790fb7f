import Testing
import TrestleCore

@testable import TrestleSOAP

private let head = "<t:title>a</t:title><t:year>1</t:year>"
private let sold = "<t:sold>1</t:sold>"

/// The table of docs/soap.md.
@Suite("What lenient reading forgives")
struct LeniencyTests {
  @Test(
    "it is told with its place, and refused when strict",
    arguments: [
      ("<t:Order>\(head)\(sold)<t:more>2</t:more></t:Order>", "it was kept in _any"),
      ("<t:Order more='2'>\(head)\(sold)</t:Order>", "attribute more of Order"),
      ("<t:Order>\(head)<t:sold more='2'>1</t:sold></t:Order>", "attribute more of sold"),
      (
        "<t:Order>\(head)<sold>1</sold></t:Order>",
        "the element sold at Order has another namespace"
      ),
      ("<Order>\(head)\(sold)</Order>", "the Body's element is Order"),
      ("<t:Order>\(head)<t:sold/></t:Order>", "the empty element sold at Order"),
      ("<t:Order>\(head)<t:sold xsi:nil='true'/></t:Order>", "sold at Order is xsi:nil"),
      (
        "<t:Order>\(head)<t:sold xsi:type='t:Nope'>1</t:sold></t:Order>",
        "xsi:type=\"t:Nope\" at Order names no type"
      ),
      (
        "<t:Order>\(head)<t:sold xsi:type='t:Thing'>1</t:sold></t:Order>",
        "is not derived from the declared type"
      ),
      (
        "<t:Order>\(head)stray\(sold)</t:Order>", "the text \"stray\" between the elements at Order"
      ),
    ])
  func told(_ element: String, _ warning: String) throws {
    let wire = GalleryContract.request(element)
    let call = try GalleryContract.codec().decode(wire)
    #expect(call.operation == "Order")
    #expect(call.parameters["year"] == 1)
    #expect(call.warnings.count == 1)
    #expect(call.warnings.first?.contains(warning) == true, "\(call.warnings)")
    #expect(throws: CodecError.self) { try GalleryContract.codec(isStrict: true).decode(wire) }
  }

  @Test(
    "elements out of order, and more than allowed, are kept as they come, and refused when strict")
  func disorder() throws {
    let wire = GalleryContract.request(
      "<t:Order>\(sold)<t:title>b</t:title>\(head)</t:Order>")
    let call = try GalleryContract.codec().decode(wire)
    #expect(Value.object(call.parameters) == ["sold": true, "title": ["b", "a"], "year": 1])
    #expect(throws: CodecError.self) { try GalleryContract.codec(isStrict: true).decode(wire) }
  }

  @Test("a facet keeps no message from being read; a text outside its type always does")
  func facets() throws {
    let codec = GalleryContract.codec()
    func rules(_ height: String) -> WireRequest {
      GalleryContract.request(
        "<t:Rules><t:status>sold</t:status><t:code>1</t:code><t:height>\(height)</t:height><t:unit>in</t:unit></t:Rules>"
      )
    }
    let call = try codec.decode(rules("0"))
    #expect(
      Value.object(call.parameters) == ["status": "sold", "code": "1", "height": 0, "unit": "in"])
    #expect(throws: CodecError.self) { try codec.decode(rules("tall")) }
    #expect(throws: CodecError.self) {
      try codec.checkingSchemas().decode(rules("0"))
    }
  }

  @Test("null for what may be left out is left out of a reply")
  func nulls() throws {
    let codec = GalleryContract.codec()
    func text(_ operation: String, _ value: Value) throws -> String {
      let call = Call(operation: operation)
      return String(
        decoding: try codec.encode(.value(value), answering: call).body, as: UTF8.self)
    }
    #expect(!(try text("Nothing", ["absent": nil, "nil": "x"])).contains("absent"))
    #expect(try text("Lists", ["one": "a", "few": [1], "many": nil]).contains("few>1<"))
  }

  @Test("an entry of a detail that the operation does not declare keeps its namespace")
  func strangeDetail() throws {
    let response = WireResponse(
      status: 500,
      body: GalleryContract.envelope(
        "<s:Fault><faultcode>s:Server</faultcode><faultstring/><detail><x:a xmlns:x='urn:x'>1</x:a></detail></s:Fault>"
      ))
    let codec = GalleryContract.codec()
    let fault = try #require(try codec.decode(response, answering: Call(operation: "Order")).fault)
    #expect(fault.detail == ["{urn:x}a": "1"])
  }
}
