internal import TrestleXML

/// Positions by symbol, in one flat table.
struct SymbolIndex: Sendable {
  private let slots: [Int32]
  private let symbols: [XMLSymbol]
  /// The next position of the same symbol, -1 for none; empty where every symbol has one position.
  private let following: [Int32]
  private let mask: Int

  init(_ symbols: [XMLSymbol]) {
    var capacity = 4
    while capacity < symbols.count * 2 { capacity *= 2 }
    var slots = [Int32](repeating: -1, count: capacity)
    var following: [Int32] = []
    var last: [Int32: Int] = [:]
    for (position, symbol) in symbols.enumerated() {
      var slot = symbol.index & (capacity - 1)
      while slots[slot] >= 0, symbols[Int(slots[slot])] != symbol {
        slot = (slot + 1) & (capacity - 1)
      }
      guard slots[slot] >= 0 else {
        slots[slot] = Int32(position)
        continue
      }
      if following.isEmpty { following = Array(repeating: -1, count: symbols.count) }
      following[last[symbol.rawValue] ?? Int(slots[slot])] = Int32(position)
      last[symbol.rawValue] = position
    }
    self.slots = slots
    self.symbols = symbols
    self.following = following
    mask = capacity - 1
  }

  /// The first position of a symbol.
  subscript(symbol: XMLSymbol) -> Int? {
    var slot = symbol.index & mask
    while slots[slot] >= 0 {
      let position = Int(slots[slot])
      if symbols[position] == symbol { return position }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// The next position of the symbol at a position.
  func next(after position: Int) -> Int? {
    guard !following.isEmpty, following[position] >= 0 else { return nil }
    return Int(following[position])
  }

  /// Whether a symbol has several positions.
  func isShared(_ symbol: XMLSymbol) -> Bool { self[symbol].flatMap(next) != nil }
}
