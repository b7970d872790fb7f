import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private func order(_ content: String) -> WireRequest {
  let envelope = """
    <s:Envelope xmlns:s="\(SOAPVersion.soap11.namespace)" xmlns:o="urn:orders" \
    xmlns:xsi="\(XMLNamespaces.instance)" xmlns:xsd="\(XMLNamespaces.schema)"><s:Body>\
    <o:PlaceOrder>\(content)</o:PlaceOrder></s:Body></s:Envelope>
    """
  return WireRequest(headers: ["Content-Type": "text/xml"], body: Array(envelope.utf8))
}

@Suite struct EnvelopeDecoderTests {
  @Test(
    "an element inside a simple one is refused by the simple one's name",
    arguments: [
      ("<o:customer>c</o:customer><o:byCard><x/></o:byCard>", "byCard"),
      ("<o:customer>c</o:customer><o:byCard xsi:type='xsd:string'><x/></o:byCard>", "byCard"),
      ("<o:customer xsi:type='xsd:string'>c</o:customer><o:byCard><x/></o:byCard>", "byCard"),
    ])
  func childOfText(_ content: String, _ name: String) throws {
    let codec = try OrderContract.codec()
    let error = try #require(throws: CodecError.self) { try codec.decode(order(content)) }
    #expect(error.reason == "holds the element x, but \(name) is text")
    #expect(error.path == "PlaceOrder")
  }

  @Test("a wrong text is told by its path, first in the element and in a list")
  func wrongText() throws {
    let codec = try OrderContract.codec()
    let line = "<o:line><o:sku>a</o:sku><o:qty>two</o:qty></o:line>"
    let error = try #require(throws: CodecError.self) {
      try codec.decode(order("<o:customer>c</o:customer><o:byCard>1</o:byCard>" + line))
    }
    #expect(error.path == "PlaceOrder.line.qty")
    #expect(error.reason == "expects xs:int, found \"two\"")
  }

  @Test("members out of the contract's order, and more than it allows, are all kept")
  func disorder() throws {
    let codec = try OrderContract.codec()
    let call = try codec.decode(
      order(
        "<o:line><o:qty>1</o:qty><o:sku>a</o:sku></o:line><o:customer>c</o:customer>"
          + "<o:line><o:sku>b</o:sku><o:sku>b2</o:sku><o:qty>2</o:qty></o:line>"
          + "<o:byCard>1</o:byCard>"))
    let expected: Record = [
      "line": [["qty": 1, "sku": "a"], ["sku": ["b", "b2"], "qty": 2]], "customer": "c",
      "byCard": "1", "_seq": [],
    ]
    var parameters = call.parameters
    if parameters["_seq"] == nil { parameters["_seq"] = [] }
    #expect(parameters == expected)
  }

  @Test("elements nested to the limit are read, each with what it holds")
  func nesting() throws {
    let codec = SOAPCodec(open: OpenSOAP(), name: "legacy")
    let depth = XMLLimits.message.maximumDepth - 3
    let open = (0..<depth).map { "<e\($0) n=\"\($0)\">" }.joined()
    let close = (0..<depth).reversed().map { "</e\($0)>" }.joined()
    let envelope =
      "<s:Envelope xmlns:s=\"\(SOAPVersion.soap11.namespace)\"><s:Body><deep>\(open)\(close)</deep>"
      + "</s:Body></s:Envelope>"
    let call = try codec.decode(
      WireRequest(headers: ["Content-Type": "text/xml"], body: Array(envelope.utf8)))
    var value = Value.object(call.parameters)
    for level in 0..<depth {
      value = try #require(value["e\(level)"])
      #expect(value["_n"] == .string("\(level)"))
    }
  }

  @Test("frames come off in the reverse of the order they went on")
  func frames() {
    var frames = EnvelopeDecoder.FrameStack()
    for number in 0..<100 {
      frames.push(
        EnvelopeDecoder.Frame(
          kind: .untyped, key: "a key of many bytes \(number)", textStart: number))
    }
    for number in (0..<100).reversed() {
      let frame = frames.pop()
      #expect(frame.key == "a key of many bytes \(number)")
    }
    #expect(frames.top.pointee.kind == .document)
  }
}
