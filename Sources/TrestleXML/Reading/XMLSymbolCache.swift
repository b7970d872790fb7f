/// Remembers which symbol each of libxml2's interned names has, by the pointers alone.
///
/// libxml2 gives the same pointer for the same name for the life of a context, so a name costs one
/// hash of its text the first time and two pointer comparisons ever after.
struct XMLSymbolCache: ~Copyable {
  /// The pointers as numbers, which compare in one step; 0 for none.
  private struct Entry {
    var local: UInt
    var namespace: UInt
    var symbol: XMLSymbol
  }

  private var entries: UnsafeMutableBufferPointer<Entry>
  /// One less than the entries' count, which is a power of two.
  private var mask: Int
  private var used = 0

  /// The symbol table's generation that "unknown" entries were true for.
  let generation: Int

  init(generation: Int) {
    self.generation = generation
    entries = Self.makeEntries(256)
    mask = entries.count - 1
  }

  deinit { entries.deallocate() }

  @inline(__always)
  mutating func symbol(
    local: UnsafePointer<UInt8>, namespace: UnsafePointer<UInt8>?, in table: XMLSymbolTable
  ) -> XMLSymbol {
    // Nearly every name lies in its first slot; looking further is no part of the caller.
    let key = (local: UInt(bitPattern: local), namespace: UInt(bitPattern: namespace))
    let first = entries[Self.hash(key.local, key.namespace) & mask]
    if first.local == key.local, first.namespace == key.namespace { return first.symbol }
    return find(local: local, namespace: namespace, in: table)
  }

  @inline(never)
  private mutating func find(
    local: UnsafePointer<UInt8>, namespace: UnsafePointer<UInt8>?, in table: XMLSymbolTable
  ) -> XMLSymbol {
    let key = (local: UInt(bitPattern: local), namespace: UInt(bitPattern: namespace))
    var slot = Self.hash(key.local, key.namespace) & mask
    while entries[slot].local != 0 {
      if entries[slot].local == key.local, entries[slot].namespace == key.namespace {
        return entries[slot].symbol
      }
      slot = (slot + 1) & mask
    }
    let name = QualifiedName(
      namespace.map { String(cString: $0) } ?? "", String(cString: local))
    let symbol = table.find(name)
    insert(Entry(local: key.local, namespace: key.namespace, symbol: symbol))
    return symbol
  }

  private mutating func insert(_ entry: Entry) {
    if (used + 1) * 2 > entries.count { grow() }
    var slot = Self.hash(entry.local, entry.namespace) & mask
    while entries[slot].local != 0 { slot = (slot + 1) & mask }
    entries[slot] = entry
    used += 1
  }

  private mutating func grow() {
    let old = entries
    entries = Self.makeEntries(old.count * 2)
    used = 0
    mask = entries.count - 1
    for entry in old where entry.local != 0 { insert(entry) }
    old.deallocate()
  }

  private static func makeEntries(_ capacity: Int) -> UnsafeMutableBufferPointer<Entry> {
    let entries = UnsafeMutableBufferPointer<Entry>.allocate(capacity: capacity)
    entries.initialize(repeating: Entry(local: 0, namespace: 0, symbol: .unknown))
    return entries
  }

  @inline(__always)
  private static func hash(_ local: UInt, _ namespace: UInt) -> Int {
    let first = local &* 0x9E37_79B9_7F4A_7C15
    let second = namespace &* 0xC2B2_AE3D_27D4_EB4F
    return Int(truncatingIfNeeded: (first ^ second) >> 20)
  }
}
