/// Answers calls: the mock engine, an echo, a proxy that records.
public protocol Responder: Sendable {
  /// Answers a call at once, or says how it will be answered.
  ///
  /// Runs on an event loop: it must not block.
  func respond(to call: Call) -> Answer
}

/// A reply now, or a reply that takes time.
public enum Answer: Sendable {
  case now(Reply)
  case later(@Sendable () async -> Reply)
}

/// A responder made of a closure.
public struct ClosureResponder: Responder {
  private let body: @Sendable (Call) -> Reply

  /// Makes a responder that answers at once with what the closure returns.
  public init(_ body: @escaping @Sendable (Call) -> Reply) { self.body = body }

  /// The closure's reply, now.
  public func respond(to call: Call) -> Answer { .now(body(call)) }
}
