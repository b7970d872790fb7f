internal import TrestleCore

/// Makes framings of their keys.
enum FrameReader {
  private static let kinds = [
    "lines", "delimiter", "length", "fixed", "by_type", "until", "quiet", "self", "stuffing",
    "link",
  ]

  /// What may stand beside a kind.
  private static let options = ["max", "skip_empty", "check", "keep", "start", "escape"]

  static func read(_ keys: inout KeyReader, problems: inout [ValueProblem]) -> (any Framing)? {
    let chosen = kinds.filter { keys.record[$0] != nil }
    guard chosen.count == 1, let kind = chosen.first else {
      let unknown = keys.record.names.first { !kinds.contains($0) && !options.contains($0) } ?? ""
      problems.error(
        chosen.isEmpty
          ? "frame does not say how a message ends"
            + Suggestion.clause(for: unknown, among: kinds)
          : "frame says in \(chosen.count) ways how a message ends: \(chosen.joined(separator: ", "))",
        at: keys.path, hint: "give exactly one of \(kinds.joined(separator: ", "))")
      return nil
    }
    let maximum = keys.size("max", problems: &problems) ?? FrameSettings.defaultMaximum
    let skipsEmpty = keys.flag("skip_empty", problems: &problems) ?? false
    let check = FrameCheckDefinition(&keys, problems: &problems)
    let settings = FrameSettings(
      maximum: maximum, check: check?.inner, skipsEmpty: skipsEmpty)
    check?.verify(in: keys, kind, problems: &problems)
    let framing: (any Framing)?
    switch kind {
    case "lines", "delimiter":
      framing = delimited(&keys, kind, settings, check?.trailing, problems: &problems)
    case "link": framing = ASTMLink.framing(&keys, settings, check, problems: &problems)
    case "stuffing": framing = stuffed(&keys, settings, check?.trailing, problems: &problems)
    default:
      if check?.trailing != nil {
        problems.error(
          "a check after the end needs a frame with a delimiter", at: keys.place("check"),
          hint: "give over: body, or leave it out: the check then ends the message itself")
      }
      framing = other(&keys, kind, settings, problems: &problems)
    }
    for key in ["start", "escape"]
    where keys.record[key] != nil && kind != "lines" && kind != "delimiter" {
      _ = keys.value(key)
      problems.error(
        "\(key) does not go with \(kind)", at: keys.place(key),
        hint: "\(key) stands beside delimiter and lines")
    }
    keys.finish("frame", problems: &problems)
    return framing
  }

  // MARK: Delimiters

  /// How lines end.
  private enum LineEnd: String, CaseIterable {
    case crlf, lf, cr
    /// LF or CR LF; CR LF is written.
    case any

    var delimiters: [[UInt8]] {
      switch self {
      case .crlf: [[0x0D, 0x0A]]
      case .lf: [[0x0A]]
      case .cr: [[0x0D]]
      case .any: [[0x0D, 0x0A], [0x0A]]
      }
    }
  }

  private static func delimited(
    _ keys: inout KeyReader, _ kind: String, _ settings: FrameSettings, _ check: TrailingCheck?,
    problems: inout [ValueProblem]
  ) -> (any Framing)? {
    let delimiters: [[UInt8]]
    if kind == "lines" {
      guard let end = keys.word("lines", as: LineEnd.self, problems: &problems) else { return nil }
      delimiters = end.delimiters
    } else {
      guard let alternatives = alternatives(&keys, problems: &problems) else { return nil }
      delimiters = alternatives
    }
    let start = keys.bytes("start", problems: &problems) ?? []
    let keeps = keys.flag("keep", problems: &problems) ?? false
    guard let value = keys.value("escape") else {
      return ShapedFraming(
        shape: DelimitedShape(start: start, delimiters: delimiters, keeps: keeps, check: check),
        settings: settings)
    }
    guard
      let escaping = escaping(
        value, at: keys.place("escape"), start: start, delimiters: delimiters, problems: &problems)
    else { return nil }
    if keeps {
      problems.error(
        "keep and escape do not go together", at: keys.place("keep"),
        hint: "leave keep out: the message is passed on without its escapes")
    }
    return ShapedFraming(
      shape: EscapedShape(
        start: start, end: delimiters[0], escaping: escaping, isFlag: false, check: check),
      settings: settings)
  }

  private static func alternatives(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> [[UInt8]]? {
    guard let value = keys.value("delimiter") else { return nil }
    let path = keys.place("delimiter")
    let values = value.arrayValue ?? [value]
    var delimiters: [[UInt8]] = []
    for (position, item) in values.enumerated() {
      let place = value.arrayValue == nil ? path : path.item(position)
      guard let bytes = WrittenBytes.read(item, at: place, problems: &problems) else { return nil }
      delimiters.append(bytes)
    }
    guard !delimiters.isEmpty else {
      problems.error("expects at least one delimiter", at: path)
      return nil
    }
    for (position, delimiter) in delimiters.enumerated() {
      let isBeginning = delimiters.enumerated().contains {
        $0.offset != position && $0.element.starts(with: delimiter)
      }
      guard !isBeginning else {
        problems.error(
          "the delimiter \(FrameCheck.text(delimiter)) is the beginning of another one", at: path,
          hint: "the longer one could never be told from it: keep one of the two")
        return nil
      }
    }
    return delimiters
  }

  private static func escaping(
    _ value: Value, at path: ValuePath, start: [UInt8], delimiters: [[UInt8]],
    problems: inout [ValueProblem]
  ) -> ByteEscaping? {
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let byte = keys.bytes("byte", problems: &problems)
    let isDoubled = keys.flag("double", problems: &problems) ?? false
    keys.finish("escape", problems: &problems)
    guard let escape = byte?.first, byte?.count == 1 else {
      problems.error(
        "escape expects one byte", at: path, hint: "like {byte: \"\\x10\", double: true}")
      return nil
    }
    guard delimiters.count == 1, let end = delimiters.first else {
      problems.error("escape goes with one delimiter, not several", at: path)
      return nil
    }
    if isDoubled {
      guard end.first == escape, end.count > 1, end[1] != escape else {
        problems.error(
          "a doubled escape byte must begin the delimiter, followed by another byte", at: path,
          hint:
            "like start: \"\\x10\\x02\", delimiter: \"\\x10\\x03\", escape: {byte: \"\\x10\", double: true}"
        )
        return nil
      }
      return ByteEscaping(escape: escape, rule: .doubling, special: [escape])
    }
    guard !end.contains(escape) else {
      problems.error(
        "the escape byte stands in the delimiter", at: path,
        hint: "give double: true if it is doubled")
      return nil
    }
    return ByteEscaping(
      escape: escape, rule: .literal, special: Set([escape, end[0]] + start.prefix(1)))
  }

  /// The byte stuffings that have a name.
  private enum Stuffing: String, CaseIterable {
    case slip, hdlc, dle
  }

  private static func stuffed(
    _ keys: inout KeyReader, _ settings: FrameSettings, _ check: TrailingCheck?,
    problems: inout [ValueProblem]
  ) -> (any Framing)? {
    guard let stuffing = keys.word("stuffing", as: Stuffing.self, problems: &problems) else {
      return nil
    }
    let shape =
      switch stuffing {
      case .slip:
        EscapedShape(start: [], end: [0xC0], escaping: .slip, isFlag: true, check: check)
      case .hdlc:
        EscapedShape(start: [], end: [0x7E], escaping: .hdlc, isFlag: true, check: check)
      case .dle:
        EscapedShape(
          start: [0x10, 0x02], end: [0x10, 0x03], escaping: .dataLink, isFlag: false, check: check)
      }
    return ShapedFraming(shape: shape, settings: settings)
  }

  // MARK: Sizes

  private static func other(
    _ keys: inout KeyReader, _ kind: String, _ settings: FrameSettings,
    problems: inout [ValueProblem]
  ) -> (any Framing)? {
    switch kind {
    case "length":
      guard let shape = length(&keys, problems: &problems) else { return nil }
      return ShapedFraming(shape: shape, settings: settings)
    case "fixed":
      guard let size = keys.size("fixed", problems: &problems) else { return nil }
      guard size <= settings.maximum else {
        problems.error("fixed is over max \(settings.maximum)", at: keys.place("fixed"))
        return nil
      }
      return ShapedFraming(shape: FixedShape(size: size), settings: settings)
    case "by_type":
      guard let shape = typed(&keys, problems: &problems) else { return nil }
      return ShapedFraming(shape: shape, settings: settings)
    case "until":
      guard keys.word("until", as: Until.self, problems: &problems) != nil else { return nil }
      return ShapedFraming(shape: CloseShape(), settings: settings)
    case "self":
      guard
        let family = keys.word("self", as: SelfDescribingShape.Family.self, problems: &problems)
      else { return nil }
      return ShapedFraming(shape: SelfDescribingShape(family: family), settings: settings)
    default:
      guard let time = keys.duration("quiet", problems: &problems) else { return nil }
      return ShapedFraming(shape: QuietShape(quietTime: time), settings: settings)
    }
  }

  private enum Until: String, CaseIterable {
    case close
  }

  private static func length(
    _ outer: inout KeyReader, problems: inout [ValueProblem]
  ) -> LengthShape? {
    let keeps = outer.flag("keep", problems: &problems) ?? false
    let path = outer.place("length")
    guard var keys = KeyReader(outer.value("length"), at: path, problems: &problems) else {
      return nil
    }
    let coding = keys.word("as", as: NumberCoding.self, problems: &problems) ?? .bigEndian
    let width = keys.integer("bytes", in: coding.widths, problems: &problems)
    let position = keys.integer("at", in: 0...1024, problems: &problems) ?? 0
    let counts = keys.word("counts", as: LengthShape.Counts.self, problems: &problems) ?? .body
    let adjustment = keys.integer("adjust", in: -65536...65536, problems: &problems) ?? 0
    let trailer = keys.bytes("trailer", problems: &problems) ?? []
    let fill = keys.bytes("fill", problems: &problems) ?? [0]
    let size = keys.integer("header", in: 1...4096, problems: &problems)
    keys.finish("frame.length", problems: &problems)
    guard let width else {
      if keys.record["bytes"] == nil {
        problems.error(
          "frame.length does not say how many bytes the length has", at: path,
          hint: "like length: {bytes: 4, as: be}")
      }
      return nil
    }
    let header = size ?? position + width
    guard header >= position + width else {
      problems.error(
        "a header of \(header) bytes ends before the length does (byte \(position + width))",
        at: path.member("header"),
        hint: "header counts all bytes before the body, the length among them")
      return nil
    }
    return LengthShape(
      width: width, coding: coding, position: position,
      header: (0..<header).map { fill[$0 % fill.count] }, counts: counts, adjustment: adjustment,
      trailer: trailer, keepsHeader: keeps)
  }

  private static func typed(
    _ outer: inout KeyReader, problems: inout [ValueProblem]
  ) -> TypedShape? {
    let path = outer.place("by_type")
    guard var keys = KeyReader(outer.value("by_type"), at: path, problems: &problems) else {
      return nil
    }
    let position = keys.integer("at", in: 0...4096, problems: &problems) ?? 0
    let width = keys.integer("bytes", in: 1...64, problems: &problems)
    let otherwise = keys.size("other", problems: &problems)
    let listed = keys.value("sizes")?.objectValue
    keys.finish("frame.by_type", problems: &problems)
    guard let width, let listed, !listed.isEmpty else {
      problems.error(
        "frame.by_type expects bytes and sizes", at: path,
        hint: "like by_type: {at: 0, bytes: 4, sizes: {INQ1: 80, UPD1: 120}}")
      return nil
    }
    var sizes: [[UInt8]: Int] = [:]
    for member in listed {
      let place = path.member("sizes").member(member.name)
      guard let type = WrittenBytes.bytes(of: member.name), type.count == width else {
        problems.error("the type \"\(member.name)\" does not have \(width) bytes", at: place)
        continue
      }
      guard let size = WrittenNumber.size(member.value), size >= position + width else {
        problems.error(
          "expects the size of the whole message, at least \(position + width)", at: place)
        continue
      }
      sizes[type] = size
    }
    return TypedShape(position: position, width: width, sizes: sizes, otherwise: otherwise)
  }
}
