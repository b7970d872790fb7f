import Testing
import TrestleCore

@testable import TrestleStore

@Suite("Exchanges in one piece")
struct PackedExchangeTests {
  private static let value: Value = [
    "nothing": .null, "yes": true, "no": false, "small": 42, "large": .integer(.min),
    "exact": .number(NumberText(verified: "123456789012345678901234567890.10")),
    "double": .double(-0.0), "never": .double(.infinity), "text": "Grüße 🚀", "empty": "",
    "long": .string(String(repeating: "ab", count: 300)), "bytes": .bytes([0, 255, 10]),
    "when": .dateTime("2026-02-30T24:00:00Z"), "none": [], "shape": [:],
    "list": [1, [2, ["deep": ["deeper": ["x", .null]]]]],
  ]

  private func exchange(
    _ change: (inout Reply, inout WireResponse) -> Void = { _, _ in }
  ) -> Service.Exchange {
    var request = WireRequest(
      method: "POST", target: "/claims?x=1",
      headers: ["Content-Type": "text/xml; charset=utf-8", "X-Empty": "", "Content-type": "twice"],
      body: Array("<a>é</a>".utf8))
    request.sender = WireSender(peer: "127.0.0.1:9")
    var call = Call(
      operation: "GetClaim", parameters: ["in": Self.value], headers: ["Token": "t"])
    call.warnings = ["one", "two"]
    call.request = request
    var reply = Reply(.value(Self.value), headers: ["Out": [1]], warnings: ["three"])
    reply.origin = "stub 'paid'"
    var response = WireResponse(
      status: 207, headers: ["Content-Type": "text/xml"], body: Array(repeating: 7, count: 7_000))
    change(&reply, &response)
    return Service.Exchange(
      call: call, reply: reply, request: request, response: response,
      duration: .nanoseconds(1_234_567_891))
  }

  private func packed(_ exchange: Service.Exchange) -> PackedExchange? {
    guard let call = exchange.call, let reply = exchange.reply, let request = exchange.request,
      let response = exchange.response
    else { return nil }
    guard PackedExchange.packs(reply, request, response) else { return nil }
    var memory = PackedMemory()
    var place: PackedMemory.Place?
    while place == nil {
      var writer = memory.room()
      PackedExchange.pack(
        call, reply, request, response, number: 7, end: 5_000_000, took: 1_234_567_891,
        into: &writer)
      place = memory.keep(writer)
    }
    return place.map {
      PackedExchange(
        copying: $0.bytes, constant: PackedExchange.ConstantReply(reply, response))
    }
  }

  @Test("an exchange comes out as it went in")
  func roundTrip() throws {
    let exchange = exchange()
    let piece = try #require(packed(exchange))
    #expect(piece.number == 7)
    #expect(piece.start == 5_000_000 - 1_234_567)
    let same = piece.exchange
    #expect(same.call?.operation == "GetClaim")
    #expect(same.call?.parameters.members == exchange.call?.parameters.members)
    #expect(same.call?.headers == ["Token": "t"])
    #expect(same.call?.warnings == ["one", "two"])
    #expect(same.request?.method == "POST")
    #expect(same.request?.target == "/claims?x=1")
    #expect(same.request?.headers == exchange.request?.headers)
    #expect(same.request?.body == exchange.request?.body)
    #expect(same.request?.sender?.peer == "127.0.0.1:9")
    #expect(same.request?.sender?.connection == exchange.request?.sender?.connection)
    #expect(same.reply?.value == exchange.reply?.value)
    #expect(same.reply?.headers == ["Out": [1]])
    #expect(same.reply?.warnings == ["three"])
    #expect(same.reply?.origin == "stub 'paid'")
    #expect(same.response?.status == 207)
    #expect(same.response?.headers == exchange.response?.headers)
    #expect(same.response?.body == exchange.response?.body)
    #expect(same.duration == .nanoseconds(1_234_567_891))
    #expect(same.error == nil)
    let sign = try #require(same.reply?.value?["double"])
    guard case .double(let zero) = sign else {
      Issue.record("no double")
      return
    }
    #expect(zero.sign == .minus)
  }

  @Test("with nothing in it, it comes out too")
  func empty() throws {
    let call = {
      var call = Call(operation: "")
      call.request = WireRequest(method: "", target: "")
      return call
    }()
    let exchange = Service.Exchange(
      call: call, reply: .value(.null), request: nil, response: WireResponse(status: 0),
      duration: .zero)
    let same = try #require(packed(exchange)).exchange
    #expect(same.call?.operation == "")
    #expect(same.reply?.value == .null)
    #expect(same.reply?.origin == nil)
    #expect(same.response?.status == 0)
  }

  @Test("what is the same for every call is not copied")
  func constant() throws {
    let value = Self.value
    let exchange = exchange { reply, _ in reply.rendered = RenderedReply(value) }
    let same = try #require(packed(exchange)).exchange
    #expect(same.reply?.value == value)
    #expect(same.response?.body == exchange.response?.body)
    #expect(same.response?.status == 207)
  }

  @Test("what is not one call and its value is kept as it is")
  func whole() {
    #expect(
      packed(exchange { reply, _ in reply.outcome = .fault(Fault(code: "c", message: "m")) }) == nil
    )
    #expect(packed(exchange { _, response in response.isNothing = true }) == nil)
    #expect(
      packed(exchange { _, response in response.body = Array(repeating: 1, count: 9000) }) == nil)
    #expect(packed(exchange { _, response in response.isUnframed = true }) == nil)
    #expect(
      packed(exchange { _, response in response.unmatched = Fault(code: "c", message: "m") }) == nil
    )
  }
}

@Suite("Memory for packed exchanges")
struct PackedMemoryTests {
  private func lay(_ bytes: [UInt8], in memory: inout PackedMemory) -> PackedMemory.Place {
    while true {
      var writer = memory.room()
      writer.put(bytes)
      if let place = memory.keep(writer) { return place }
    }
  }

  private func bytes(_ place: PackedMemory.Place) -> [UInt8] {
    var reader = PackedReader(place.bytes)
    return reader.bytes()
  }

  @Test("thousands pass through, of all sizes, and each is what it was until it is let go")
  func passing() {
    var memory = PackedMemory()
    var waiting: [(place: PackedMemory.Place, bytes: [UInt8])] = []
    for number in 0..<3000 {
      // Empty ones, ones that end a segment, ones larger than a segment.
      let size = number % 97 == 0 ? 300_000 : number % 5 == 0 ? 0 : number * 37 % 5000
      let content = [UInt8](repeating: UInt8(number % 251), count: size)
      waiting.append((lay(content, in: &memory), content))
      while waiting.count > number % 40 + 1 {
        let oldest = waiting.removeFirst()
        #expect(bytes(oldest.place) == oldest.bytes)
        memory.free(oldest.place)
      }
      if number % 500 == 0 { memory.shrink() }
    }
    for (place, content) in waiting {
      #expect(bytes(place) == content)
      memory.free(place)
    }
    memory.shrink()
    let again = lay([1, 2, 3], in: &memory)
    #expect(bytes(again) == [1, 2, 3])
  }
}
