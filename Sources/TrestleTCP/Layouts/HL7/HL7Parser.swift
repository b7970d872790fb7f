internal import TrestleCore

/// A message taken apart: its segments in order, with the separators that each was written by.
struct HL7Message: Sendable {
  var segments: [HL7Segment] = []
  /// The separators of the first header.
  var separators = HL7Dialect.hl7.standard
  var encoding = TextEncoding.utf8
}

/// Takes bytes apart into segments.
struct HL7Parser {
  let bytes: [UInt8]
  let layout: HL7Layout
  private var dialect: HL7Dialect { layout.dialect }
  private(set) var message = HL7Message()
  /// Told of every text with its place and bytes.
  private let found: ((String, Range<Int>, String) -> Void)?

  init(
    _ bytes: [UInt8], by layout: HL7Layout,
    found: ((String, Range<Int>, String) -> Void)? = nil
  ) {
    self.bytes = bytes
    self.layout = layout
    self.found = found
  }

  mutating func parse() throws(CodecError) -> HL7Message {
    guard dialect.header(of: bytes[...]) != nil else {
      throw CodecError(
        path: dialect.path, reason: "does not begin with its header segment",
        hint: "known headers: \(dialect.headers.joined(separator: ", "))", in: bytes[...],
        wrong: 0..<min(3, bytes.count))
    }
    var separators = dialect.standard
    var isFirst = true
    var occurrences: [String: Int] = [:]
    for line in lines() {
      if let name = dialect.header(of: bytes[line]) {
        let own = try self.separators(of: line, name)
        guard isFirst || own == separators else {
          throw CodecError(
            path: "\(name)-2", reason: "names other separators than the header before it",
            hint: "one message or batch has one set of separators", in: bytes[...],
            wrong: line.lowerBound + 3..<min(line.upperBound, line.lowerBound + 8))
        }
        separators = own
        if isFirst {
          message.separators = separators
          message.encoding = try encoding(of: line, separators)
          isFirst = false
        }
      }
      let segment = try segment(line, separators, &occurrences)
      message.segments.append(segment)
    }
    return message
  }

  /// The bytes between segment ends; what follows the last end is none if it is empty.
  private func lines() -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == 0x0D || (byte == 0x0A && layout.acceptsLF) else {
        index += 1
        continue
      }
      lines.append(start..<index)
      index += 1
      if byte == 0x0D, layout.acceptsLF, index < bytes.count, bytes[index] == 0x0A { index += 1 }
      start = index
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }

  private func separators(
    of line: Range<Int>, _ name: String
  ) throws(CodecError) -> HL7Separators {
    let rest = bytes[line].dropFirst(name.utf8.count)
    if let field = rest.first,
      let separators = dialect.separators(
        field: field, characters: rest.dropFirst().prefix { $0 != field })
    {
      return separators
    }
    throw CodecError(
      path: "\(name)-2", reason: "expects separators, like \(name)|\(dialect.standard.characters)|",
      in: bytes[...],
      wrong: line.lowerBound
        + 3..<max(line.lowerBound + 3, min(line.upperBound, line.lowerBound + 8))
    )
  }

  /// MSH-18 says the encoding of the whole message.
  private func encoding(
    of line: Range<Int>, _ separators: HL7Separators
  ) throws(CodecError) -> TextEncoding {
    guard layout.charset.readsHeader else { return layout.charset.fallback }
    let fields = bytes[line].split(
      separator: separators.field, maxSplits: 18, omittingEmptySubsequences: false)
    // Field 1 is the separator itself, so that MSH-18 is the 18th piece.
    guard fields.count > 17 else { return layout.charset.fallback }
    let first = fields[17].prefix { $0 != separators.repetition }
    return layout.charset.encoding(named: String(decoding: first, as: UTF8.self))
  }

  private func segment(
    _ line: Range<Int>, _ separators: HL7Separators, _ occurrences: inout [String: Int]
  ) throws(CodecError) -> HL7Segment {
    let pieces = split(line, by: separators.field)
    guard let first = pieces.first else { return HL7Segment(name: "", fields: []) }
    guard pieces.count <= HL7Place.most else {
      throw CodecError(
        path: dialect.path, reason: "a segment has more than \(HL7Place.most) fields",
        offset: line.lowerBound)
    }
    let name = try text(first, dialect.path)
    guard !name.isEmpty || pieces.count == 1 else {
      throw CodecError(
        path: dialect.path, reason: "a segment has no name", in: bytes[...],
        wrong: line.lowerBound..<line.lowerBound + 1)
    }
    var path = name
    if let count = occurrences[name] { path += "[\(count)]" }
    occurrences[name, default: 0] += 1
    var segment = HL7Segment(name: name, fields: [])
    segment.fields.reserveCapacity(pieces.count)
    let isHeader = dialect.isHeader(name)
    if isHeader {
      let sign = line.lowerBound + name.utf8.count
      tell("\(path)-1", sign..<sign + 1, String(UnicodeScalar(separators.field)))
      segment.fields.append(.text(String(UnicodeScalar(separators.field))))
    }
    if !isHeader, dialect.countsName { segment.fields.append(.empty) }
    for (position, piece) in pieces.dropFirst().enumerated() {
      if piece.isEmpty {
        segment.fields.append(.empty)
        continue
      }
      let isCharacters = isHeader && position == 0
      let place = "\(path)-\(segment.fields.count + 1)"
      segment.fields.append(
        isCharacters
          ? .text(try leaf(piece, place)) : try field(piece, separators, at: place))
    }
    return segment
  }

  private func field(
    _ range: Range<Int>, _ separators: HL7Separators, at path: String
  ) throws(CodecError) -> HL7Node {
    if range.isEmpty { return .empty }
    let pieces = split(range, by: separators.repetition)
    guard pieces.count > 1 else { return try components(range, separators, at: path) }
    try checkCount(pieces, path)
    var nodes: [HL7Node] = []
    for (position, piece) in pieces.enumerated() {
      nodes.append(try components(piece, separators, at: "\(path)[\(position)]"))
    }
    return .repetitions(nodes)
  }

  private func components(
    _ range: Range<Int>, _ separators: HL7Separators, at path: String
  ) throws(CodecError) -> HL7Node {
    let pieces = split(range, by: separators.component)
    guard pieces.count > 1 else {
      let sub = split(range, by: separators.subcomponent)
      return sub.count > 1
        ? try subcomponents(sub, at: "\(path).1") : .text(try leaf(range, path))
    }
    try checkCount(pieces, path)
    var nodes: [HL7Node] = []
    for (position, piece) in pieces.enumerated() {
      let place = "\(path).\(position + 1)"
      let sub = split(piece, by: separators.subcomponent)
      nodes.append(
        sub.count > 1 ? try subcomponents(sub, at: place) : .text(try leaf(piece, place)))
    }
    return .components(nodes)
  }

  private func subcomponents(_ pieces: [Range<Int>], at path: String) throws(CodecError) -> HL7Node
  {
    try checkCount(pieces, path)
    var texts: [String] = []
    for (position, piece) in pieces.enumerated() {
      texts.append(try leaf(piece, "\(path).\(position + 1)"))
    }
    return .subcomponents(texts)
  }

  private func checkCount(_ pieces: [Range<Int>], _ path: String) throws(CodecError) {
    guard pieces.count > HL7Place.most else { return }
    throw CodecError(
      path: path, reason: "has more than \(HL7Place.most) parts", offset: pieces[0].lowerBound)
  }

  private func leaf(_ range: Range<Int>, _ path: @autoclosure () -> String) throws(CodecError)
    -> String
  {
    let text = try text(range, path())
    if !range.isEmpty { tell(path(), range, text) }
    return text
  }

  private func tell(_ path: @autoclosure () -> String, _ range: Range<Int>, _ text: String) {
    found?(path(), range, text)
  }

  private func text(_ range: Range<Int>, _ path: @autoclosure () -> String) throws(CodecError)
    -> String
  {
    // Most fields of most messages are empty.
    if range.isEmpty { return "" }
    return try message.encoding.text(of: bytes[range], path: path(), at: range.lowerBound)
  }

  private func split(_ range: Range<Int>, by separator: UInt8?) -> [Range<Int>] {
    guard let separator else { return [range] }
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where bytes[index] == separator {
      pieces.append(start..<index)
      start = index + 1
    }
    pieces.append(start..<range.upperBound)
    return pieces
  }
}
