internal import TrestleCore

extension LayoutKind {
  /// `hl7: {version: "2.5", segment_end: cr, accept_lf: true, charset: MSH-18 default utf-8}`
  static let hl7 = LayoutKind(key: "hl7", options: []) { outer, _, problems in
    let value = outer.value("hl7")
    let path = outer.place("hl7")
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    var layout = HL7Layout()
    layout.version = keys.text("version", problems: &problems)
    layout.segmentEnd =
      keys.word("segment_end", as: SegmentEnd.self, problems: &problems)?.bytes ?? [0x0D]
    layout.acceptsLF =
      keys.flag("accept_lf", problems: &problems) ?? true || layout.segmentEnd.contains(0x0A)
    layout.charset = HL7Charset.read(&keys, problems: &problems)
    layout.keepsEscapes = keys.word("escapes", as: Escapes.self, problems: &problems) == .raw
    keys.finish("layout.hl7", problems: &problems)
    return layout
  }

  private enum SegmentEnd: String, CaseIterable {
    case cr, lf, crlf

    var bytes: [UInt8] {
      switch self {
      case .cr: [0x0D]
      case .lf: [0x0A]
      case .crlf: [0x0D, 0x0A]
      }
    }
  }

  private enum Escapes: String, CaseIterable {
    case decoded, raw
  }
}
