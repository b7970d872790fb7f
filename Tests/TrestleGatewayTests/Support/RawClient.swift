import NIOCore
import NIOPosix

/// Sends bytes over a connection of its own, and gives all that comes back until it is closed.
enum RawClient {
  static func exchange(_ bytes: [UInt8], port: Int) async throws -> [UInt8] {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      // Who is cut off while sending may have been answered all the same.
      try? await outbound.write(ByteBuffer(bytes: bytes))
      var received: [UInt8] = []
      do {
        for try await part in inbound { received += part.readableBytesView }
      } catch  where !received.isEmpty {
        // What came before a reset counts.
      }
      return received
    }
  }
}

extension RawClient {
  /// Sends bytes, does something once a text has come back, and gives all that comes until the connection is closed.
  static func exchange(
    _ bytes: [UInt8], port: Int, once text: String, _ body: () async throws -> Void
  ) async throws -> [UInt8] {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: bytes))
      var received: [UInt8] = []
      var isDone = false
      for try await part in inbound {
        received += part.readableBytesView
        guard !isDone, received.firstRange(of: Array(text.utf8)) != nil else { continue }
        isDone = true
        try await body()
      }
      return received
    }
  }

  /// Sends bytes, waits for the first that come back, and goes away.
  static func begin(_ bytes: [UInt8], port: Int) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: bytes))
      for try await _ in inbound { break }
    }
  }
}

/// A response as it came.
struct RawResponse {
  var status: Int
  var headers: [(name: String, value: String)]
  var body: [UInt8]

  /// Reads the first response in some bytes; nil for what is none.
  init?(_ bytes: [UInt8]) {
    let text = Array(bytes)
    guard let end = text.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: text[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
      let status = Int(first.split(separator: " ")[1])
    else { return nil }
    self.status = status
    headers = lines.dropFirst().compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (
        line[..<colon].lowercased(),
        String(line[line.index(after: colon)...].drop { $0 == " " })
      )
    }
    body = Array(text[end.upperBound...])
    if self["transfer-encoding"] == "chunked" { body = Self.unchunked(body) }
  }

  subscript(name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

  private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
    var rest = bytes[...]
    var body: [UInt8] = []
    while let line = rest.firstRange(of: Array("\r\n".utf8)),
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
      rest = rest[line.upperBound...]
      body += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return body
  }
}
