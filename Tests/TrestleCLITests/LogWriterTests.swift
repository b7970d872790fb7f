import Dispatch
import Synchronization
import Testing

@testable import TrestleCLI

/// The log behind the calls.
@Suite struct LogWriterTests {
  /// A sink that takes nothing until it is opened.
  private final class Gate: Sendable {
    let opened = DispatchSemaphore(value: 0)
    let text = Mutex("")

    var sink: Output.Sink {
      Output.Sink(isTerminal: false) { bytes in
        self.opened.wait()
        self.opened.signal()
        self.text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
      }
    }

    func open() { opened.signal() }
  }

  @Test("what is written arrives whole and in order")
  func order() async {
    let gate = Gate()
    gate.open()
    let log = LogWriter(gate.sink) { "(\($0))" }
    for number in 0..<1000 { log.write("\(number)\n") }
    await log.finish(within: .seconds(60))
    #expect(gate.text.withLock(\.self) == (0..<1000).map { "\($0)\n" }.joined())
  }

  @Test("who does not read holds nobody up, and is told how many lines are missing")
  func full() async {
    let gate = Gate()
    let log = LogWriter(gate.sink, capacity: 10) { "(\($0) missing)" }
    // One may be on its way into the sink already; the second batch finds the room full at the latest.
    for _ in 0..<100 { log.write("12345") }
    await log.finish(within: .milliseconds(1))
    gate.open()
    await log.finish(within: .seconds(60))
    log.write("after")
    await log.finish(within: .seconds(60))
    let text = gate.text.withLock(\.self)
    let lines = text.components(of: "12345")
    #expect((2...4).contains(lines))
    // Told as soon as there is room again, so perhaps in two parts.
    let missing = text.matches(of: /\((\d+) missing\)/).compactMap { Int($0.1) }
    #expect(lines + missing.reduce(0, +) == 100, "\(text)")
    #expect((1...3).contains(missing.count))
    #expect(text.hasSuffix("after"))
  }
}

extension String {
  fileprivate func components(of part: String) -> Int {
    self.split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
