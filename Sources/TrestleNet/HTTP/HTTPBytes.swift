#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension UInt8 {
  /// Whether this byte may be part of a token (RFC 9110 §5.6.2): a bit for each ASCII character.
  var isHTTPToken: Bool {
    let set: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
    return self < 128 && (set >> (UInt64(self) & 63)) & 1 == 1
  }

  var isDigit: Bool { (48...57).contains(self) }

  /// A space or a tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  var hexDigitValue: Int? {
    switch self {
    case 48...57: Int(self) - 48
    case 65...70: Int(self) - 55
    case 97...102: Int(self) - 87
    default: nil
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Where a byte is next.
  func index(of byte: UInt8, from start: Int) -> Int? {
    guard start < count, let base = baseAddress,
      let found = memchr(base + start, Int32(byte), count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
