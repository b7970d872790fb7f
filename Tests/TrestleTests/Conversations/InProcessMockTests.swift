import Testing
import Trestle

/// What a custom TCP system's mock says in this process, where a socket would only close.
@Suite("Mocks of TCP systems in process")
struct InProcessMockTests {
  private static let host = """
    protocol: custom_tcp
    frame: { lines: lf, max: 60 }
    layout: { kv: {} }
    operations:
      ask:
        request: { set: { T: ASK, Q: "{{request.question}}" } }
        reply: { map: { answer: A } }
        error: { when: ERR present, code: ERR }
      plain: { request: { set: { T: PLAIN } }, reply: { map: { answer: A } } }
      blind: { request: { set: { U: "{{upper(request.text)}}" } }, match: 'U == "A"' }
    mock:
      fallback: fault
      stubs:
        - { name: short, operation: ask, when: { question: "1" }, reply: { answer: "yes" } }
        - { name: long, operation: ask, when: { question: "2" },
            reply: { answer: "0123456789012345678901234567890123456789012345678901234567890" } }
        - { name: wrong, operation: ask, when: { question: "3" }, reply: { answer: "a\\nb" } }

    """

  private func failure(
    of operation: String, _ parameters: Value
  ) async throws -> BridgeError? {
    let files = try TemporaryWorkspace(["adapters/host.yaml": Self.host])
    let bridge = Bridge(try files.load(.standard), options: Bridge.Options(usesMocks: true))
    do {
      _ = try await bridge.callLegacySystem("host", operation: operation, parameters: parameters)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a call that no stub fits is told as that, also where the protocol has no words for it",
    arguments: [("ask", ["question": "9"]), ("plain", [:])] as [(String, Value)])
  func unmatched(_ operation: String, _ parameters: Value) async throws {
    let error = try #require(try await failure(of: operation, parameters))
    #expect(error.exitCode == 6)
    #expect(error.reason.contains("no stub matched"))
  }

  @Test(
    "what cannot be framed or written fails with the reason",
    arguments: [
      (
        "ask", ["question": "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"],
        "the request cannot be framed: frame"
      ),
      ("ask", ["question": "2"], "the mock's reply cannot be framed: frame"),
      ("ask", ["question": "3"], "the mock's reply cannot be framed: byte 3: frame"),
      ("blind", ["text": "b"], "the mock cannot read the request"),
    ] as [(String, Value, String)])
  func reasons(_ operation: String, _ parameters: Value, _ reason: String) async throws {
    let error = try #require(try await failure(of: operation, parameters))
    #expect(error.reason.hasPrefix(reason), "\(error.reason)")
    #expect(error.exitCode == 3)
  }

  @Test("what a stub answers comes through the frames")
  func answers() async throws {
    #expect(try await failure(of: "ask", ["question": "1"]) == nil)
  }
}
