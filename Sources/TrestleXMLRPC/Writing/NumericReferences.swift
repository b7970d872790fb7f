/// Brings a UTF-8 document to US-ASCII or ISO-8859-1, with numeric references (XML 1.0 §4.1) for all
/// other characters.
///
/// Right for documents whose names and markup are US-ASCII, as XML-RPC's are: what is escaped then
/// stands in text.
enum NumericReferences {
  static func escape(_ document: [UInt8], keepsLatin1: Bool) -> [UInt8] {
    guard document.contains(where: { $0 >= 0x80 }) else { return document }
    var output: [UInt8] = []
    output.reserveCapacity(document.count + document.count / 4)
    for scalar in String(decoding: document, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0..<0x80: output.append(UInt8(scalar.value))
      // C1 controls are left to references: many take bytes 0x80 to 0x9F for windows-1252.
      case 0xA0..<0x100 where keepsLatin1: output.append(UInt8(scalar.value))
      default: output.append(contentsOf: "&#\(scalar.value);".utf8)
      }
    }
    return output
  }
}
