internal import TrestleCore

/// What a field holds, as it is written: escapes and all.
indirect enum HL7Node: Sendable, Hashable {
  case text(String)
  case subcomponents([String])
  /// Each a text or subcomponents; always several, as all lists here.
  case components([HL7Node])
  case repetitions([HL7Node])

  static let empty = HL7Node.text("")

  // MARK: The way down

  func repetition(_ position: Int) -> HL7Node? {
    if case .repetitions(let nodes) = self {
      return nodes.indices.contains(position) ? nodes[position] : nil
    }
    return position == 0 ? self : nil
  }

  /// A component by its number, from 1: a field without any is its own first one.
  func component(_ number: Int) -> HL7Node? {
    switch self {
    case .components(let nodes): nodes.indices.contains(number - 1) ? nodes[number - 1] : nil
    case .repetitions(let nodes): nodes.first?.component(number)
    case .text, .subcomponents: number == 1 ? self : nil
    }
  }

  func subcomponent(_ number: Int) -> HL7Node? {
    switch self {
    case .subcomponents(let texts):
      texts.indices.contains(number - 1) ? .text(texts[number - 1]) : nil
    case .text: number == 1 ? self : nil
    case .components(let nodes), .repetitions(let nodes): nodes.first?.subcomponent(number)
    }
  }

  // MARK: Text

  /// The whole as it is written.
  func written(_ separators: HL7Separators) -> String {
    switch self {
    case .text(let text): text
    case .subcomponents(let texts): Self.joined(texts, separators.subcomponent)
    case .components(let nodes):
      Self.joined(nodes.map { $0.written(separators) }, separators.component)
    case .repetitions(let nodes):
      Self.joined(nodes.map { $0.written(separators) }, separators.repetition)
    }
  }

  private static func joined(_ texts: [String], _ separator: UInt8?) -> String {
    texts.joined(separator: separator.map { String(UnicodeScalar($0)) } ?? "")
  }

  // MARK: Value

  /// The value that people see: a text, an object of what is not empty by its numbers, an array of
  /// repetitions. The last of several is there even if it is empty, so that nothing gets lost.
  func value(_ text: (String) -> String) -> Value {
    switch self {
    case .text(let written): .string(text(written))
    case .subcomponents: ["1": componentValue(text)]
    case .components(let nodes):
      Self.numbered(nodes.count) { position in
        if nodes[position] == .empty { return Value?.none }
        return nodes[position].componentValue(text)
      }
    case .repetitions(let nodes): .array(nodes.map { $0.value(text) })
    }
  }

  /// The value of a component.
  func componentValue(_ text: (String) -> String) -> Value {
    switch self {
    case .subcomponents(let texts):
      Self.numbered(texts.count) { position in
        if texts[position].isEmpty { return Value?.none }
        return .string(text(texts[position]))
      }
    default: value(text)
    }
  }

  static func numbered(_ count: Int, _ value: (Int) -> Value?) -> Value {
    var record = Record()
    for position in 0..<count {
      if let value = value(position) {
        record.append(unique: String(position + 1), value)
      } else if position == count - 1 {
        record.append(unique: String(count), "")
      }
    }
    return .object(record)
  }
}

/// A segment: its name and its fields, from field 1.
struct HL7Segment: Sendable, Hashable {
  var name: String
  var fields: [HL7Node]

  /// The whole of a field by its number; nil where the segment ends before it.
  func field(_ number: Int) -> HL7Node? {
    fields.indices.contains(number - 1) ? fields[number - 1] : nil
  }
}
