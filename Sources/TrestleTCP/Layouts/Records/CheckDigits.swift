internal import TrestleCore

/// Check digits over digits in text: the way account and card numbers guard against mistyping.
struct CheckDigits: Sendable {
  enum Algorithm: String, Sendable, CaseIterable {
    /// Every second digit doubled, from the right (ISO/IEC 7812-1, annex B).
    case luhn
    /// 98 less the remainder of the number and two zeros by 97 (ISO/IEC 7064, MOD 97-10). Letters
    /// count as 10 to 35.
    case mod97
  }

  let algorithm: Algorithm
  private let encoding: TextEncoding

  /// Nil for a name that is no algorithm's.
  init?(name: String, encoding: TextEncoding) {
    guard let algorithm = Algorithm(rawValue: name == "mod-97" ? "mod97" : name) else { return nil }
    self.algorithm = algorithm
    self.encoding = encoding
  }

  /// How many digits the result has.
  var count: Int { algorithm == .luhn ? 1 : 2 }

  /// The check digits of a text; spaces in it do not count.
  ///
  /// - Throws: `CodecError` for bytes that are no digits.
  func number(over bytes: ArraySlice<UInt8>) throws(CodecError) -> UInt32 {
    let text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    var symbols: [UInt32] = []
    for symbol in text.unicodeScalars where symbol != " " {
      switch symbol {
      case "0"..."9": symbols.append(symbol.value - 48)
      case "A"..."Z" where algorithm == .mod97: symbols.append(symbol.value - 55)
      default:
        throw CodecError(
          reason: "\(algorithm.rawValue) is of digits, found \"\(symbol)\"",
          offset: bytes.startIndex)
      }
    }
    switch algorithm {
    case .luhn:
      var sum: UInt32 = 0
      for (position, digit) in symbols.reversed().enumerated() {
        let weighted = position.isMultiple(of: 2) ? digit * 2 : digit
        sum += weighted > 9 ? weighted - 9 : weighted
        sum %= 10
      }
      return (10 - sum) % 10
    case .mod97:
      let remainder = symbols.reduce(UInt32(0)) { ($0 * ($1 > 9 ? 100 : 10) + $1) % 97 }
      return 98 - remainder * 100 % 97
    }
  }
}
