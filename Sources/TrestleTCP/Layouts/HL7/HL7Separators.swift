internal import TrestleCore

/// The characters that divide an HL7 v2 message, which MSH-1 and MSH-2 name (HL7 v2.5 §2.5.4).
struct HL7Separators: Sendable, Hashable {
  var field: UInt8
  var component: UInt8
  /// Nil where MSH-2 is too short to name them.
  var repetition: UInt8?
  var escape: UInt8?
  var subcomponent: UInt8?

  /// Whether the characters of a header begin with the one between repetitions.
  var beginsWithRepetition = false

  init(
    field: UInt8, component: UInt8, repetition: UInt8?, escape: UInt8?, subcomponent: UInt8?,
    beginsWithRepetition: Bool = false
  ) {
    self.field = field
    self.component = component
    self.repetition = repetition
    self.escape = escape
    self.subcomponent = subcomponent
    self.beginsWithRepetition = beginsWithRepetition
  }

  /// Takes the separators of a header's first two fields; nil where they cannot be any: missing,
  /// alike, or letters and digits.
  init?(field: UInt8, characters: ArraySlice<UInt8>, beginsWithRepetition: Bool) {
    let all = [field] + characters
    guard all.count > (beginsWithRepetition ? 2 : 1), all.count <= 8, Set(all).count == all.count,
      all.allSatisfy({ Self.canDivide($0) })
    else { return nil }
    self.init(
      field: field, component: all[beginsWithRepetition ? 2 : 1],
      repetition: all.count > 2 ? all[beginsWithRepetition ? 1 : 2] : nil,
      escape: all.count > 3 ? all[3] : nil,
      subcomponent: all.count > 4 && !beginsWithRepetition ? all[4] : nil,
      beginsWithRepetition: beginsWithRepetition)
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
    let first = beginsWithRepetition ? [repetition, component] : [component, repetition]
    let bytes = (first + [escape, subcomponent]).compactMap { $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
