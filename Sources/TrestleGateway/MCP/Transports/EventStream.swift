internal import Trestle

/// The answer to one request as server-sent events: notifications as they come, then the response.
enum EventStream {
  /// How long nothing is said at most: a comment tells what is between here and the client that it goes on.
  private static let keepAlive: Duration = .seconds(15)

  /// The parts as they are sent. Where the client goes away, what it asked for is cancelled.
  static func parts(
    keepAlive: Duration = keepAlive,
    _ answer: @escaping @Sendable (_ notify: @escaping @Sendable (Value) -> Void) async -> MCPAnswer
  ) -> AsyncStream<[UInt8]> {
    let (parts, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let ticker = Task {
      while (try? await Task.sleep(for: keepAlive)) != nil {
        continuation.yield(Array(":\n\n".utf8))
      }
    }
    let work = Task {
      let response = await answer { continuation.yield(bytes(of: $0)) }
      continuation.yield(bytes(of: response.message))
      continuation.finish()
    }
    continuation.onTermination = { _ in
      ticker.cancel()
      work.cancel()
    }
    return parts
  }

  private static func bytes(of message: Value) -> [UInt8] {
    Array("data: ".utf8) + JSONWriter.bytes(message) + [0x0A, 0x0A]
  }
}
