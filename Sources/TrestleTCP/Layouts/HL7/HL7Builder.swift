internal import TrestleCore

/// Puts a message together from a value: segments by name, and places like `PID-3.1`.
struct HL7Builder {
  private let layout: HL7Layout
  private var segments: [HL7Segment] = []
  /// The positions of each name's segments.
  private var positions: [String: [Int]] = [:]
  /// The names of all segments in order, where the value says it.
  private var order: [String]?
  /// How texts of the value are written.
  private var writer: HL7FieldBuilder

  static func message(of value: Value, by layout: HL7Layout) throws(CodecError) -> HL7Message {
    guard case .object(let record) = value else {
      throw CodecError(
        path: layout.dialect.path, reason: "writes segments by name, found \(value.kindName)")
    }
    var builder = HL7Builder(layout: layout)
    var message = HL7Message()
    try builder.takeHeader(of: record, &message)
    for member in record {
      do throws(CodecError) {
        try builder.add(member.name, member.value)
      } catch {
        throw error.path.hasPrefix(member.name) ? error : error.inside(member.name)
      }
    }
    message.segments = try builder.ordered()
    return message
  }

  private init(layout: HL7Layout) {
    self.layout = layout
    writer = HL7FieldBuilder(
      escapes: HL7Escapes(separators: layout.dialect.standard, encoding: layout.charset.fallback),
      keepsEscapes: layout.keepsEscapes)
  }

  // MARK: The header

  /// Takes what everything else depends on: the separators, and the encoding that MSH-18 names.
  private mutating func takeHeader(
    of record: Record, _ message: inout HL7Message
  ) throws(CodecError) {
    let name =
      layout.dialect.headers.first { name in
        record.contains { $0.name == name || HL7Place($0.name)?.segment == name }
      } ?? layout.dialect.usualHeader
    let field = Self.text(in: record, name, 1) ?? "|"
    let characters = Self.text(in: record, name, 2) ?? layout.dialect.standard.characters
    guard field.utf8.count == 1, let sign = field.utf8.first,
      let separators = layout.dialect.separators(
        field: sign, characters: Array(characters.utf8)[...])
    else {
      throw CodecError(
        path: "\(name)-2",
        reason: "expects separators that all differ, like "
          + "\(layout.dialect.standard.characters), found "
          + "\"\(characters)\" after \"\(field)\"")
    }
    message.separators = separators
    message.encoding = layout.charset.fallback
    if layout.charset.readsHeader, let charset = Self.text(in: record, "MSH", 18) {
      message.encoding = layout.charset.encoding(named: charset)
    }
    writer.escapes = HL7Escapes(separators: separators, encoding: message.encoding)
  }

  /// The text of a header's field, wherever the value holds it.
  private static func text(in record: Record, _ segment: String, _ field: Int) -> String? {
    var value = record["\(segment)-\(field)"]
    if value == nil {
      let holder = record[segment]
      value = (holder?.arrayValue?.first ?? holder)?[String(field)]
    }
    let first = value?.arrayValue?.first ?? value
    guard let text = (first?["1"] ?? first?.content)?.scalarText, !text.isEmpty else { return nil }
    return text
  }

  // MARK: Members

  private mutating func add(_ name: String, _ value: Value) throws(CodecError) {
    if name == HL7Layout.orderKey {
      order = (value.arrayValue ?? []).compactMap(\.stringValue)
      return
    }
    let bare = name.hasSuffix("[]") ? String(name.dropLast(2)) : name
    if let place = HL7Place(bare) {
      let position = try segment(place.segment, place.occurrence)
      try put(value, at: place, in: position)
      return
    }
    switch value {
    case .array(let items):
      for (occurrence, item) in items.enumerated() {
        do throws(CodecError) {
          try add(item, as: bare, occurrence)
        } catch {
          throw error.inside("[\(occurrence)]")
        }
      }
    default: try add(value, as: bare, 0)
    }
  }

  private mutating func add(
    _ value: Value, as name: String, _ occurrence: Int
  ) throws(CodecError) {
    guard case .object(let record) = value else {
      throw CodecError(
        reason: "is no segment: expects fields by their numbers, found \(value.kindName)",
        hint: "name a place like PID-3.1, or a segment like {PID: {\"3\": …}}")
    }
    let position = try segment(name, occurrence)
    for member in record where member.name != "_text" {
      let written = member.name.hasPrefix(name + "-") ? member.name : "\(name)-\(member.name)"
      let place =
        HL7Place(written)
        ?? HL7Place("AAA" + written.dropFirst(name.count))
      guard let place, place.occurrence == 0 else {
        throw CodecError(
          path: member.name, reason: "is no field of \(name)", hint: "name fields by numbers from 1"
        )
      }
      do throws(CodecError) {
        try put(member.value, at: place, in: position)
      } catch {
        throw error.inside(member.name)
      }
    }
  }

  /// The position of a segment, which is made where it is missing.
  private mutating func segment(_ name: String, _ occurrence: Int) throws(CodecError) -> Int {
    let known = positions[name] ?? []
    if occurrence < known.count { return known[occurrence] }
    guard occurrence == known.count else {
      throw CodecError(
        reason: "there is no \(name)[\(known.count)] before it",
        hint: "occurrences count from 0, without gaps")
    }
    let bytes = name.utf8
    guard bytes.count <= 255, !bytes.contains(where: { $0 == 0x0D || $0 == 0x0A }),
      !bytes.contains(writer.escapes.separators.field)
    else { throw CodecError(reason: "is no name of a segment") }
    positions[name, default: []].append(segments.count)
    segments.append(HL7Segment(name: name, fields: []))
    return segments.count - 1
  }

  // MARK: Fields

  private mutating func put(
    _ value: Value, at place: HL7Place, in position: Int
  ) throws(CodecError) {
    if value.isNull { return }
    let isCharacters =
      layout.dialect.isHeader(segments[position].name) && place.field <= 2
    var fields = segments[position].fields
    segments[position].fields = []
    fields.reach(place.field, with: .empty)
    defer { segments[position].fields = fields }
    if isCharacters {
      fields[place.field - 1] = .text(value.content.scalarText ?? "")
      return
    }
    let index = place.field - 1
    guard place.component != nil || place.repetition > 0 else {
      fields[index] = try writer.node(value)
      return
    }
    var repetitions = fields[index].list
    repetitions.reach(place.repetition + 1, with: .empty)
    try writer.put(value, at: place, in: &repetitions[place.repetition])
    fields[index] = repetitions.count == 1 ? repetitions[0] : .repetitions(repetitions)
  }

  // MARK: Order

  private mutating func ordered() throws(CodecError) -> [HL7Segment] {
    for position in segments.indices { complete(&segments[position]) }
    var result: [HL7Segment] = []
    var next: [String: Int] = [:]
    var isTaken = [Bool](repeating: false, count: segments.count)
    func take(_ position: Int) {
      isTaken[position] = true
      result.append(segments[position])
    }
    if let order {
      for name in order {
        guard !name.isEmpty else {
          result.append(HL7Segment(name: "", fields: []))
          continue
        }
        let occurrence = next[name, default: 0]
        guard let known = positions[name], occurrence < known.count else { continue }
        next[name] = occurrence + 1
        take(known[occurrence])
      }
    } else if let first = segments.first, !layout.dialect.isHeader(first.name),
      let first = layout.dialect.headers.compactMap({ positions[$0]?.first }).first
    {
      take(first)
    }
    for position in segments.indices where !isTaken[position] { result.append(segments[position]) }
    guard let first = result.first, layout.dialect.isHeader(first.name) else {
      throw CodecError(
        path: layout.dialect.path,
        reason: "the message has no \(layout.dialect.usualHeader) segment",
        hint: "give it places like \(layout.dialect.usualHeader)-9")
    }
    return result
  }

  /// Gives a header what it needs to be one.
  private func complete(_ segment: inout HL7Segment) {
    if layout.dialect.countsName { segment.fields.reach(1, with: .empty) }
    guard layout.dialect.isHeader(segment.name) else { return }
    let separators = writer.escapes.separators
    segment.fields.reach(2, with: .empty)
    segment.fields[0] = .text(String(UnicodeScalar(separators.field)))
    if segment.fields[1] == .empty { segment.fields[1] = .text(separators.characters) }
    guard segment.name == "MSH", let version = layout.version else { return }
    segment.fields.reach(12, with: .empty)
    if segment.fields[11] == .empty { segment.fields[11] = .text(version) }
  }
}
