internal import TrestleCore

/// HL7 v2: segments of fields of components of subcomponents.
///
/// A message is an object of its segments, each an object of its fields by number; what repeats is an
/// array. Beside them stand the places that a definition speaks of, each under its own key (`PID-3.1`).
struct HL7Layout: MessageLayout {
  let dialect: HL7Dialect
  /// What MSH-12 says where nobody else does.
  var version: String?
  var segmentEnd: [UInt8] = [0x0D]
  var acceptsLF = true
  var charset = HL7Charset(readsHeader: true, fallback: .utf8)
  /// Whether messages hold the number and the end of their frame (ASTM E1381).
  var isFramed = false
  /// Whether texts are as they are written, `\T\` for `&`.
  var keepsEscapes = false
  /// The places that definitions speak of, by their keys, and the lists.
  private var places: [(key: String, place: HL7Place)] = []
  private var lists: [String] = []

  /// The key under which a message holds the names of its segments in order, where that is not the order
  /// of the keys.
  static let orderKey = "_order"

  init(_ dialect: HL7Dialect) { self.dialect = dialect }

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    let bytes = try HL7Writer(layout: self).bytes(of: HL7Builder.message(of: message, by: self))
    return isFramed ? [UInt8(ascii: "1")] + bytes + [0x03] : bytes
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var parser = HL7Parser(try unframed(bytes), by: self)
    return DecodedMessage(value: value(of: try parser.parse()))
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var spans: [FieldSpan] = []
    defer { fields += spans }
    let shift = isFramed ? 1 : 0
    var parser = HL7Parser(try unframed(bytes), by: self) { path, range, text in
      spans.append(
        FieldSpan(
          path: path, range: range.lowerBound + shift..<range.upperBound + shift,
          value: .string(text)))
    }
    _ = try parser.parse()
  }

  /// The message without the frame number before it and the ETX or ETB after it.
  private func unframed(_ bytes: [UInt8]) throws(CodecError) -> [UInt8] {
    guard isFramed else { return bytes }
    guard let number = bytes.first, number &- 48 < 8, let end = bytes.last, bytes.count > 1,
      end == 0x03 || end == 0x17
    else {
      throw CodecError(
        path: dialect.path, reason: "expects a frame number first and ETX or ETB last",
        in: bytes[...], wrong: 0..<min(1, bytes.count))
    }
    return Array(bytes[1..<bytes.count - 1])
  }

  // MARK: Values

  private func value(of message: HL7Message) -> Value {
    let escapes = HL7Escapes(separators: message.separators, encoding: message.encoding)
    let keepsEscapes = keepsEscapes
    let text = { (written: String) -> String in
      keepsEscapes ? written : escapes.decoded(written)
    }
    var names: [String] = []
    var bySegment: [String: [HL7Segment]] = [:]
    for segment in message.segments where !segment.name.isEmpty || !segment.fields.isEmpty {
      if bySegment[segment.name] == nil { names.append(segment.name) }
      bySegment[segment.name, default: []].append(segment)
    }
    var record = Record()
    var natural: [String] = []
    for name in names {
      let values = (bySegment[name] ?? []).map { value(of: $0, text) }
      natural += [String](repeating: name, count: values.count)
      record.append(unique: name, values.count == 1 ? values[0] : .array(values))
    }
    let order = message.segments.map(\.name)
    if order != natural {
      record.append(unique: Self.orderKey, .array(order.map { .string($0) }))
    }
    let lookup = HL7Lookup(bySegment: bySegment, separators: message.separators, text: text)
    for (key, place) in places {
      if let value = lookup.value(at: place) { record.append(unique: key, value) }
    }
    for list in lists {
      if let items = lookup.items(of: list, places.map(\.place)) {
        record.append(unique: list, .array(items))
      }
    }
    return .object(record)
  }

  private func value(of segment: HL7Segment, _ text: (String) -> String) -> Value {
    let isHeader = dialect.isHeader(segment.name)
    if segment.fields == [.empty], dialect.countsName { return .emptyObject }
    return HL7Node.numbered(segment.fields.count) { position in
      let field = segment.fields[position]
      if field == .empty { return Value?.none }
      return isHeader && position < 2 ? field.value { $0 } : field.value(text)
    }
  }

  func visible(_ message: Value) -> Value {
    guard case .object(let record) = message else { return message }
    return .object(
      Record(
        uniqueMembers: record.members.filter {
          !$0.name.hasSuffix("[]") && HL7Place($0.name) == nil
        }))
  }

  // MARK: Places

  func place(_ path: ValuePath) -> ValuePath {
    HL7Place(path).map { ValuePath([.member($0.key)]) } ?? path
  }

  /// `OBX` as a list is `OBX[]`: every one of them, with the places that the list speaks of.
  func listPlace(_ path: ValuePath) -> ValuePath {
    if let place = HL7Place(path) { return ValuePath([.member(place.key + "[]")]) }
    guard path.steps.count == 1, case .member(let name)? = path.steps.first else { return path }
    return ValuePath([.member(name + "[]")])
  }

  func prepared(for names: Set<String>) -> any MessageLayout {
    var layout = self
    layout.places = names.sorted().compactMap { name in HL7Place(name).map { ($0.key, $0) } }
    layout.lists = names.filter { $0.hasSuffix("[]") }.sorted()
    return layout
  }

  /// Of the header, only the message's type and event say what is asked: not who sends it to whom, when
  /// and under which version.
  func identifies(_ place: ValuePath) -> Bool {
    guard let place = HL7Place(place), dialect.isHeader(place.segment) else { return true }
    return dialect == .hl7 && place.field == 9 && (place.component ?? 1) <= 2
  }
}
