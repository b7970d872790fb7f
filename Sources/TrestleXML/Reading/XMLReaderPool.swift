internal import Synchronization

/// Parser contexts to use again, for whoever decodes next on whatever thread.
package final class XMLReaderPool: Sendable {
  /// A reader on its way between threads: only one side holds it at a time.
  private struct Idle: @unchecked Sendable { let reader: XMLEventReader }

  private let idle = Mutex<[Idle]>([])
  private let symbols: XMLSymbolTable
  private let capacity: Int

  /// Keeps at most `capacity` idle readers.
  package init(symbols: XMLSymbolTable, capacity: Int = 64) {
    self.symbols = symbols
    self.capacity = capacity
  }

  /// Runs the body with a reader that nobody else uses meanwhile. Must not suspend.
  package func withReader<Result, Failure: Error>(
    _ body: (XMLEventReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let taken = idle.withLock { $0.popLast() } ?? Idle(reader: XMLEventReader(symbols: symbols))
    defer {
      idle.withLock { list in
        if list.count < capacity { list.append(taken) }
      }
    }
    return try body(taken.reader)
  }
}
