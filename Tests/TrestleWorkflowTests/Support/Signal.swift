import Synchronization

/// Values that tests wait for, in the order in which they come.
final class Signal<Element: Sendable>: Sendable {
  private let stream: AsyncStream<Element>
  private let continuation: AsyncStream<Element>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func send(_ element: Element) { continuation.yield(element) }

  /// The first ones; fewer where the signal ends before.
  func first(_ count: Int) async -> [Element] {
    var elements: [Element] = []
    for await element in stream {
      elements.append(element)
      if elements.count == count { break }
    }
    return elements
  }
}
