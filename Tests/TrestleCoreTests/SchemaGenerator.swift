@testable import TrestleCore

/// Makes random schemas from a seed, the same ones every time.
struct SchemaGenerator {
  private var state: UInt64
  private var names = 0
  private let boxes = (0..<3).map { SchemaBox("Type\($0)") }

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A schema of any shape whose recursive types, if any, can end.
  mutating func schema() -> Schema {
    for box in boxes { box.set(object(depth: 3, mayRecurse: true)) }
    return object(depth: 0, mayRecurse: true)
  }

  private mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  private mutating func pick<Element>(_ items: [Element]) -> Element { items[next(items.count)] }

  private mutating func any(depth: Int, isRequired: Bool) -> Schema {
    var schema: Schema
    switch next(depth > 4 ? 6 : 10) {
    case 6: schema = array(depth: depth + 1)
    case 7: schema = object(depth: depth + 1, mayRecurse: !isRequired)
    case 8 where !isRequired: schema = pick(boxes).reference
    default: schema = Schema(.scalar(scalar()))
    }
    if next(8) == 0 { schema.isNullable = true }
    return schema
  }

  private mutating func array(depth: Int) -> Schema {
    let minimum = next(3)
    let item = any(depth: depth, isRequired: minimum > 0)
    let maximum = next(2) == 0 ? nil : minimum + next(3)
    return Schema(.array(ArraySchema(item: item, minimumCount: minimum, maximumCount: maximum)))
  }

  private mutating func object(depth: Int, mayRecurse: Bool) -> Schema {
    var members: [ObjectSchema.Member] = []
    for _ in 0..<next(6) {
      let isRequired = next(2) == 0
      members.append(member(depth: depth, isRequired: isRequired))
    }
    var object = ObjectSchema(members: members)
    if next(3) == 0 {
      var alternatives: [[String]] = []
      for _ in 0..<(2 + next(2)) {
        let own = (0..<(1 + next(2))).map { _ in member(depth: depth, isRequired: false) }
        object.members += own
        alternatives.append(own.map(\.name))
      }
      // The last alternative always ends.
      names += 1
      object.members.append(
        .init(name: "end\(names)", schema: Schema(.scalar(scalar())), isRequired: false))
      alternatives.append(["end\(names)"])
      object.choices = [.init(alternatives: alternatives, isRequired: next(2) == 0)]
    }
    if next(6) == 0, depth < 4 {
      object.isAbstract = next(2) == 0
      object.typeName = "Base"
      var concrete = ObjectSchema(members: object.members, choices: object.choices)
      concrete.members.append(member(depth: depth + 2, isRequired: false))
      object.variants = [.init(name: "Derived", schema: Schema(.object(concrete)))]
    }
    object.isOpen = next(8) == 0
    return Schema(.object(object))
  }

  private mutating func member(depth: Int, isRequired: Bool) -> ObjectSchema.Member {
    names += 1
    return .init(
      name: pick(["sku", "_id", "date", "größe", "total", "x"]) + String(names),
      schema: any(depth: depth + 1, isRequired: isRequired), isRequired: isRequired)
  }

  private mutating func scalar() -> ScalarSchema {
    let kinds: [ScalarSchema.Kind] = [
      .string, .string, .string, .boolean, .integer, .integer, .decimal, .decimal, .float, .double,
      .base64, .hex, .dateTime, .date, .time, .duration, .gYear, .gYearMonth, .gMonth, .gMonthDay,
      .gDay, .uri, .qualifiedName,
    ]
    let kind = pick(kinds)
    var facets = Facets()
    var form = ScalarSchema.JSONForm.string
    switch kind {
    case .string:
      switch next(6) {
      case 0: facets.maximumLength = 1 + next(5)
      case 1: facets.length = 1 + next(12)
      case 2: facets.minimumLength = 3 + next(20)
      case 3: facets.enumeration = ["red", "green", "light blue"]
      case 4:
        facets.patterns = [
          pick([
            "[A-Z]{3}", #"\d{5}(-\d{4})?"#, "[a-z-[aeiou]]{2,4}", #"(19|20)\d\d"#, #"\p{Lu}\w*"#,
            "[^a]b?", "x|y|zz", #"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"#, #"\i\c*"#,
          ])
        ]
        if next(3) == 0 { facets.maximumLength = 34 }
      default: break
      }
    case .boolean: form = .boolean
    case .integer:
      form = next(2) == 0 ? .number : .string
      addBounds(to: &facets, scale: "")
    case .decimal:
      if next(2) == 0 { facets.fractionDigits = 2 }
      addBounds(to: &facets, scale: ".25")
    case .float, .double: form = .number
    case .base64, .hex: if next(2) == 0 { facets.length = 1 + next(9) }
    default: break
    }
    return ScalarSchema(kind: kind, form: form, typeName: "xs:\(kind.rawValue)", facets: facets)
  }

  private mutating func addBounds(to facets: inout Facets, scale: String) {
    switch next(5) {
    case 0: facets.minimum = "\(next(1000))" + scale
    case 1: facets.maximum = "-\(next(1000) + 1)" + scale
    case 2: facets.exclusiveMinimum = "\(next(1000))" + scale
    case 3:
      let low = next(1000)
      facets.exclusiveMinimum = "\(low)"
      facets.maximum = "\(low + 1 + next(3))"
    default: break
    }
  }
}
