internal import TrestleCore

/// Something in a record that has no inverse, with the path of the field that it is about.
struct RecordMistake {
  var path: [String]
  var message: String
  var hint: String?
}

/// Says where fields that take the rest end: before the fields behind them, whose size must be fixed.
struct RestResolver {
  private(set) var mistakes: [RecordMistake] = []

  /// What stands behind a field within the bytes that it may read.
  private struct Behind {
    /// How many bytes; nil where that differs.
    var size: Int?
    /// The first field of it whose size differs, or the first at all; nil where nothing follows.
    var name: String?

    static let nothing = Behind(size: 0, name: nil)
    static let nextItem = Behind(size: nil, name: "the next item")
  }

  /// Readies the fields of a message.
  static func resolve(_ fields: inout [RecordField]) -> [RecordMistake] {
    var resolver = RestResolver()
    resolver.resolve(&fields, .nothing, path: [])
    return resolver.mistakes
  }

  private mutating func resolve(
    _ fields: inout [RecordField], _ outer: Behind, path: [String]
  ) {
    var behind = outer
    var required = outer.size == nil ? nil : outer.name
    for index in fields.indices.reversed() {
      let field = fields[index]
      if !field.isOptional {
        required = field.name
      } else if let required {
        mistakes.append(
          RecordMistake(
            path: path + [field.name],
            message: "is optional, but \(required) follows, which is not",
            hint: "a message without it would be read wrongly: make \(required) optional too,"
              + " or say by a field before it whether it is there (if …)"))
      }
      resolve(&fields[index].kind, behind, path: path + [field.name])
      behind = Self.adding(field, to: behind)
    }
  }

  private static func adding(_ field: RecordField, to behind: Behind) -> Behind {
    guard behind.size != nil || behind.name == Behind.nextItem.name else { return behind }
    guard let size = field.fixedSize else { return Behind(size: nil, name: field.name) }
    guard size > 0 else { return behind }
    return Behind(size: behind.size.map { $0 + size }, name: behind.name ?? field.name)
  }

  private mutating func resolve(
    _ kind: inout RecordField.Kind, _ behind: Behind, path: [String]
  ) {
    switch kind {
    case .scalar(let codec):
      if codec.takesRest { reserve(behind, in: &kind, path: path) }
    case .group(var fields):
      resolve(&fields, behind, path: path)
      kind = .group(fields)
    case .choice(let on, var cases, var otherwise):
      for name in cases.keys.sorted() {
        guard var fields = cases[name] else { continue }
        resolve(&fields, behind, path: path)
        cases[name] = fields
      }
      if var fields = otherwise {
        resolve(&fields, behind, path: path)
        otherwise = fields
      }
      kind = .choice(on: on, cases: cases, otherwise: otherwise)
    case .list(var item, let count, let maximum):
      resolve(&item, .nextItem, path: path)
      kind = .list(item, count: count, maximum: maximum)
      if case .untilEnd = count { reserve(behind, in: &kind, path: path) }
    case .within(let extent, var inner):
      resolve(&inner, .nothing, path: path)
      kind = .within(extent, inner)
      if case .known(.rest, _) = extent { reserve(behind, in: &kind, path: path) }
    }
  }

  /// Leaves the bytes behind a field to those that they belong to.
  private mutating func reserve(
    _ behind: Behind, in kind: inout RecordField.Kind, path: [String]
  ) {
    guard let size = behind.size else {
      mistakes.append(
        RecordMistake(
          path: path,
          message: "takes all that is left, but \(behind.name ?? "more") follows, which is not"
            + " always of one size",
          hint: "give it a size: a number, a length (u16, ll), a delimiter (to \";\"), or a field"
            + " before it that holds the size"))
      return
    }
    if size > 0 { kind = .within(.reserving(size), kind) }
  }
}

extension RecordField {
  /// How many bytes the field always has; nil where that differs.
  var fixedSize: Int? {
    condition == nil && !isOptional ? kind.fixedSize : nil
  }

  /// How many bytes fields have together; nil where that differs.
  static func fixedSize(of fields: [RecordField]) -> Int? {
    fields.reduce(0 as Int?) { sum, field in
      guard let sum, let size = field.fixedSize else { return nil }
      return sum.addingReportingOverflow(size).overflow ? nil : sum + size
    }
  }
}

extension RecordField.Kind {
  /// How many bytes the field always has; nil where that differs.
  fileprivate var fixedSize: Int? {
    switch self {
    case .scalar(let codec):
      // Bits count with the first field of the bytes that they share.
      if let shared = codec.shared { return shared.isFirst ? shared.count : 0 }
      return codec.fixedSize
    case .group(let fields): return RecordField.fixedSize(of: fields)
    case .list(let item, .fixed(let count), _):
      guard let size = item.fixedSize else { return nil }
      let (total, isOver) = size.multipliedReportingOverflow(by: count)
      return isOver ? nil : total
    case .choice(_, let cases, let otherwise):
      let sizes = Set(
        (Array(cases.values) + [otherwise].compactMap(\.self)).map(RecordField.fixedSize))
      return sizes.count == 1 ? sizes.first ?? nil : nil
    case .within(.known(let extent, _), _): return extent.fixedSize
    case .list, .within: return nil
    }
  }
}
