internal import TrestleCore

/// Keys, found by what they must have in common.
struct CorrelationKeySet {
  private var keys: [String: [CorrelationKey]] = [:]
  private(set) var count = 0

  mutating func insert(_ key: CorrelationKey) {
    guard let index = key.index else { return }
    keys[index, default: []].append(key)
    count += 1
  }

  /// Whether a key is here that the other pairs with.
  func contains(_ key: CorrelationKey) -> Bool {
    guard let index = key.index else { return false }
    return keys[index]?.contains { $0.pairs(with: key) } ?? false
  }

  /// Takes out the key itself.
  mutating func remove(_ key: CorrelationKey) { _ = take(key) { $0 == key } }

  /// Takes out a key that the other pairs with.
  mutating func remove(pairing key: CorrelationKey) -> CorrelationKey? {
    take(key) { $0.pairs(with: key) }
  }

  mutating func removeAll() {
    keys.removeAll()
    count = 0
  }

  private mutating func take(
    _ key: CorrelationKey, where isWanted: (CorrelationKey) -> Bool
  ) -> CorrelationKey? {
    guard let index = key.index, let position = keys[index]?.firstIndex(where: isWanted) else {
      return nil
    }
    count -= 1
    let found = keys[index]?.remove(at: position)
    if keys[index]?.isEmpty == true { keys[index] = nil }
    return found
  }
}
