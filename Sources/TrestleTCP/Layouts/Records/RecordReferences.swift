internal import TrestleCore

/// Finds conditions on what is not known yet when the field is read, and fields that are computed of
/// what is not known yet when they are written.
struct RecordReferences {
  private(set) var mistakes: [RecordMistake] = []

  static func mistakes(in fields: [RecordField]) -> [RecordMistake] {
    var references = RecordReferences()
    references.check(fields, known: [], path: [])
    return references.mistakes
  }

  /// `known` are the fields before the record, of the records around it.
  private mutating func check(_ fields: [RecordField], known: Set<String>, path: [String]) {
    var known = known
    for (index, field) in fields.enumerated() {
      let place = path + [field.name]
      for name in Self.heads(of: field.condition) where !known.contains(name) {
        let isLater = fields[index...].contains { $0.name == name }
        mistakes.append(
          RecordMistake(
            path: place,
            message: isLater
              ? "depends on \(name), which is not read before it"
              : "depends on \"\(name)\", which is no field before it"
                + Suggestion.clause(for: name, among: known.sorted()),
            hint: isLater ? "put \(name) before it" : nil))
      }
      if case .computed(let expression) = field.source {
        check(expression, of: index, in: fields, at: place)
      }
      check(field.kind, known: known, path: place)
      known.insert(field.name)
    }
  }

  private mutating func check(
    _ kind: RecordField.Kind, known: Set<String>, path: [String]
  ) {
    switch kind {
    case .scalar: break
    case .group(let fields): check(fields, known: known, path: path)
    case .list(let item, _, _): check(item, known: known, path: path)
    case .within(_, let inner): check(inner, known: known, path: path)
    case .choice(_, let cases, let otherwise):
      for name in cases.keys.sorted() { check(cases[name] ?? [], known: known, path: path) }
      check(otherwise ?? [], known: known, path: path)
    }
  }

  /// A computed field may speak of fields behind it that callers give, but not of those that write
  /// themselves: these are not there yet.
  private mutating func check(
    _ expression: Expression, of index: Int, in fields: [RecordField], at place: [String]
  ) {
    for name in Self.heads(of: expression) {
      guard let other = fields[index...].first(where: { $0.name == name }) else { continue }
      switch other.source {
      case .caller, .generated, .measured, .filler: continue
      case .computed, .constant, .defaults, .count: break
      }
      let own = fields[index].name
      let way = Self.way(from: name, to: own, in: fields)
      mistakes.append(
        RecordMistake(
          path: place,
          message: way.map {
            "is computed of itself: \(([own] + $0).joined(separator: " → "))"
          } ?? "is computed of \(name), which writes itself behind it",
          hint: way == nil ? "put \(name) before it" : nil))
      return
    }
  }

  /// The computed fields that lead from one to another, the first and the last among them.
  private static func way(
    from first: String, to last: String, in fields: [RecordField]
  ) -> [String]? {
    var open = [[first]]
    var seen: Set<String> = [first]
    while let way = open.popLast(), let name = way.last {
      if name == last { return way }
      guard let field = fields.first(where: { $0.name == name }),
        case .computed(let expression) = field.source
      else { continue }
      for next in heads(of: expression) where seen.insert(next).inserted {
        open.append(way + [next])
      }
    }
    return nil
  }

  private static func heads(of expression: Expression?) -> [String] {
    (expression?.paths ?? []).compactMap { $0.names.first }
  }
}
