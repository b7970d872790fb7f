internal import TrestleCore

/// What `request` or `reply` says of its message: `set`, and what may stand beside it for short.
///
/// `mti` is the constant message type of ISO 8583. `copy` names fields that are taken over: in a
/// request from parameters of the same names, in a reply from the request.
struct MessageSection {
  /// All of it as one template, with fields under the keys that messages have; nil where nothing is said.
  private(set) var template: Value?
  /// The message type.
  private(set) var type: String?

  /// The scopes that `copy` takes fields from.
  enum Source: String {
    case parameters = "request"
    case request = "message"
  }

  init(
    _ keys: inout KeyReader?, copiesFrom source: Source, layout: any MessageLayout,
    problems: inout [ValueProblem]
  ) {
    let path = keys?.path ?? ValuePath()
    let set = keys?.value("set")
    type = keys?.text("mti", problems: &problems)
    let copied = keys?.value("copy")
    let given = set.map { layout.keyed($0) }
    if let fields = set?.objectValue, given?.objectValue?.count != fields.count {
      problems.error(
        "names a field twice, by its name and by its number", at: path.member("set"))
    }
    guard type != nil || copied != nil else {
      template = given
      return
    }
    guard case .object(let fields) = given ?? .emptyObject else {
      template = given
      problems.error(
        "stands beside a set of fields alone", at: path.member(type == nil ? "copy" : "mti"))
      return
    }
    var record = Record()
    if let type {
      record[ISO8583Layout.typeKey] = .string(type)
      if !(layout is ISO8583Layout) {
        problems.error(
          "only messages of layout.iso8583 have a message type", at: path.member("mti"))
      }
    }
    let items: [Value] = copied.map { $0.arrayValue ?? [$0] } ?? []
    for (position, item) in items.enumerated() {
      guard let field = item.scalarText, item.boolValue == nil, !field.isEmpty else {
        problems.error(
          "expects fields, like [2, 3, terminal], found \(item)",
          at: path.member("copy").item(position))
        continue
      }
      let key = layout.key(of: field)
      record[key] = .string("{{\(source.rawValue).\(key)}}")
    }
    for member in fields {
      if record[member.name] != nil {
        problems.error(
          "\(member.name) is said twice, in set and beside it",
          at: path.member("set").member(member.name))
      }
      record[member.name] = member.value
    }
    template = .object(record)
  }
}

extension MessageLayout {
  /// A template with its fields under the keys that messages have, and constants as they are read back.
  func keyed(_ value: Value) -> Value {
    guard case .object(let record) = value else { return value }
    var keyed = Record()
    for member in record {
      let key = key(of: member.name)
      if let inner = layout(within: key) {
        keyed[key] = inner.keyed(member.value)
      } else if member.value.scalarText?.contains("{{") ?? true {
        keyed[key] = member.value
      } else {
        keyed[key] = filled(member.value, of: key)
      }
    }
    return .object(keyed)
  }

  /// A path with the keys that messages have.
  func keyed(_ path: ValuePath) -> ValuePath {
    var keyed = ValuePath()
    var layout: (any MessageLayout)? = self
    for step in path.steps {
      guard case .member(let name) = step else {
        keyed.steps.append(step)
        continue
      }
      let key = layout?.key(of: name) ?? name
      keyed = keyed.member(key)
      layout = layout?.layout(within: key)
    }
    return keyed
  }

  /// The type of replies to a request, where that is always the same.
  func answeringType(to request: RequestPattern?) -> String? {
    let path = ValuePath([.member(ISO8583Layout.typeKey)])
    guard let constant = request?.constants.first(where: { $0.path == path }) else { return nil }
    return answer(to: [ISO8583Layout.typeKey: constant.value], generators: .system)[
      ISO8583Layout.typeKey]?.stringValue
  }

  /// Compiles an expression over the fields of a message; a number alone is the field of that number.
  func expression(
    _ text: String, at path: ValuePath, problems: inout [ValueProblem]
  ) -> Expression? {
    let written = text.trimmed
    if let place = ValuePath(numbered: written), let expression = Expression(path: keyed(place)) {
      return expression
    }
    return Expression.compile(written, at: path, problems: &problems)?.relocated(place)
  }
}

extension ValuePath {
  /// Reads `39` or `48.2`, which an expression takes for numbers; nil for anything else.
  init?(numbered text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty, first.allSatisfy(\.isNumber),
      parts.allSatisfy({ !$0.isEmpty })
    else { return nil }
    self.init(parts.map { .member(String($0)) })
  }
}
