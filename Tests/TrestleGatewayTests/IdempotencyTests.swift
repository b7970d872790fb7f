import Foundation
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Requests with an idempotency key", .timeLimit(.minutes(3)))
struct IdempotencyTests {
  private func orders<Result>(_ body: (ServedGateway) async throws -> Result) async throws -> Result
  {
    try await ServedGateway.run(
      adapters: ["orders.yaml": SteeredMocks.adapters["orders.yaml"] ?? ""]
    ) { try await body($0) }
  }

  @Test("the first answer is given again, and the system is called once")
  func replays() async throws {
    try await orders { served in
      let order = #"{"sku":"A-1","amount":2}"#
      let first = try await served.call(
        "orders", "place", order, headers: ["Idempotency-Key: \"k-1\""])
      #expect(first.raw["idempotency-replayed"] == nil)
      // Its quotes may be left out.
      let again = try await served.call(
        "orders", "place", order, headers: ["Idempotency-Key: k-1"])
      #expect(again.status == 200)
      #expect(again.raw["idempotency-replayed"] == "true")
      #expect(again.raw.body == first.raw.body)
      #expect(again.raw["x-trestle-call-id"] == first.raw["x-trestle-call-id"])
      let other = try await served.call(
        "orders", "place", order, headers: ["Idempotency-Key: k-2"])
      #expect(other.raw["idempotency-replayed"] == nil)
      #expect(try await served.mocks.calls().count == 2)
    }
  }

  @Test("a key belongs to its client's token")
  func keepsClientsApart() async throws {
    let names = ["ann", "bob"]
    let clients = try names.map {
      ClientToken(name: $0, token: try AccessToken("\($0)-0123456789abcdef"), scopes: [.call])
    }
    try await ServedGateway.run(
      adapters: ["orders.yaml": SteeredMocks.adapters["orders.yaml"] ?? ""],
      options: .onAnyPort { $0.clients = clients }
    ) { served in
      for name in names + ["ann"] {
        var client = served.client
        client.token = "\(name)-0123456789abcdef"
        let answer = try await client.send(
          "POST", "/v1/systems/orders/operations/count", headers: ["Idempotency-Key: k"])
        #expect(answer.status == 200)
      }
      #expect(try await served.mocks.calls().count == 2)
    }
  }

  @Test("a key belongs to its operation and its content")
  func refusesOtherContent() async throws {
    try await orders { served in
      let headers = ["Idempotency-Key: k"]
      _ = try await served.call("orders", "place", #"{"sku":"A","amount":1}"#, headers: headers)
      let other = try await served.call(
        "orders", "place", #"{"sku":"B","amount":1}"#, headers: headers)
      #expect(other.status == 422)
      #expect(other.message.contains("was used for a request with other content"))
      let operation = try await served.call("orders", "count", headers: headers)
      #expect(operation.value == 7)
    }
  }

  @Test("a fault is kept too; what never reached the system is tried again")
  func keepsFaults() async throws {
    try await orders { served in
      _ = try await served.client.put(
        "/v1/mocks/orders/responses/count", ["fault": ["code": 9, "message": "closed"]])
      let headers = ["Idempotency-Key: k"]
      let fault = try await served.call("orders", "count", headers: headers)
      #expect(fault.status == 502)
      _ = try await served.client.delete("/v1/mocks/orders/responses/count")
      let again = try await served.call("orders", "count", headers: headers)
      #expect(again.status == 502)
      #expect(again.raw["idempotency-replayed"] == "true")
      let keyed = ["Idempotency-Key: p"]
      let wrong = try await served.call("orders", "place", #"{"sku":1}"#, headers: keyed)
      #expect(wrong.status == 422)
      let right = try await served.call(
        "orders", "place", #"{"sku":"A","amount":1}"#, headers: keyed)
      #expect(right.value == "placed A")
    }
  }

  @Test("while the first is under way, the second is refused")
  func refusesAtTheSameTime() async throws {
    try await orders { served in
      _ = try await served.client.post("/v1/mocks/orders/faults", ["late": "1s"])
      let headers = ["Idempotency-Key: k"]
      async let first = served.call("orders", "count", headers: headers)
      async let second = served.call("orders", "count", headers: headers)
      let statuses = try await [first.status, second.status].sorted()
      #expect(statuses == [200, 409])
    }
  }

  // MARK: The store

  private static func answer(_ text: String) -> APIResponse {
    APIResponse(body: .text(Array(text.utf8), type: "text/plain"))
  }

  private static func keep(_ text: String, under key: String, in store: IdempotencyStore) {
    guard case .first = store.begin(key, fingerprint: 1) else { return }
    store.finish(key, answer(text), bytes: text.utf8.count)
  }

  private static func isKept(_ key: String, in store: IdempotencyStore) -> Bool {
    switch store.begin(key, fingerprint: 1) {
    case .again: return true
    case .first:
      store.finish(key, nil, bytes: 0)
      return false
    case .underWay, .another: return true
    }
  }

  @Test("the oldest answers go when there are too many")
  func boundsCount() {
    let store = IdempotencyStore(limits: .init(count: 3))
    for key in ["a", "b", "c", "d"] { Self.keep("x", under: key, in: store) }
    #expect(!Self.isKept("a", in: store))
    #expect(Self.isKept("d", in: store))
  }

  @Test("the oldest answers go when they are too large together")
  func boundsBytes() {
    let store = IdempotencyStore(limits: .init(bytes: 10))
    for key in ["a", "b", "c"] { Self.keep("12345", under: key, in: store) }
    #expect(Self.isKept("c", in: store))
    #expect(!Self.isKept("a", in: store))
    // One that is too large by itself is not kept at all.
    Self.keep("12345678901", under: "d", in: store)
    #expect(!Self.isKept("d", in: store))
  }

  @Test("answers go when they are old, and what is under way does not")
  func boundsAge() async {
    let clock = ManualClock()
    let store = IdempotencyStore(limits: .init(age: .seconds(60)), clock: clock)
    Self.keep("x", under: "a", in: store)
    clock.advance(by: .seconds(59))
    #expect(Self.isKept("a", in: store))
    clock.advance(by: .seconds(2))
    #expect(!Self.isKept("a", in: store))
    guard case .first = store.begin("slow", fingerprint: 1) else { return }
    clock.advance(by: .seconds(120))
    guard case .underWay = store.begin("slow", fingerprint: 1) else {
      Issue.record("what is under way was forgotten")
      return
    }
    // Nor does it keep others.
    Self.keep("x", under: "b", in: store)
    clock.advance(by: .seconds(61))
    #expect(!Self.isKept("b", in: store))
  }
}
