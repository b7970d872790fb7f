/// A set of members of one scope, by their numbers.
///
/// Members of one part of a content model have numbers close to each other, so a set keeps only the
/// words between its first and its last: all sets of a large type together stay small.
struct MemberSet: Sendable, Hashable {
  private var low: UInt64 = 0
  /// The words from 64 on, the first of them at `start`.
  private var high: [UInt64] = []
  private var start = 0

  init() {}

  var isEmpty: Bool { low == 0 && high.isEmpty }

  mutating func insert(_ number: Int) {
    if number < 64 {
      low |= 1 << UInt64(number)
      return
    }
    let word = number / 64 - 1
    if high.isEmpty {
      start = word
      high.append(0)
    }
    while word < start {
      high.insert(0, at: 0)
      start -= 1
    }
    while word >= start + high.count { high.append(0) }
    high[word - start] |= 1 << UInt64(number % 64)
  }

  mutating func remove(_ number: Int) {
    if number < 64 {
      low &= ~(1 << UInt64(number))
    } else if word(number / 64 - 1) != 0 {
      high[number / 64 - 1 - start] &= ~(1 << UInt64(number % 64))
    }
  }

  func contains(_ number: Int) -> Bool {
    if number < 64 { return low & (1 << UInt64(number)) != 0 }
    return word(number / 64 - 1) & (1 << UInt64(number % 64)) != 0
  }

  mutating func formUnion(_ other: MemberSet) {
    low |= other.low
    for (offset, word) in other.high.enumerated() where word != 0 {
      var rest = word
      while rest != 0 {
        insert((other.start + offset + 1) * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }

  func intersects(_ other: MemberSet) -> Bool {
    low & other.low != 0 || other.high.indices.contains { meets(other, $0) != 0 }
  }

  /// The lowest number that both have.
  func firstCommon(_ other: MemberSet) -> Int? {
    let common = low & other.low
    if common != 0 { return common.trailingZeroBitCount }
    for offset in other.high.indices {
      let word = meets(other, offset)
      if word != 0 { return (other.start + offset + 1) * 64 + word.trailingZeroBitCount }
    }
    return nil
  }

  /// How many numbers both have.
  func commonCount(_ other: MemberSet) -> Int {
    other.high.indices.reduce((low & other.low).nonzeroBitCount) {
      $0 + meets(other, $1).nonzeroBitCount
    }
  }

  /// How many numbers all three have.
  func commonCount(_ other: MemberSet, within third: MemberSet) -> Int {
    other.high.indices.reduce((low & other.low & third.low).nonzeroBitCount) {
      $0 + (meets(other, $1) & third.word(other.start + $1)).nonzeroBitCount
    }
  }

  private func meets(_ other: MemberSet, _ offset: Int) -> UInt64 {
    other.high[offset] & word(other.start + offset)
  }

  private func word(_ number: Int) -> UInt64 {
    number >= start && number < start + high.count ? high[number - start] : 0
  }
}
