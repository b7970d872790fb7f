import Trestle

@testable import TrestleGateway

/// A client over lines, as an editor is one. For one test's task at a time.
final class LineClient {
  static let meta: Value = [
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": [:],
  ]

  let server: MCPServer
  let connection: MCPLineConnection
  private var lines: AsyncStream<[UInt8]>.Iterator
  private var next: Int64 = 0
  /// What came that nobody has waited for yet.
  private var pending: [Value] = []

  init(_ server: MCPServer) {
    self.server = server
    let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    connection = MCPLineConnection(server) { continuation.yield($0) }
    lines = stream.makeAsyncIterator()
  }

  func send(_ value: Value) { connection.take(JSONWriter.bytes(value)) }

  /// Sends a request and gives its id.
  @discardableResult
  func begin(_ method: String, _ parameters: Record = [:], meta: Value? = meta) -> Value {
    next += 1
    var parameters = parameters
    if let meta { parameters["_meta"] = meta }
    send([
      "jsonrpc": "2.0", "id": .integer(next), "method": .string(method),
      "params": .object(parameters),
    ])
    return .integer(next)
  }

  /// The next message that fits, whatever else comes before it.
  func message(_ fits: (Value) -> Bool) async throws -> Value {
    if let position = pending.firstIndex(where: fits) { return pending.remove(at: position) }
    while let line = await lines.next(isolation: #isolation) {
      let value = try JSONParser.parse(line)
      if fits(value) { return value }
      pending.append(value)
    }
    throw CancellationError()
  }

  func response(to id: Value) async throws -> Value { try await message { $0["id"] == id } }

  func notification(_ method: String) async throws -> Value {
    try await message { $0["method"] == .string(method) }
  }

  /// The response to a request.
  func ask(
    _ method: String, _ parameters: Record = [:], meta: Value? = meta
  ) async throws -> Value {
    try await response(to: begin(method, parameters, meta: meta))
  }

  /// The result of a tool.
  func call(_ tool: String, _ arguments: Value = [:]) async throws -> Value {
    let response = try await ask("tools/call", ["name": .string(tool), "arguments": arguments])
    return response["result"] ?? response
  }

  /// Lines that came and that nobody has asked for, after another request has been answered.
  func rest() async throws -> [Value] {
    _ = try await ask("server/discover")
    defer { pending = [] }
    return pending
  }
}
