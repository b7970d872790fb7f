internal import TrestleCore

/// What differs between the families of messages that are made as HL7 v2 makes them.
struct HL7Dialect: Sendable, Hashable {
  /// The layout's key in definitions.
  var key: String
  /// Segments whose first two fields name the separators of what follows; the outermost first.
  var headers: [String]
  /// The separators that nearly everybody has.
  var standard: HL7Separators
  /// Whether the name of a segment counts as its field 1.
  var countsName: Bool

  static let hl7 = HL7Dialect(
    key: "hl7", headers: ["FHS", "BHS", "MSH"],
    standard: HL7Separators(
      field: UInt8(ascii: "|"), component: UInt8(ascii: "^"), repetition: UInt8(ascii: "~"),
      escape: UInt8(ascii: "\\"), subcomponent: UInt8(ascii: "&")),
    countsName: false)

  /// ASTM E1394, now CLSI LIS02: records of one letter, `\` between repetitions, no subcomponents.
  static let astm = HL7Dialect(
    key: "astm", headers: ["H"],
    standard: HL7Separators(
      field: UInt8(ascii: "|"), component: UInt8(ascii: "^"), repetition: UInt8(ascii: "\\"),
      escape: UInt8(ascii: "&"), subcomponent: nil, beginsWithRepetition: true),
    countsName: true)

  var path: String { "layout.\(key)" }

  /// The header that most messages begin with.
  var usualHeader: String { headers.last ?? "" }

  func isHeader(_ name: String) -> Bool { headers.contains(name) }

  /// Whether bytes begin with a header, and which one.
  func header(of line: ArraySlice<UInt8>) -> String? {
    headers.first { line.starts(with: $0.utf8) }
  }

  /// The separators that a header names.
  func separators(field: UInt8, characters: ArraySlice<UInt8>) -> HL7Separators? {
    HL7Separators(
      field: field, characters: characters, beginsWithRepetition: standard.beginsWithRepetition)
  }
}
