internal import TrestleCore

extension LayoutKind {
  /// `hl7: {version: "2.5", segment_end: cr, accept_lf: true, charset: MSH-18 default utf-8}`
  static let hl7 = LayoutKind(key: "hl7", options: []) { outer, _, problems in
    HL7Layout.read(.hl7, &outer, problems: &problems) { layout, keys, problems in
      layout.version = keys.text("version", problems: &problems)
      layout.charset = HL7Charset.read(&keys, problems: &problems)
    }
  }

  /// `astm: {charset: iso-8859-1, framed: true}`
  static let astm = LayoutKind(key: "astm", options: []) { outer, _, problems in
    HL7Layout.read(.astm, &outer, problems: &problems) { layout, keys, problems in
      layout.charset = HL7Charset(readsHeader: false, fallback: .latin1)
      if keys.record["charset"] != nil {
        layout.charset = HL7Charset.read(&keys, problems: &problems)
      }
      layout.isFramed = keys.flag("framed", problems: &problems) ?? false
    }
  }
}

extension HL7Layout {
  fileprivate static func read(
    _ dialect: HL7Dialect, _ outer: inout KeyReader, problems: inout [ValueProblem],
    _ own: (inout HL7Layout, inout KeyReader, inout [ValueProblem]) -> Void
  ) -> HL7Layout? {
    let value = outer.value(dialect.key)
    let path = outer.place(dialect.key)
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    var layout = HL7Layout(dialect)
    layout.segmentEnd =
      keys.word("segment_end", as: SegmentEnd.self, problems: &problems)?.bytes ?? [0x0D]
    layout.acceptsLF =
      keys.flag("accept_lf", problems: &problems) ?? true || layout.segmentEnd.contains(0x0A)
    own(&layout, &keys, &problems)
    layout.keepsEscapes = keys.word("escapes", as: Escapes.self, problems: &problems) == .raw
    keys.finish(dialect.path, problems: &problems)
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
