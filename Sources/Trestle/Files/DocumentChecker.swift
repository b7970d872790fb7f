package import TrestleCore

/// Holds a file's data, or a request's, against the table of keys it may have.
package struct DocumentChecker {
  package private(set) var problems: [ValueProblem] = []
  /// What messages call the whole.
  private let whole: String

  package init(of whole: String = "the file") { self.whole = whole }

  /// Checks an object. With `allowsOthers`, keys outside the table may stand.
  package mutating func check(
    _ record: Record, keys: [AdapterKey], at path: ValuePath = ValuePath(),
    allowsOthers: Bool = false
  ) {
    for member in record {
      let place = path.member(member.name)
      guard let key = keys.first(where: { $0.name == member.name }) else {
        if !allowsOthers { refuse(member.name, among: keys.map(\.name), at: place) }
        continue
      }
      check(member.value, key.kind, at: place)
    }
    for key in keys where key.isRequired && record[key.name] == nil {
      problems.append(
        ValueProblem(
          .error, "\(path.isEmpty ? whole : "\(path)") lacks \"\(key.name)\"", at: path,
          hint: key.summary))
    }
  }

  private mutating func refuse(_ name: String, among known: [String], at path: ValuePath) {
    var hint: String? = "known here: \(known.joined(separator: ", "))"
    if name == "true" || name == "on" {
      hint = "YAML 1.1 readers take on: for a truth value, so no key here is called so"
    }
    problems.append(
      ValueProblem(
        .error, "unknown key \"\(name)\"" + Suggestion.clause(for: name, among: known), at: path,
        hint: Suggestion.nearest(to: name, among: known) == nil ? hint : nil, concernsName: true))
  }

  private mutating func check(_ value: Value, _ kind: AdapterKey.Kind, at path: ValuePath) {
    guard !Self.fits(value, kind) else { return descend(value, kind, at: path) }
    var hint: String?
    if case .flag = kind, let word = value.stringValue?.lowercased(),
      ["yes", "no", "on", "off"].contains(word)
    {
      hint = "YAML 1.2 knows only true and false"
    }
    let found =
      value.isNull
      ? "nothing" : value.scalarText.map { "\(value.kindName) \"\($0)\"" } ?? value.kindName
    var near = ""
    if case .oneOf(let words) = kind, let text = value.stringValue {
      near = Suggestion.clause(for: text, among: words)
    }
    problems.append(
      ValueProblem(
        .error, "\(path) expects \(kind.noun), found \(found)\(near)", at: path, hint: hint))
  }

  private mutating func descend(_ value: Value, _ kind: AdapterKey.Kind, at path: ValuePath) {
    switch (kind, value) {
    case (.list(let item), .array(let items)):
      for (position, value) in items.enumerated() { check(value, item, at: path.item(position)) }
    case (.map(let item), .object(let record)):
      for member in record { check(member.value, item, at: path.member(member.name)) }
    case (.object(let keys), .object(let record)): check(record, keys: keys, at: path)
    case (.either(let kinds), _):
      if let kind = kinds.first(where: { Self.fits(value, $0) }) { descend(value, kind, at: path) }
    default: break
    }
  }

  /// Whether a value is of a kind, its members aside.
  private static func fits(_ value: Value, _ kind: AdapterKey.Kind) -> Bool {
    switch kind {
    // A name with nothing behind it is how YAML writes an empty part.
    case _ where value.isNull: kind.isContainer
    case .anything: true
    case .text: !value.isNull && value.scalarText != nil
    case .flag: value.boolValue != nil
    case .integer(let range):
      // `${env:PORT}` gives a text.
      (value.integerValue ?? value.stringValue.flatMap { Int64($0) }).map(range.contains) ?? false
    case .duration: value.scalarText.flatMap { Duration(written: $0) } != nil
    case .oneOf(let words): value.stringValue.map(words.contains) ?? false
    case .list: value.arrayValue != nil
    case .map, .object: value.objectValue != nil
    case .either(let kinds): kinds.contains { fits(value, $0) }
    }
  }
}

extension AdapterKey.Kind {
  fileprivate var isContainer: Bool {
    switch self {
    case .anything, .list, .map, .object: true
    case .either(let kinds): kinds.contains(where: \.isContainer)
    default: false
    }
  }

  /// What a value should be, with its article.
  var noun: String {
    switch self {
    case .anything: "a value"
    case .text: "a text"
    case .flag: "true or false"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .duration: "a duration like 500ms, 5s or 2m"
    case .oneOf(let words): words.joined(separator: " or ")
    case .list: "a list"
    case .map, .object: "an object"
    case .either(let kinds): kinds.map(\.noun).joined(separator: ", or ")
    }
  }
}
