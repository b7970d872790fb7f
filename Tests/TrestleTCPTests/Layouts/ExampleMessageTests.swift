import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Example messages of layouts")
struct ExampleMessageTests {
  @Test(
    "where nothing but the layout says what messages hold, samples can be written and read",
    arguments: [
      "json", "xml", ["kv": [:]], ["hl7": [:]], ["astm": ["framed": true]], ["swift": [:]],
      ["resp": 2], ["headers": ["first": "command"]], ["headers": [:]], ["rows": [:]],
      ["rows": ["one": true]], ["rows": ["header": true]],
      ["rows": ["one": true, "columns": ["a", "b"]]],
      ["rows": ["one": true, "type": "kind", "columns": ["*ABC": ["a"]]]],
      ["ber": [:]],
      ["tlv": ["tag": ["bytes": 2, "as": "ascii"], "length": ["bytes": 3, "as": "ascii"]]],
      ["iso8583": ["version": 1987]], ["m": ["a": "text(3)"]],
    ] as [Value])
  func samples(_ layout: Value) throws {
    let codec = try makeCodec(["layout": layout, "operations": ["send": [:]]])
    let operation = try #require(codec.contract.operation(named: "send"))
    let input = SampleMaker.sample(for: operation.input, named: "send")
    var isOpen = false
    if case .any = operation.input.shape, operation.input.example == nil { isOpen = true }
    let parameters = isOpen ? [:] : try #require(input.objectValue)
    let call = Call(operation: "send", parameters: parameters)
    let received = try codec.decode(try codec.encode(call))
    #expect(received.operation == "send")
    var reply = Reply.value(SampleMaker.sample(for: operation.output, named: "send"))
    reply.origin = "sample"
    let answer = try codec.decode(try codec.encode(reply, answering: received), answering: call)
    #expect(answer.fault == nil)
  }
}
