/// Remembers which symbol each of libxml2's interned names has, by the pointers alone.
///
/// libxml2 gives the same pointer for the same name for the life of a context, so a name costs one
/// hash of its text the first time and two pointer comparisons ever after.
struct XMLSymbolCache: ~Copyable {
  private struct Entry {
    var local: UnsafePointer<UInt8>?
    var namespace: UnsafePointer<UInt8>?
    var symbol: XMLSymbol
  }

  private var entries: UnsafeMutableBufferPointer<Entry>
  private var used = 0

  /// The symbol table's generation that "unknown" entries were true for.
  let generation: Int

  init(generation: Int) {
    self.generation = generation
    entries = Self.makeEntries(256)
  }

  deinit { entries.deallocate() }

  mutating func symbol(
    local: UnsafePointer<UInt8>, namespace: UnsafePointer<UInt8>?, in table: XMLSymbolTable
  ) -> XMLSymbol {
    let mask = entries.count - 1
    var slot = Self.hash(local, namespace) & mask
    while let known = entries[slot].local {
      if known == local, entries[slot].namespace == namespace { return entries[slot].symbol }
      slot = (slot + 1) & mask
    }
    let name = QualifiedName(
      namespace.map { String(cString: $0) } ?? "", String(cString: local))
    let symbol = table.find(name)
    insert(Entry(local: local, namespace: namespace, symbol: symbol))
    return symbol
  }

  private mutating func insert(_ entry: Entry) {
    if (used + 1) * 2 > entries.count { grow() }
    let mask = entries.count - 1
    var slot = Self.hash(entry.local, entry.namespace) & mask
    while entries[slot].local != nil { slot = (slot + 1) & mask }
    entries[slot] = entry
    used += 1
  }

  private mutating func grow() {
    let old = entries
    entries = Self.makeEntries(old.count * 2)
    used = 0
    for entry in old where entry.local != nil { insert(entry) }
    old.deallocate()
  }

  private static func makeEntries(_ capacity: Int) -> UnsafeMutableBufferPointer<Entry> {
    let entries = UnsafeMutableBufferPointer<Entry>.allocate(capacity: capacity)
    entries.initialize(repeating: Entry(local: nil, namespace: nil, symbol: .unknown))
    return entries
  }

  @inline(__always)
  private static func hash(_ local: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?) -> Int {
    let first = UInt(bitPattern: local) &* 0x9E37_79B9_7F4A_7C15
    let second = UInt(bitPattern: uri) &* 0xC2B2_AE3D_27D4_EB4F
    return Int(truncatingIfNeeded: (first ^ second) >> 20)
  }
}
