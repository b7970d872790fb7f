internal import TrestleCore

/// The characters that divide an HL7 v2 message, which MSH-1 and MSH-2 name (HL7 v2.5 §2.5.4).
struct HL7Separators: Sendable, Hashable {
  var field: UInt8
  var component: UInt8
  /// Nil where MSH-2 is too short to name them.
  var repetition: UInt8?
  var escape: UInt8?
  var subcomponent: UInt8?

  /// `|^~\&`, which nearly everybody has.
  static let standard = HL7Separators(
    field: UInt8(ascii: "|"), component: UInt8(ascii: "^"), repetition: UInt8(ascii: "~"),
    escape: UInt8(ascii: "\\"), subcomponent: UInt8(ascii: "&"))

  /// MSH-2 of the standard ones.
  static let standardCharacters = "^~\\&"

  /// Segments whose first two fields name the separators of what follows.
  static let headers: Set<String> = ["MSH", "FHS", "BHS"]

  private init(
    field: UInt8, component: UInt8, repetition: UInt8?, escape: UInt8?, subcomponent: UInt8?
  ) {
    self.field = field
    self.component = component
    self.repetition = repetition
    self.escape = escape
    self.subcomponent = subcomponent
  }

  /// Takes the separators of MSH-1 and MSH-2; nil where they cannot be any: missing, alike, or
  /// letters and digits.
  init?(field: UInt8, characters: ArraySlice<UInt8>) {
    let all = [field] + characters
    guard let component = characters.first, all.count <= 8, Set(all).count == all.count,
      all.allSatisfy({ Self.canDivide($0) })
    else { return nil }
    let characters = Array(characters)
    self.init(
      field: field, component: component,
      repetition: characters.count > 1 ? characters[1] : nil,
      escape: characters.count > 2 ? characters[2] : nil,
      subcomponent: characters.count > 3 ? characters[3] : nil)
  }

  private static func canDivide(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && (byte | 0x20) &- 97 >= 26 && byte &- 48 >= 10
  }

  /// What may not stand in a text, escaped by the letter that stands for it.
  var letters: [(byte: UInt8, letter: UInt8)] {
    var letters = [(field, UInt8(ascii: "F")), (component, UInt8(ascii: "S"))]
    if let repetition { letters.append((repetition, UInt8(ascii: "R"))) }
    if let subcomponent { letters.append((subcomponent, UInt8(ascii: "T"))) }
    return letters
  }
}

extension HL7Separators {
  /// MSH-2.
  var characters: String {
    let bytes = [component, repetition, escape, subcomponent].compactMap { $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
