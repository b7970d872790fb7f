internal import TrestleCore

extension HL7Layout {
  /// An observation (ORU^R01), or a header and an end.
  var example: Value? {
    dialect == .astm
      ? ["H": ["12": "P"], "L": ["2": "1", "3": "N"]]
      : [
        "MSH": [
          "9": ["1": "ORU", "2": "R01", "3": "ORU_R01"], "10": "1", "11": "P", "12": "2.5",
        ],
        "PID": ["3": "A-1"], "OBR": ["1": "1", "4": "GLU"],
        "OBX": ["1": "1", "2": "NM", "3": "GLU", "5": "5.4", "11": "F"],
      ]
  }

  /// What a `set` means: a text in a definition is written as HL7 writes it, so that `ADT^A01` has two
  /// components. What placeholders put in is data, and never divides anything.
  func meaning(ofSet set: Value) -> Value {
    guard case .object(let record) = set else { return set }
    return .object(
      Record(
        uniqueMembers: record.members.map { member in
          Record.Member(name: member.name, value: meaning(of: member.value, named: member.name))
        }))
  }

  private func meaning(of value: Value, named name: String) -> Value {
    if let place = HL7Place(name) { return meaning(of: value, at: place) }
    switch value {
    case .array(let items): return .array(items.map { meaning(of: $0, named: name) })
    case .object(let fields):
      return .object(
        Record(
          uniqueMembers: fields.members.map { member in
            guard let place = HL7Place("\(name)-\(member.name)") ?? HL7Place(member.name) else {
              return member
            }
            return Record.Member(name: member.name, value: meaning(of: member.value, at: place))
          }))
    default: return value
    }
  }

  private func meaning(of value: Value, at place: HL7Place) -> Value {
    if dialect.isHeader(place.segment), place.field <= 2 { return value }
    guard case .string(let text) = value else { return value }
    // HL7 v2.5 §2.A.77: a time stamp has no punctuation.
    if Self.times.contains(text) {
      return .string("{{now('yyyyMMddHHmmss')}}" + (dialect == .hl7 ? "+0000" : ""))
    }
    if place.subcomponent != nil { return .string(literal(text)) }
    let standard = dialect.standard
    if place.component != nil {
      return parts(text, standard.subcomponent) { .string(literal($0)) } ?? .string(literal(text))
    }
    let repetitions = Self.split(text, at: standard.repetition).map { repetition in
      parts(repetition, standard.component) { component in
        parts(component, standard.subcomponent) { .string(literal($0)) }
          ?? .string(literal(component))
      } ?? parts(repetition, standard.subcomponent) { .string(literal($0)) }.map { ["1": $0] }
        ?? .string(literal(repetition))
    }
    // An array replaces what a reply holds already; an object would be merged into it.
    if repetitions.count == 1, case .string? = repetitions.first { return repetitions[0] }
    return .array(repetitions)
  }

  private static let times: Set<String> = [
    "{{now}}", "{{timestamp}}", "{{ now }}", "{{ timestamp }}",
  ]

  /// The parts of a text by their numbers; nil where there is but one.
  private func parts(_ text: String, _ separator: UInt8?, _ value: (String) -> Value) -> Value? {
    let pieces = Self.split(text, at: separator)
    guard pieces.count > 1 else { return nil }
    return HL7Node.numbered(pieces.count) { position in
      if pieces[position].isEmpty { return Value?.none }
      return value(pieces[position])
    }
  }

  /// Splits a text outside of its placeholders.
  private static func split(_ text: String, at separator: UInt8?) -> [String] {
    guard let separator else { return [text] }
    let sign = Character(UnicodeScalar(separator))
    var pieces = [""]
    for (piece, isPlaceholder) in placeholders(in: text) {
      if isPlaceholder {
        pieces[pieces.count - 1] += piece
        continue
      }
      let parts = piece.split(separator: sign, omittingEmptySubsequences: false)
      pieces[pieces.count - 1] += parts.first ?? ""
      pieces += parts.dropFirst().map(String.init)
    }
    return pieces
  }

  /// A text with the escapes outside of its placeholders read.
  private func literal(_ text: String) -> String {
    if keepsEscapes { return text }
    let escapes = HL7Escapes(separators: dialect.standard, encoding: charset.fallback)
    return Self.placeholders(in: text).map { $0.isPlaceholder ? $0.text : escapes.decoded($0.text) }
      .joined()
  }

  private static func placeholders(in text: String) -> [(text: String, isPlaceholder: Bool)] {
    var pieces: [(text: String, isPlaceholder: Bool)] = []
    var rest = Array(text.utf8)[...]
    func take(_ count: Int, _ isPlaceholder: Bool) {
      guard count > 0 else { return }
      pieces.append((String(decoding: rest.prefix(count), as: UTF8.self), isPlaceholder))
      rest = rest.dropFirst(count)
    }
    func position(of mark: UInt8) -> Int? {
      var index = rest.startIndex
      while index + 1 < rest.endIndex {
        if rest[index] == mark, rest[index + 1] == mark { return index - rest.startIndex }
        index += 1
      }
      return nil
    }
    while let start = position(of: UInt8(ascii: "{")) {
      take(start, false)
      guard let end = position(of: UInt8(ascii: "}")) else { break }
      take(end + 2, true)
    }
    take(rest.count, false)
    return pieces
  }
}
