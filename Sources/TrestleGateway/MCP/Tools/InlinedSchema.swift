internal import Trestle

/// A JSON Schema in one piece, as clients of tools need it: several strip `$defs`, and some fail on `$ref`.
///
/// Types that hold themselves are unrolled a few levels deep; beyond, a note says where to read on. A schema
/// that would grow too large all the same is cut earlier.
struct InlinedSchema {
  /// What a schema is for.
  enum Use {
    /// Arguments: everything that is required of them is said.
    case arguments
    /// Results: what they are made of. Legacy systems break their own contracts, and clients throw a result away
    /// that breaks its schema: so the rules that values break first (facets, required members) are not part of it.
    case results
  }

  private static let greatestSize = 16 << 10
  private static let greatestCount = 4000
  /// How deep a type that holds itself is unrolled, and how deep others.
  private static let depths = [(4, 12), (3, 8), (2, 5), (1, 3), (1, 1)]

  private let definitions: Record
  private let use: Use
  private let note: String
  private let depth: (recursive: Int, other: Int)
  private var count = 0
  private var isCut = false

  private init(
    _ definitions: Record, _ use: Use, note: String, depth: (recursive: Int, other: Int)
  ) {
    self.definitions = definitions
    self.use = use
    self.note = note
    self.depth = depth
  }

  /// The schema without references. `note` says where the rest of what was cut is told.
  static func record(of schema: Value, for use: Use, note: String) -> Record {
    let root = schema.objectValue ?? [:]
    let definitions = root["$defs"]?.objectValue ?? [:]
    var smallest = Record()
    for depth in depths {
      var inliner = InlinedSchema(definitions, use, note: note, depth: depth)
      let record = inliner.inlined(root, below: [])
      smallest = record
      let isSmall = JSONWriter.bytes(.object(record)).count <= greatestSize
      if isSmall, inliner.count <= greatestCount { return record }
    }
    return smallest
  }

  private mutating func inlined(_ schema: Record, below trail: [String]) -> Record {
    count += 1
    if let reference = schema["$ref"]?.stringValue {
      let name = String(reference.split(separator: "/").last ?? "")
      let target = definitions[name]?.objectValue ?? [:]
      let isOpen =
        trail.contains(name) ? trail.count < depth.recursive : trail.count < depth.other
      var record: Record
      if isOpen, count <= Self.greatestCount {
        record = inlined(target, below: trail + [name])
      } else {
        record = [:]
        if case .string(let type)? = target["type"] { record["type"] = .string(type) }
        record["description"] = .string("\(name), cut here: \(note)")
        return record
      }
      if let description = schema["description"] { record["description"] = description }
      return record
    }
    var record = Record()
    for member in schema { take(member, of: schema, into: &record, trail) }
    if let type = Self.told(schema["x-trestle-type"]?.stringValue), record["enum"] == nil {
      let description = record["description"]?.stringValue
      record["description"] = .string(description.map { "\($0) (\(type))" } ?? type)
    }
    if use == .results, ["xs:float", "xs:double", "double"].contains(schema["x-trestle-type"]),
      record["type"] == "number"
    {
      // NaN and the infinities are texts in JSON.
      record["type"] = ["number", "string"]
    }
    return record
  }

  private mutating func take(
    _ member: Record.Member, of schema: Record, into record: inout Record, _ trail: [String]
  ) {
    switch member.name {
    case "$schema", "$defs", "title", "x-trestle-type", "x-trestle-choice": break
    case "properties":
      var properties = Record()
      for property in member.value.objectValue ?? [:] {
        var value = inlined(property.value.objectValue ?? [:], below: trail)
        if property.name == "_type", let const = property.value["const"] {
          value["const"] = nil
          value["type"] = "string"
          value["enum"] = [const]
        }
        properties[property.name] = .object(value)
      }
      record["properties"] = .object(properties)
    case "items": record["items"] = .object(inlined(member.value.objectValue ?? [:], below: trail))
    case "anyOf":
      record["anyOf"] = .array(
        (member.value.arrayValue ?? []).map {
          .object(inlined($0.objectValue ?? [:], below: trail))
        })
    case "type", "description": record[member.name] = member.value
    case "pattern":
      // Not every validator's regular expressions know classes of characters by their Unicode names.
      let text = member.value.stringValue ?? ""
      if use == .arguments, !text.contains(#"\p"#), !text.contains(#"\P"#) {
        record["pattern"] = member.value
      }
    case "allOf":
      // Several patterns at once; the validator holds them all the same.
      break
    case "const":
      if use == .arguments { record["enum"] = [member.value] }
    default:
      if use == .arguments { record[member.name] = member.value }
    }
  }

  /// What a type is called, where JSON's own word for it says less.
  private static func told(_ type: String?) -> String? {
    guard let type,
      !["xs:string", "string", "xs:boolean", "boolean", "int", "xs:int"].contains(type)
    else { return nil }
    return type
  }
}
