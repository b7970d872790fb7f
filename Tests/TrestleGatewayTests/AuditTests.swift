import Foundation
import Synchronization
import Testing
import Trestle

@testable import TrestleGateway

@Suite("The audit", .timeLimit(.minutes(3)))
struct AuditTests {
  private static let secret = "caller-0123456789abcdef"

  /// A file for the lines while a body runs.
  private func withFile<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }

  private func lines(_ path: String) throws -> [Value] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONParser.parse(String($0)) }
  }

  private func options(
    _ path: String, clients: [ClientToken] = [],
    onProblem: @escaping @Sendable (String) -> Void = { _ in }
  ) -> GatewayOptions {
    GatewayOptions.onAnyPort {
      $0.audit = .file(path)
      $0.clients = clients
      $0.onAuditProblem = onProblem
    }
  }

  @Test("there is a line for each request that calls or steers, and none for those that read")
  func tells() async throws {
    try await withFile { path in
      var callID = ""
      try await ServedGateway.run(options: options(path)) { served in
        _ = try await served.client.get("/v1/systems")
        _ = try await served.client.get("/healthz")
        let call = try await served.call(
          "ledger", "join", #"{"left":"my-payload","right":"b"}"#, query: "?envelope=true")
        callID = call.raw["x-trestle-call-id"] ?? ""
        _ = try await served.call("ledger", "jion", "{}")
        _ = try await served.client.delete("/v1/mocks/ledger/stubs")
        let message =
          #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ledger__join"}}"#
        for text in [message, #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#] {
          let lines = [
            "POST /mcp HTTP/1.1", "Host: 127.0.0.1", "Connection: close",
            "Content-Type: application/json", "Content-Length: \(text.utf8.count)", "", text,
          ]
          _ = try await RawClient.exchange(
            Array(lines.joined(separator: "\r\n").utf8), port: served.gateway.port)
        }
      }
      let found = try lines(path)
      #expect(found.count == 4)
      let first = try #require(found.first)
      #expect(
        first.objectValue?.names == [
          "time", "client", "peer", "method", "path", "system", "operation", "status",
          "duration_ms", "call_id",
        ])
      #expect(first["client"] == .null)
      #expect(first["peer"]?.stringValue?.hasPrefix("127.0.0.1:") == true)
      #expect(first["path"] == "/v1/systems/ledger/operations/join")
      #expect(first["operation"] == "join")
      #expect(first["status"] == 200)
      #expect(first["call_id"] == .string(callID))
      #expect(found.map { $0["status"] }.dropFirst().prefix(2) == [404, 200])
      #expect(found[2]["method"] == "DELETE")
      #expect(found[2]["system"] == "ledger")
      #expect(found[3]["tool"] == "ledger__join")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(!text.contains("my-payload"))
      #expect(!text.contains("envelope"))
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test("what is refused is told with whose it was, where that is known")
  func refusals() async throws {
    try await withFile { path in
      var client = ClientToken(
        name: "caller", token: try AccessToken(Self.secret), scopes: [.call])
      client.limits = TokenLimits(rate: TokenLimits.Rate("1/h", burst: 1))
      try await ServedGateway.run(options: options(path, clients: [client])) { served in
        var asks = served.client
        asks.token = "wrong-0123456789abcdef"
        let foreign = try await asks.get("/v1/systems")
        asks.token = Self.secret
        let steering = try await asks.get("/v1/mocks")
        let reading = try await asks.get("/v1/systems")
        let calling = try await asks.post("/v1/systems/ledger/operations/keep")
        let answers = [foreign, steering, reading, calling]
        #expect(answers.map(\.status) == [401, 403, 200, 429])
      }
      let found = try lines(path)
      #expect(found.map { $0["status"] } == [401, 403, 429])
      #expect(found.map { $0["client"] } == [.null, "caller", "caller"])
      #expect(found.last?["operation"] == "keep")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(!text.contains("0123456789abcdef"))
    }
  }

  @Test("no text breaks out of its line, or does anything to a terminal")
  func forging() throws {
    let texts = ["a\nb", "a\r\nb", "\u{1B}[2J", "\u{7F}\u{9B}31m", "\u{202E}x\u{2028}y\u{FEFF}"]
    for text in texts {
      var entry = AuditEntry(
        method: "POST", target: "/x\(text)?q=1", client: text, peer: nil,
        demand: AccessDemand(scopes: [.call], system: text, operation: text))
      entry.tool = text
      let line = String(decoding: entry.line(status: 200, callID: text), as: UTF8.self)
      #expect(line.unicodeScalars.count { $0.value == 10 } == 1)
      #expect(line.unicodeScalars.dropLast().allSatisfy { (0x20...0x7E).contains($0.value) })
      let value = try JSONParser.parse(line)
      for name in ["client", "system", "operation", "tool", "call_id"] {
        #expect(value[name] == .string(text))
      }
      #expect(value["path"] == .string("/x\(text)"))
    }
  }

  // MARK: What is in the way

  @Test("a full disk is told once, and calls go on")
  func fullDisk() async throws {
    let told = Mutex<[String]>([])
    let options = options("/dev/full") { text in told.withLock { $0.append(text) } }
    try await ServedGateway.run(options: options) { served in
      for _ in 0..<3 {
        let answer = try await served.call("ledger", "join", #"["a","b"]"#)
        #expect(answer.status == 200)
      }
    }
    let texts = told.withLock { $0 }
    #expect(texts.count == 1)
    #expect(texts.first?.contains("/dev/full cannot be written: No space left") == true)
  }

  @Test("whoever writes waits for nobody, and is told later how many lines were lost")
  func blocked() async throws {
    try await withFile { path in
      try #require(mkfifo(path, 0o600) == 0)
      let reader = open(path, O_RDONLY | O_NONBLOCK)
      try #require(reader >= 0)
      defer { close(reader) }
      let log = try AuditLog(.file(path), limit: 100_000) { _ in }
      let entry = AuditEntry(
        method: "POST", target: "/" + String(repeating: "x", count: 1000), client: nil, peer: nil,
        demand: .none)
      // A pipe holds less than half of it, and nobody reads yet.
      let all = 300
      for _ in 0..<all { log.write(entry.line(status: 200)) }
      var bytes: [UInt8] = []
      let closing = Task {
        await log.flush()
        log.write(entry.line(status: 201))
        await log.shutdown()
      }
      let isClosed = Mutex(false)
      async let close: Void = {
        await closing.value
        isClosed.withLock { $0 = true }
      }()
      var part = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let ends = isClosed.withLock { $0 }
        let count = read(reader, &part, part.count)
        if count > 0 { bytes += part.prefix(count) } else if ends { break }
        await Task.yield()
      }
      await close
      let found = try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        .map { try JSONParser.parse(String($0)) }
      let lost = found.compactMap { $0["lost"]?.integerValue }.reduce(0, +)
      #expect(lost > 0)
      #expect(found.count { $0["status"] == 200 } + Int(lost) == all)
      #expect(found.last?["status"] == 201)
    }
  }

  @Test("a file that cannot be written is told of before anything listens")
  func unusable() async throws {
    try await withFile { path in
      try #require(mkfifo(path, 0o600) == 0)
      for (path, problem) in [
        ("/no/such/audit", "No such file"), ("/", "Is a directory"), (path, "No such device"),
      ] {
        let server = GatewayServer(.empty(in: "/"), options: options(path))
        let error = await #expect(throws: MockError.self) {
          let running = try await server.start()
          await running.stop()
        }
        #expect(
          error?.reason.hasPrefix("the audit file \(path) cannot be written: \(problem)") == true,
          "\(error?.reason ?? "")")
        #expect(error?.isConfiguration == true)
      }
    }
  }
}
