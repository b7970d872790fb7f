internal import TrestleCore

/// Data elements by their numbers and names.
struct DataElementTable: Sendable {
  /// An element that is passed on without being copied.
  final class Entry: Sendable {
    let element: DataElement

    init(_ element: DataElement) { self.element = element }
  }

  /// By number; none has the number 0.
  private let entries: [Entry?]
  /// In the order of their numbers.
  let ordered: [Entry]
  /// The number of a field by its name or number; 0 where the name is of something else.
  private let numbers: [String: Int]
  private let reserved: [String]

  /// What messages call the elements.
  var keys: [String] { ordered.map(\.element.key) }

  /// Makes a table; `reserved` are the members of messages that are no elements.
  init(_ elements: [DataElement], besides reserved: [String]) {
    let last = elements.map(\.number).max() ?? 0
    var entries = [Entry?](repeating: nil, count: last + 1)
    var numbers = Dictionary(reserved.map { ($0, 0) }, uniquingKeysWith: { $1 })
    for element in elements {
      entries[element.number] = Entry(element)
      numbers[String(element.number)] = element.number
      numbers[element.key] = element.number
    }
    self.entries = entries
    ordered = entries.compactMap { $0 }
    self.numbers = numbers
    self.reserved = reserved
  }

  subscript(number: Int) -> Entry? {
    entries.indices.contains(number) ? entries[number] : nil
  }

  /// The element of a name or number.
  subscript(field: String) -> DataElement? { numbers[field].flatMap { self[$0]?.element } }

  /// The elements that a record gives values to, by name or number, in the order of their numbers;
  /// null gives none.
  ///
  /// - Throws: `CodecError` for a member that is no element, and for one that comes under both.
  func values(in record: Record) throws(CodecError) -> [(number: Int, value: Value)] {
    var values: [(number: Int, value: Value)] = []
    values.reserveCapacity(record.count)
    var isInOrder = true
    for member in record.members {
      guard let number = numbers[member.name] else { throw unknown(member.name) }
      if number == 0 || member.value.isNull { continue }
      if let last = values.last, last.number >= number { isInOrder = false }
      values.append((number, member.value))
    }
    guard !isInOrder else { return values }
    values.sort { $0.number < $1.number }
    for (left, right) in zip(values, values.dropFirst()) where left.number == right.number {
      throw CodecError(
        path: self[left.number]?.element.key ?? "",
        reason: "is given twice, by its name and by its number \(left.number)")
    }
    return values
  }

  private func unknown(_ name: String) -> CodecError {
    let known = reserved + ordered.map(\.element.key)
    return CodecError(
      path: name,
      reason: "is no field of the layout" + Suggestion.clause(for: name, among: known),
      hint: "declare it under fields")
  }

  /// The members of an object that holds the elements.
  var members: [ObjectSchema.Member] {
    ordered.map { entry in
      ObjectSchema.Member(
        name: entry.element.key, schema: entry.element.schema, isRequired: false,
        isSampled: entry.element.isDeclared)
    }
  }
}

extension DataElement {
  /// What the element may hold, for the contract.
  var schema: Schema {
    let notes = [title, isMasked ? Schema.secretMark : nil].compactMap { $0 }
    let summary = notes.isEmpty ? nil : notes.joined(separator: "; ")
    if let inner {
      var schema = inner.schema ?? .any
      schema.summary = summary
      return schema
    }
    var facets = Facets()
    let isHexadecimal = kind == .binary && unit == .bytes
    let longest = isHexadecimal ? maximum : characters(of: maximum) + signSize
    if prefix == nil, pad == nil { facets.minimumLength = longest }
    facets.maximumLength = longest
    switch kind {
    case .digits: facets.patterns = [#"\d*"#]
    case .amount: facets.patterns = [#"[CD0-9 +\-]\d*"#]
    case .binary where !isHexadecimal: facets.patterns = ["[0-9A-Fa-f]*"]
    case .track:
      if case .packed = coding { facets.patterns = ["[0-9:;<=>?A-Fa-f]*"] }
    case .binary, .text: break
    }
    let scalar = ScalarSchema(
      kind: isHexadecimal ? .hex : .string, form: .string, typeName: type, facets: facets)
    return Schema(.scalar(scalar), summary: summary)
  }

  /// How many characters of text so many units are.
  private func characters(of count: Int) -> Int {
    switch coding {
    case .characters: unit == .halves ? count / 2 : count
    case .packed, .raw, .hexadecimal: unit == .halves ? count : count * 2
    }
  }
}
