/// Keeps repeated calls a small part of all calls, so that a system in trouble is not called more
/// than one that is well.
///
/// Each call puts a part of a repeated one in; a repeated one takes a whole out.
struct RetryBudget: Sendable {
  private let share: Int
  /// In hundredths of a repeated call.
  private var balance: Int

  /// So many may be repeated however few calls there are.
  private static let reserve = 10 * 100

  /// A budget of so many percent of the calls.
  init(percent: Int) {
    share = percent
    balance = percent > 0 ? Self.reserve : 0
  }

  mutating func noteCall() { balance = min(balance + share, Self.reserve) }

  /// Takes a repeated call out; false where there is none left.
  mutating func takeRetry() -> Bool {
    guard balance >= 100 else { return false }
    balance -= 100
    return true
  }
}
