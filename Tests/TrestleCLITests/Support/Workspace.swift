import Foundation
import Synchronization
import Trestle

@testable import TrestleCLI

/// A directory to run commands in; it goes away with its last reference.
final class TemporaryDirectory: Sendable {
  let path: String

  /// Writes files by their paths in it.
  init(_ files: [String: String] = [:]) throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-cli-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(text, to: name) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  func text(of name: String) -> String? {
    FileManager.default.contents(atPath: path + "/" + name).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// What lies in it.
  var names: [String] { names(in: "") }

  /// What lies in a directory in it.
  func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + directory)) ?? []).sorted()
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }

  /// A workspace with one system of the toy protocol.
  static func orders(endpoint: String = "http://127.0.0.1:9/orders") throws -> TemporaryDirectory {
    try TemporaryDirectory([
      "adapters/orders.yaml": """
      system: orders
      protocol: toy
      endpoint: \(endpoint)
      mock:
        fallback: fault
        responses:
          GetOrder: { id: "{{request.id}}", total: "10.50", line: [{ sku: A-1, quantity: 2 }] }
          PlaceOrder: { id: "7" }
        stubs:
          - { name: odd one, operation: GetOrder, when: { id: "13" }, reply: { id: "13", odd: true } }
          - name: order with a receipt
            operation: GetOrder
            when: { id: "21" }
            reply: { id: "21", total: "1.00" }
            headers: { Receipt: { to: "{{headers.Session.user}}" } }
          - name: unknown order
            operation: GetOrder
            when: { id: "0" }
            fault: { code: Client, message: "no order {{request.id}}", detail: { NotFound: { id: "0" } } }

      """
    ])
  }

  /// Runs a command here, and gives all it left behind.
  func run(
    _ arguments: [String], input: String = "", isTerminal: Bool = false,
    environment: [String: String] = [:], registry: ProtocolRegistry = .toy
  ) async -> Ran {
    let captured = Captured()
    let reads = Counter()
    var source = Input(isTerminal: false) { _ in Array(input.utf8) }
    source.next = { reads.next() == 0 && !input.isEmpty ? Array(input.utf8) : nil }
    var program = Program(
      output: Output(
        data: .init(isTerminal: isTerminal) { captured.add($0, toData: true) },
        notes: .init(isTerminal: isTerminal) { captured.add($0, toData: false) }),
      input: source)
    program.registry = registry
    program.environment = { environment[$0] }
    program.columns = 80
    let status = await program.run(["--dir", path] + arguments)
    return captured.ran(status, hiding: path)
  }
}

/// Counts from 0, once for each asking.
final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      defer { count += 1 }
      return count
    }
  }
}

/// What a command left behind.
struct Ran: Equatable, CustomStringConvertible {
  var status: Int32
  var out: String
  var err: String

  var description: String { "status \(status)\n--- out\n\(out)--- err\n\(err)---" }
}

private final class Captured: Sendable {
  private let streams = Mutex<(data: [UInt8], notes: [UInt8])>(([], []))

  func add(_ bytes: [UInt8], toData: Bool) {
    streams.withLock { if toData { $0.data += bytes } else { $0.notes += bytes } }
  }

  func ran(_ status: Int32, hiding path: String) -> Ran {
    let (data, notes) = streams.withLock { $0 }
    func text(_ bytes: [UInt8]) -> String {
      String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: path, with: "DIR")
    }
    return Ran(status: status, out: text(data), err: text(notes))
  }
}
