internal import Synchronization

/// How many bytes the bodies hold that are coming in, of all clients together.
final class BodyBudget: Sendable {
  private let held = Atomic(0)
  private let most: Int

  init(_ most: Int) { self.most = most }

  /// Takes room for some bytes; false where there is none.
  func take(_ count: Int) -> Bool {
    let now = held.add(count, ordering: .relaxed).newValue
    if now <= most { return true }
    give(count)
    return false
  }

  /// Gives room back.
  func give(_ count: Int) { held.subtract(count, ordering: .relaxed) }
}
