/// Single-byte encodings beside those that every reader takes: old servers write them, and they are
/// supersets of US-ASCII, so that no markup can hide in them.
///
/// Only a lenient XML-RPC reader takes them, with a warning.
struct SingleByteEncoding: Sendable {
  /// The name as IANA registers it.
  let name: String
  private let aliases: [String]
  /// What the bytes from 0x80 stand for; U+FFFD where the encoding has nothing.
  private let upperHalf: [Unicode.Scalar]

  private init(_ name: String, _ aliases: [String], _ upperHalf: String) {
    self.name = name
    self.aliases = aliases
    let scalars = Array(upperHalf.unicodeScalars)
    // The ISO 8859 family has Unicode's C1 controls from 0x80 to 0x9F.
    let controls = scalars.count == 96 ? (0x80...0x9F).compactMap(Unicode.Scalar.init) : []
    self.upperHalf = controls + scalars
  }

  /// The encoding of a name, in any case; nil for a name that is not taken.
  static func named(_ name: String) -> SingleByteEncoding? {
    let name = name.lowercased()
    return all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The text as UTF-8.
  func decode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    for byte in bytes {
      if byte < 0x80 {
        text.append(byte)
      } else {
        text.append(contentsOf: String(upperHalf[Int(byte) - 0x80]).utf8)
      }
    }
    return text
  }

  private static let all: [SingleByteEncoding] = [
    SingleByteEncoding(
      "windows-1250", ["cp1250"],
      "€\u{FFFD}‚\u{FFFD}„…†‡\u{FFFD}‰Š‹ŚŤŽŹ\u{FFFD}‘’“”•–—\u{FFFD}™š›śťžź"
        + "\u{A0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{AD}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż"
        + "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
        + "ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙"),
    SingleByteEncoding(
      "windows-1251", ["cp1251"],
      "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{FFFD}™љ›њќћџ"
        + "\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї"
        + "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
        + "абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    SingleByteEncoding(
      "windows-1252", ["cp1252"],
      "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ"
        + "\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿"
        + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
        + "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"),
    SingleByteEncoding(
      "iso-8859-2", ["latin2"],
      "\u{A0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{AD}ŽŻ°ą˛ł´ľśˇ¸šşťź˝žż"
        + "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
        + "ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙"),
    SingleByteEncoding(
      "iso-8859-15", ["latin9"],
      "\u{A0}¡¢£€¥Š§š©ª«¬\u{AD}®¯°±²³Žµ¶·ž¹º»ŒœŸ¿"
        + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
        + "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"),
    SingleByteEncoding(
      "koi8-r", ["koi8"],
      "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u{A0}⌡°²·÷"
        + "═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©"
        + "юабцдефгхийклмнопярстужвьызшэщчъ"
        + "ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ"),
  ]
}
