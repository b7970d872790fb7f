/// A declared type.
package indirect enum XMLRPCType: Sendable, Hashable {
  case int, i4, i8, boolean, string, double, dateTime, base64, `nil`
  /// Whatever the value at hand is.
  case any
  case array(XMLRPCType)
  /// A struct whose members are not declared.
  case record
  case structure(XMLRPCStructure)
}

/// A struct with declared members.
package struct XMLRPCStructure: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    package let name: String
    package let type: XMLRPCType
    package let isOptional: Bool
    /// `<member><name>…</name>`, built when the declaration was read.
    let head: [UInt8]
    /// The same with `<value><int>`, where the type is a scalar that every dialect spells alike.
    let scalarHead: [UInt8]?

    package init(name: String, type: XMLRPCType, isOptional: Bool = false) {
      self.name = name
      self.type = type
      self.isOptional = isOptional
      head = XMLRPCSegments.memberHead(name)
      scalarHead = XMLRPCSegments.scalarOpen(type).map { [head] in head + $0 }
    }
  }

  /// In wire order. Names are unique.
  package let members: [Member]

  package init(members: [Member]) { self.members = members }

  func member(named name: String) -> Member? { members.first { $0.name == name } }
}

extension XMLRPCType {
  /// The scalar types by the words that declarations use.
  static let scalars: [String: XMLRPCType] = [
    "int": .int, "i4": .i4, "i8": .i8, "boolean": .boolean, "string": .string, "double": .double,
    "dateTime": .dateTime, "dateTime.iso8601": .dateTime, "base64": .base64, "nil": .nil,
    "any": .any,
  ]

  /// The type's name on the wire, as `system.methodSignature` gives it; `undefined` stands for any
  /// type, as PHP's library has it.
  var wireName: String {
    switch self {
    case .int: "int"
    case .i4: "i4"
    case .i8: "i8"
    case .boolean: "boolean"
    case .string: "string"
    case .double: "double"
    case .dateTime: "dateTime.iso8601"
    case .base64: "base64"
    case .nil: "nil"
    case .any: "undefined"
    case .array: "array"
    case .record, .structure: "struct"
    }
  }

  /// The type in the notation of declarations: `struct{label: string, size: i4?}`, `[string]`.
  var notation: String {
    switch self {
    case .any: "any"
    case .dateTime: "dateTime"
    case .array(let item): "[\(item.notation)]"
    case .structure(let structure):
      "struct{"
        + structure.members.map { "\($0.name): \($0.type.notation)\($0.isOptional ? "?" : "")" }
        .joined(separator: ", ") + "}"
    default: wireName
    }
  }
}
