import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Listing the fields of messages")
struct ListingTests {
  private func codec() throws -> TCPCodec {
    try makeCodec([
      "frame": ["length": ["bytes": 2], "check": ["xor": 1]],
      "layout": [
        "ask": ["tran": "const ASK", "stan": "digits(4) = next('stan')", "account": "digits(4)"],
        "tell": ["tran": "const TEL", "text": "text(u8)"],
        "answer": ["rc": "digits(2)", "size": "uint8 = length(text)", "text": "text(size)"],
      ],
      "operations": [
        "ask": ["request": ["layout": "ask"], "reply": ["layout": "answer"]],
        "tell": ["request": ["layout": "tell"], "reply": ["layout": "answer"]],
      ],
      "conversation": ["counters": ["stan": ["from": 9998, "to": 9999]]],
    ])
  }

  @Test("a request is listed by the operation it turns out to be of")
  func request() throws {
    let listing = try codec().list(
      Array(ascii: "TEL") + [2, 0x41, 0x42], as: .request(operation: nil))
    #expect(listing.operation == "tell")
    #expect(listing.layout == "tell")
    #expect(listing.error == nil)
    #expect(listing.fields.map(\.path) == ["tran", "text"])
    #expect(listing.fields.map(\.range) == [0..<3, 3..<6])
  }

  @Test("where no operation fits, the layout that reads most is shown with what is wrong")
  func unrecognized() throws {
    let listing = try codec().list(Array(ascii: "ASK00010a00"), as: .request(operation: nil))
    #expect(listing.operation == nil)
    #expect(listing.layout == "ask")
    #expect(listing.fields.map(\.path) == ["tran", "stan"])
    #expect(listing.error?.path == "account")
    #expect(listing.error?.offset == 7)
    #expect(listing.error?.wrongCount == 4)
  }

  @Test("replies and layouts are listed by name, and unknown names are refused")
  func named() throws {
    let codec = try codec()
    let reply = try codec.list(
      Array(ascii: "00") + [3, 0x41, 0x42, 0x43], as: .reply(operation: "ask"))
    #expect(reply.value == ["rc": "00", "size": 3, "text": "ABC"])
    let wrong = try codec.list(Array(ascii: "00") + [9, 0x41], as: .layout("answer"))
    #expect(wrong.fields.map(\.path) == ["rc", "size"])
    #expect(wrong.error?.path == "text")
    #expect(throws: CodecError.self) { try codec.list([], as: .layout("answr")) }
    #expect(throws: CodecError.self) { try codec.list([], as: .reply(operation: "nope")) }
  }

  @Test("a frame's parts have their names and places")
  func parts() throws {
    let parts = try codec().parts(ofFrame: [0, 3, 0x41, 0x42, 3], around: 2..<4, isReply: false)
    #expect(parts.map(\.path) == ["frame.length", "frame.check"])
    #expect(parts.map(\.range) == [0..<2, 4..<5])
    #expect(parts[0].value == "3")
  }

  @Test("a counter of the conversation numbers requests, and callers may do so themselves")
  func counters() throws {
    let codec = try codec()
    func stan(_ parameters: Record) throws -> Value? {
      let request = try codec.encode(Call(operation: "ask", parameters: parameters))
      return try codec.decode(request).parameters["stan"]
    }
    #expect(try stan(["account": "1"]) == "9998")
    #expect(try stan(["account": "1"]) == "9999")
    #expect(try stan(["account": "1"]) == "9998")
    #expect(try stan(["account": "1", "stan": "7"]) == "0007")
  }
}
