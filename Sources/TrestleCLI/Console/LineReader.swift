internal import Dispatch

/// Reads lines as they come, without holding a thread of the tasks while none do.
struct LineReader: Sendable {
  private let input: Input
  private let limit: Int
  private let queue = DispatchQueue(label: "trestle.lines")

  /// Lines of up to `limit` bytes.
  init(_ input: Input, limit: Int) {
    self.input = input
    self.limit = limit
  }

  /// Gives every line to a body, without its line break; nil for one that is too long, whose rest is skipped.
  func forEach(_ body: ([UInt8]?) async -> Void) async {
    var line: [UInt8] = []
    var isSkipped = false
    while let chunk = await next() {
      var rest = chunk[...]
      while let end = rest.firstIndex(of: 0x0A) {
        line += rest[..<end]
        rest = rest[rest.index(after: end)...]
        if !isSkipped { await body(line.count > limit ? nil : line) }
        line = []
        isSkipped = false
      }
      if !isSkipped { line += rest }
      if line.count > limit {
        await body(nil)
        line = []
        isSkipped = true
      }
    }
    if !line.isEmpty { await body(line) }
  }

  private func next() async -> [UInt8]? {
    let input = input
    return await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: input.next()) }
    }
  }
}

/// Writes in the order it is asked to, from a thread of its own: a reader that is slow holds up nothing else.
final class LineWriter: Sendable {
  private let sink: Output.Sink
  private let queue = DispatchQueue(label: "trestle.answers")

  init(_ sink: Output.Sink) { self.sink = sink }

  func write(_ bytes: [UInt8]) {
    let sink = sink
    queue.async { sink.write(bytes) }
  }

  /// Returns when everything is written.
  func finish() async {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume() }
    }
  }
}
