/// Single-byte encodings beside those that every reader takes, or under other names: old servers write
/// them, and they are supersets of US-ASCII, so that no markup can hide in them.
///
/// Only a lenient XML-RPC reader takes them, with a warning.
struct SingleByteEncoding: Sendable {
  /// The name as IANA registers it.
  let name: String
  /// Other names, in small letters and digits only.
  private let aliases: [String]
  /// What the bytes from 0x80 stand for; U+FFFD where the encoding has nothing.
  private let upperHalf: [Unicode.Scalar]

  init(_ name: String, _ aliases: [String], _ upperHalf: String) {
    self.name = name
    self.aliases = aliases
    let scalars = Array(upperHalf.unicodeScalars)
    // The ISO 8859 family has Unicode's C1 controls from 0x80 to 0x9F.
    let controls = scalars.count == 96 ? (0x80...0x9F).compactMap(Unicode.Scalar.init) : []
    self.upperHalf = controls + scalars
  }

  /// The encoding of a name, whatever its case and the signs in it (`ISO_8859-1:1987`, `CP-1252`,
  /// `x-cp1251`); nil for a name that is not taken.
  static func named(_ name: String) -> SingleByteEncoding? {
    let key = Self.key(name)
    let plain = key.hasPrefix("x") ? String(key.dropFirst()) : key
    return all.first { $0.key == plain || $0.aliases.contains(plain) }
  }

  /// A name by its letters and digits.
  static func key(_ name: String) -> String {
    name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  private var key: String { Self.key(name) }

  /// The text as UTF-8, and how many bytes the encoding has nothing for: U+FFFD stands for them, or
  /// nothing at all.
  func decode(
    _ bytes: some Sequence<UInt8>, _ policy: InvalidCharacterPolicy
  ) -> (text: [UInt8], undefined: Int) {
    var text: [UInt8] = []
    var undefined = 0
    for byte in bytes {
      if byte < 0x80 {
        text.append(byte)
        continue
      }
      let scalar = upperHalf[Int(byte) - 0x80]
      if scalar == "\u{FFFD}" {
        undefined += 1
        if policy == .strip { continue }
      }
      text.append(contentsOf: String(scalar).utf8)
    }
    return (text, undefined)
  }
}
