import Synchronization
import Testing
import TrestleCore

@testable import TrestleGateway

@Suite("Events over HTTP")
struct EventRouteTests {
  private final class Taken: Sendable {
    private let all = Mutex<[String]>([])
    var events: [String] { all.withLock { $0 } }
    func add(_ type: String, _ data: Value) {
      all.withLock { $0.append("\(type) \(JSONWriter.text(data))") }
    }
  }

  private func options(_ taken: Taken, isOpen: Bool = true) -> GatewayOptions {
    var options = GatewayOptions.onAnyPort()
    options.events = [
      EventInlet(name: "monitoring", types: ["model_error", "model_prediction"]) { type, data in
        if isOpen { taken.add(type, data) }
        return isOpen
      }
    ]
    return options
  }

  @Test("an event goes to the workflows that handle its type")
  func taken() async throws {
    let taken = Taken()
    try await ServedGateway.run(options: options(taken)) { served in
      let answer = try await served.client.post("/v1/events/model_error", ["model_id": "m1"])
      #expect(answer.status == 202)
      #expect(answer.value == ["type": "model_error", "workflows": ["monitoring"]])
      let bare = try await served.client.post("/v1/events/model_prediction")
      #expect(bare.status == 202)
      #expect(taken.events == [#"model_error {"model_id":"m1"}"#, "model_prediction {}"])
    }
  }

  @Test("a type that nothing handles is told with the nearest, and is taken by nobody")
  func unknown() async throws {
    let taken = Taken()
    try await ServedGateway.run(options: options(taken)) { served in
      let answer = try await served.client.post("/v1/events/model_eror", [:])
      #expect(answer.status == 404)
      #expect(answer.message.hasSuffix("did you mean \"model_error\"?"))
      #expect(taken.events.isEmpty)
    }
  }

  @Test("a workflow that has ended takes none")
  func ended() async throws {
    try await ServedGateway.run(options: options(Taken(), isOpen: false)) { served in
      let answer = try await served.client.post("/v1/events/model_error", [:])
      #expect(answer.status == 409)
    }
  }

  @Test("the types are listed; without workflows there is no such route")
  func listed() async throws {
    try await ServedGateway.run(options: options(Taken())) { served in
      let answer = try await served.client.get("/v1/events")
      #expect(answer.value["types"]?.arrayValue?.count == 2)
      #expect(answer.value["types"]?[0]?["type"] == "model_error")
    }
    try await ServedGateway.run { served in
      let answer = try await served.client.send("GET", "/v1/events", checked: false)
      #expect(answer.status == 404)
    }
  }
}
