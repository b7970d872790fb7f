import NIOCore
import NIOPosix
import Synchronization
import Testing
import Trestle
import TrestleNet

@Suite("Long replies")
struct LongReplyTests {
  /// Runs tasks on an event loop, as a gateway does.
  private final class LoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }

  /// Where replies were read: on an event loop, or not.
  private final class Places: Sendable {
    private let list = Mutex<[Bool]>([])

    var all: [Bool] { list.withLock { $0 } }

    func note() {
      let isOnLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
      list.withLock { $0.append(isOnLoop) }
    }
  }

  private struct NotingCodec: Codec {
    let codec: UpperEchoCodec
    let places: Places

    var contract: Contract { codec.contract }
    var wire: Wire { codec.wire }

    func encode(_ call: Call) throws(CodecError) -> WireRequest { try codec.encode(call) }
    func decode(_ request: WireRequest) throws(CodecError) -> Call { try codec.decode(request) }
    func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
      try codec.encode(reply, answering: call)
    }
    func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
      places.note()
      return try codec.decode(response, answering: call)
    }
    func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
      codec.refuse(request, because: error)
    }
  }

  @Test("a long reply is read away from the event loop that the call runs on, a short one there")
  func place() async throws {
    let places = Places()
    let registry = ProtocolRegistry().registering("upper-echo") { definition, _ in
      NotingCodec(codec: UpperEchoCodec(definition), places: places)
    }
    let long = String(repeating: "ab", count: 100_000)
    let files = try TemporaryWorkspace([
      "adapters/short.yaml":
        "protocol: upper-echo\nmock: { responses: { shout: { text: hey } } }\n",
      "adapters/long.yaml":
        "protocol: upper-echo\nmock: { responses: { shout: { text: \(long) } } }\n",
    ])
    let workspace = try files.load(registry)
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        let executor = LoopExecutor(MultiThreadedEventLoopGroup.singleton.next())
        await withTaskExecutorPreference(executor) {
          for (system, text) in [("short", "HEY"), ("long", long.uppercased())] {
            let reply = try? await bridge.callLegacySystem(
              system, operation: "shout", parameters: ["text": "a"])
            #expect(reply?["text"]?.stringValue == text)
          }
        }
      }
    }
    #expect(places.all == [true, false])
  }

  @Test("what is wrong with a long reply is told as with a short one")
  func broken() async throws {
    let files = try TemporaryWorkspace([
      "adapters/long.yaml": """
      protocol: upper-echo
      mock: { responses: { shout: { text: a } }, misbehave: { body: "\(String(repeating: "x", count: 100_000))" } }
      """
    ])
    let workspace = try files.load()
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        let error = await #expect(throws: BridgeError.self) {
          try await bridge.callLegacySystem("long", operation: "shout", parameters: ["text": "a"])
        }
        #expect(error?.stage == .decoding)
        #expect(error?.reason.hasPrefix("expects OK or ERR") == true, "\(error?.reason ?? "")")
      }
    }
  }
}
