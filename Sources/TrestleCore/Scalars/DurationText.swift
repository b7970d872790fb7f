/// A duration, read from its XSD lexical form (XSD 1.0 part 2 §3.2.6): `-P1Y2M3DT4H5M6.7S`.
struct DurationText {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  private let months: Int64
  private let seconds: Double

  /// Reads a text; nil when it is no duration.
  init?(_ bytes: Bytes) {
    var position = 0
    var months: Int64 = 0
    var seconds = 0.0
    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }
    let isNegative = peek() == UInt8(ascii: "-")
    if isNegative { position += 1 }
    guard peek() == UInt8(ascii: "P") else { return nil }
    position += 1
    var isTime = false
    var parts = 0
    // Each unit may stand once, in this order.
    var lastUnit = -1
    while let symbol = peek() {
      if symbol == UInt8(ascii: "T") {
        guard !isTime else { return nil }
        isTime = true
        parts = 0
        lastUnit = -1
        position += 1
        continue
      }
      let start = position
      while let digit = peek(), digit &- 48 < 10 { position += 1 }
      guard position > start else { return nil }
      var hasFraction = false
      if peek() == UInt8(ascii: ".") {
        position += 1
        let fraction = position
        while let digit = peek(), digit &- 48 < 10 { position += 1 }
        guard position > fraction else { return nil }
        hasFraction = true
      }
      let number = Self.number(bytes[start..<position])
      guard let letter = peek(),
        let unit = (isTime ? Self.timeUnits : Self.dateUnits).firstIndex(of: letter),
        unit > lastUnit, !hasFraction || letter == UInt8(ascii: "S")
      else { return nil }
      lastUnit = unit
      position += 1
      parts += 1
      switch (isTime, letter) {
      case (false, UInt8(ascii: "Y")): months += Int64(min(number, 1e15)) * 12
      case (false, UInt8(ascii: "M")): months += Int64(min(number, 1e15))
      case (false, _): seconds += number * 86_400
      case (true, UInt8(ascii: "H")): seconds += number * 3600
      case (true, UInt8(ascii: "M")): seconds += number * 60
      default: seconds += number
      }
    }
    guard parts > 0 else { return nil }
    self.months = isNegative ? -months : months
    self.seconds = isNegative ? -seconds : seconds
  }

  // Literals of bytes, so that nothing is allocated per text.
  private static let dateUnits = Array("YMD".utf8)
  private static let timeUnits = Array("HMS".utf8)

  private static func number(_ digits: Slice<Bytes>) -> Double {
    var number = 0.0
    var scale = 0.0
    for digit in digits {
      guard digit != UInt8(ascii: ".") else {
        scale = 1
        continue
      }
      number = number * 10 + Double(digit &- 48)
      scale *= 10
    }
    return scale > 1 ? number / scale : number
  }

  /// Less, equal or greater; nil where it depends on when the duration begins
  /// (XSD 1.0 part 2 §3.2.6.2 gives the four beginnings to try).
  func compared(to other: DurationText) -> Int? {
    var result: Int?
    for (year, month) in [(1696, 9), (1697, 2), (1903, 3), (1903, 7)] as [(Int64, Int64)] {
      let difference = end(from: year, month) - other.end(from: year, month)
      let order = difference < 0 ? -1 : difference > 0 ? 1 : 0
      if let result, result != order { return nil }
      result = order
    }
    return result
  }

  private func end(from year: Int64, _ month: Int64) -> Double {
    let count = year * 12 + month - 1 + months
    let wholeYear = (count >= 0 ? count : count - 11) / 12
    let day = DateTimeText.dayNumber(wholeYear, Int(count - wholeYear * 12) + 1, 1)
    return Double(day) * 86_400 + seconds
  }
}
