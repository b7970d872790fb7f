import TrestleCore

/// A scope's keys and values. It is bounded, since what is put into it may come from peers: the key that
/// was written longest ago makes room for a new one.
struct ScopeStore {
  /// In the order they were last written.
  private(set) var record: Record = [:]
  private var sizes: [String: Int] = [:]
  private(set) var bytes = 0

  static let mostKeys = 1000
  static let mostBytes = 256 << 10

  /// Puts a value under a key, null takes the key away; gives the keys that had to go for it.
  ///
  /// - Throws: `ExpressionError` when there is no room for it at all; nothing is changed then.
  mutating func set(_ key: String, _ value: Value) throws(ExpressionError) -> [String] {
    let size = key.utf8.count + value.storedSize
    guard size <= Self.mostBytes else {
      throw ExpressionError(
        "the value of \"\(key.prefix(60))\" has \(size) bytes, more than the \(Self.mostBytes) of a store"
      )
    }
    remove(key)
    guard !value.isNull else { return [] }
    var dropped: [String] = []
    while record.count >= Self.mostKeys || bytes + size > Self.mostBytes,
      let oldest = record.members.first?.name
    {
      remove(oldest)
      dropped.append(oldest)
    }
    record.append(unique: key, value)
    sizes[key] = size
    bytes += size
    return dropped
  }

  private mutating func remove(_ key: String) {
    guard let size = sizes.removeValue(forKey: key) else { return }
    record[key] = nil
    bytes -= size
  }
}

extension Value {
  /// About as many bytes as it takes in memory.
  fileprivate var storedSize: Int {
    switch self {
    case .null, .bool, .integer, .double: 16
    case .bytes(let bytes): 16 + bytes.count
    case .array(let items): items.reduce(16) { $0 + $1.storedSize }
    case .object(let record):
      record.members.reduce(16) { $0 + 16 + $1.name.utf8.count + $1.value.storedSize }
    default: 16 + (scalarText?.utf8.count ?? 0)
    }
  }
}
