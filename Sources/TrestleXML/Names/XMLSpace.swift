extension UInt8 {
  /// Whether the byte is white space to XML (XML 1.0 §2.3): space, tab, carriage return, line feed.
  @inlinable
  package var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
}

extension StringProtocol {
  /// The text without white space at its ends, XML's four characters only.
  package func trimmingXMLSpace() -> String {
    var units = Substring(self).utf8
    // Most texts have none.
    if let first = units.first, !first.isXMLSpace, let last = units.last, !last.isXMLSpace {
      return String(self)
    }
    while let first = units.first, first.isXMLSpace { units.removeFirst() }
    while let last = units.last, last.isXMLSpace { units.removeLast() }
    return String(Substring(units))
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether there is nothing but XML white space.
  package var isXMLSpace: Bool { allSatisfy(\.isXMLSpace) }

  /// The bytes without white space at their ends.
  @inlinable
  package func trimmingXMLSpace() -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = count
    while start < end, self[start].isXMLSpace { start += 1 }
    while end > start, self[end - 1].isXMLSpace { end -= 1 }
    return UnsafeBufferPointer(start: baseAddress.map { $0 + start }, count: end - start)
  }
}
