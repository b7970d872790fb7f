internal import TrestleCore

extension Base64 {
  /// The bytes that a text stands for where its type is declared as base64; nil for a text that is not
  /// well-formed. Strict, since a text may just as well be the bytes that somebody forgot to encode.
  static func bytes(ofText text: String) -> [UInt8]? {
    guard endsInZeroBits(text.utf8) else { return nil }
    return decode(text.utf8, strict: true)
  }
}
