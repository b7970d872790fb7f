import Testing
import Trestle

@Suite("Settings without effect")
struct EffectlessSettingTests {
  private static let get = "operations: { get: { request: { set: { n: \"{{next('stan')}}\" } } } }"
  private static let calls = "operations: { get: { request: { set: { a: B } } } }"

  @Test(
    "a setting that does nothing is told when the file is loaded",
    arguments: [
      (
        "\(get)\nconversation: { counters: { stna: { from: 1 } } }",
        "nothing draws from the counter \"stna\"; did you mean \"stan\"?"
      ),
      (
        "\(calls)\nconversation: { counters: { n: { from: 1 } } }",
        "nothing draws from the counter \"n\""
      ),
      (
        "operations: { a: { params: { w: int }, request: { set: { x: Y } } } }",
        "nothing in request.set uses the parameter w, which is never sent"
      ),
      (
        "operations: { a: { request: { set: { x: Y } }, reply: none, error: { when: r present, code: r } } }",
        "error has no effect: nothing answers the operation (reply: none)"
      ),
      (
        "\(calls)\nconversation: { heartbeat: { every: 1s, operation: get }, session: { heartbeat: { every: 2s, operation: get } } }",
        "heartbeat is said twice, here and under session"
      ),
      (
        "frame: { until: close }\n\(calls)\nconversation: { heartbeat: { every: 1s, operation: get } }",
        "heartbeat has no effect: each call has a connection of its own"
      ),
      (
        "frame: { until: close }\n\(calls)\nconversation: { session: { greeting: 1 } }",
        "a greeting would end with its connection, as every message does"
      ),
      (
        "frame: { lines: lf }\n\(calls)\nmock: { stubs: [ { operation: get, misbehave: { wrong_length: 3 } } ] }",
        "wrong_length: the frame of replies says no length"
      ),
      (
        "\(calls)\nmock: { stubs: [ { operation: get, misbehave: { wrong_length: 0 } } ] }",
        "wrong_length: 0 is the right length"
      ),
      (
        "\(calls)\nmock: { stubs: [ { operation: get, misbehave: { pause: 5ms } } ] }",
        "pause has no effect: it is between the pieces of split"
      ),
      (
        "\(calls)\nmock: { stubs: [ { operation: get, misbehave: {} } ] }",
        "misbehave does not say what is done wrong"
      ),
      (
        "\(calls)\nmock: { stubs: [ { operation: get, misbehave: { close: before, split: 3 } } ] }",
        "split has no effect: with close: before nothing is sent"
      ),
      (
        "operations: { a: { idempotent: true, effects: write, retry: 2 } }",
        "effects: write and idempotent: true say that a call may be made again, and that it may not"
      ),
      (
        "profile: fix44\noperations: { logn: null }",
        "the profile fix44 has no operation \"logn\" to take away; did you mean \"logon\"?"
      ),
      (
        "frame: { length: { bytes: 2 }, start: \"\\x02\" }\n\(calls)",
        "start does not go with length"
      ),
      ("endpoint: tcp://127.0.0.1\n\(calls)", "port"),
      ("endpoint: http://127.0.0.1:1\n\(calls)", "http"),
    ])
  func told(_ text: String, _ message: String) throws {
    let endpoint = text.hasPrefix("endpoint") ? "" : "endpoint: tcp://127.0.0.1:9\n"
    let files = try TemporaryWorkspace([
      "adapters/x.yaml": "protocol: custom_tcp\n\(endpoint)\(text)\n"
    ])
    let system = try files.load(.standard).system(named: "x")
    let told = system.diagnostics.map(\.message)
    #expect(told.contains { $0.contains(message) }, "\(told)")
    #expect(system.diagnostics.allSatisfy { $0.line != nil })
  }

  @Test("a wrong endpoint leaves the mock working")
  func endpoint() async throws {
    let files = try TemporaryWorkspace([
      "adapters/x.yaml": "protocol: custom_tcp\nendpoint: http://a\n\(Self.calls)\n"
    ])
    let workspace = try files.load(.standard)
    let bridge = Bridge(workspace, options: Bridge.Options(usesMocks: true))
    _ = try await bridge.callLegacySystem("x", operation: "get")
  }
}
