internal import TrestleCore

/// One data element: what it holds and how it is written, on axes that do not depend on each other:
/// kind of value, greatest length, length prefix, coding, and what the length counts.
struct DataElement: Sendable {
  /// What a value is.
  enum Kind: Sendable {
    /// `a`, `an`, `ans` and their like: characters as they are. Dialects differ in which ones.
    case text
    /// `n`: decimal digits.
    case digits
    /// `z`: the code set of tracks 2 and 3, digits and `: ; < = > ?`.
    case track
    /// `x+n`: a sign (`C` or `D`) and digits; the length is that of the digits.
    case amount
    /// `b`: bytes, which are hexadecimal text for people.
    case binary
  }

  /// How the value is written.
  enum Coding: Sendable {
    case characters(TextEncoding)
    /// Two digits a byte; the sign of an amount is a character before them.
    case packed(sign: TextEncoding)
    case raw
    /// Two hexadecimal digits for each byte.
    case hexadecimal(TextEncoding)
  }

  /// What lengths count.
  enum Unit: Sendable {
    case bytes
    /// Half bytes: packed digits, or hexadecimal digits of binary data.
    case halves
  }

  /// What fills up a value: characters of a short text, or the half byte after an odd number of digits.
  struct Pad: Sendable {
    var scalar: Unicode.Scalar
    var isLeft: Bool
  }

  var number: Int
  /// The member of messages that holds the value: the name, or the number.
  var key: String
  /// The type as it is written: `n..19`.
  var type: String
  var kind: Kind
  /// The greatest length, or the length itself where there is no prefix; counted by `unit`.
  var maximum: Int
  /// Nil where the length is fixed.
  var prefix: LengthPrefix?
  var coding: Coding
  var unit: Unit
  var pad: Pad?
  /// Whether padding is taken away when reading.
  var trims = false
  /// What is in the element, where it has a layout of its own.
  var inner: (any MessageLayout)?
  /// Whether the value is a secret (a card number), which schemas tell.
  var isMasked = false
  /// What the element is, for people.
  var title: String?
  /// Whether the definition speaks of the element, so that samples have it.
  var isDeclared = true

  /// How many bytes so many units take.
  func size(of count: Int) -> Int {
    switch coding {
    case .characters: (unit == .halves ? count / 2 : count) + signSize
    case .packed: (unit == .halves ? (count + 1) / 2 : count) + signSize
    case .raw: unit == .halves ? (count + 1) / 2 : count
    case .hexadecimal: unit == .halves ? count : count * 2
    }
  }

  var signSize: Int { kind == .amount ? 1 : 0 }

  /// So many units, in words.
  func counted(_ count: Int) -> String {
    "\(count) \(count == 1 ? String(unitName.dropLast()) : unitName)"
  }

  /// The word for what lengths count.
  private var unitName: String {
    switch (coding, unit) {
    case (.packed, .halves): "digits"
    case (_, .halves): "half bytes"
    case (.characters, .bytes): kind == .digits || kind == .amount ? "digits" : "characters"
    default: "bytes"
    }
  }
}

/// The length before an element's data.
struct LengthPrefix: Sendable {
  /// Any but little-endian.
  var coding: NumberCoding
  /// In bytes.
  var width: Int

  /// A prefix of so many digits, as the dots of a type say: `n..19` has two.
  ///
  /// Packed digits and binary numbers take half as many bytes, rounded up.
  init(_ coding: NumberCoding, digits: Int) {
    self.coding = coding
    switch coding {
    case .ascii, .ebcdic, .hexadecimal: width = digits
    case .bcd, .bigEndian, .littleEndian: width = (digits + 1) / 2
    }
  }

  init(_ coding: NumberCoding, width: Int) {
    self.coding = coding
    self.width = width
  }

  /// Writes a length over the bytes from a place on; false when they cannot say it.
  func write(_ length: Int, over bytes: inout [UInt8], from start: Int) -> Bool {
    let radix =
      switch coding {
      case .bcd: 100
      case .bigEndian, .littleEndian: 256
      case .ascii, .ebcdic: 10
      case .hexadecimal: 16
      }
    var rest = length
    for position in (start..<(start + width)).reversed() {
      let digit = UInt8(rest % radix)
      rest /= radix
      bytes[position] =
        switch coding {
        case .bcd: (digit / 10) << 4 | digit % 10
        case .bigEndian, .littleEndian: digit
        case .ascii, .hexadecimal: HexadecimalText.digit(digit)
        case .ebcdic: digit | 0xF0
        }
    }
    return rest == 0
  }
}
