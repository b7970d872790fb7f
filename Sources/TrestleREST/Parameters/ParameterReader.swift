internal import TrestleCore

/// Reads parameters as their styles say; what does not fit a style is taken as the text it is, for the
/// schema to refuse.
struct ParameterReader {
  /// The pairs of the query.
  let query: [QueryText.Pair]
  let headers: Headers
  private let cookies: [QueryText.Pair]

  init(query: Substring, headers: Headers) {
    self.query = query.isEmpty ? [] : QueryText.pairs(query)
    self.headers = headers
    cookies =
      headers.fields.filter { $0.name.isEqualIgnoringCase("cookie") }
      .flatMap { $0.value.split(separator: ";") }
      .map { part in
        let part = part.trimmingBlanks
        let equals = part.firstIndex(of: "=")
        let value = equals.map { part[part.index(after: $0)...] } ?? ""
        let text =
          value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1
          ? value.dropFirst().dropLast() : value
        return QueryText.Pair(
          name: String(part[..<(equals ?? part.endIndex)]), value: PercentEncoding.decoded(text),
          encoded: text)
      }
  }

  /// A parameter outside of the path; nil where it is not there. `others` are the names of the other parameters there.
  func value(of parameter: RESTParameter, besides others: Set<String>) -> Value? {
    switch parameter.location {
    case .path: nil
    case .query: value(in: query, of: parameter, besides: others)
    case .cookie: value(in: cookies, of: parameter, besides: others)
    case .header: header(parameter)
    }
  }

  private func header(_ parameter: RESTParameter) -> Value? {
    let fields = headers.fields.filter { $0.name.isEqualIgnoringCase(parameter.name) }
    guard !fields.isEmpty else { return nil }
    let text = fields.map(\.value).joined(separator: ",")
    return Self.header(text, parameter)
  }

  /// What a header field's value means.
  static func header(_ text: String, _ parameter: RESTParameter) -> Value {
    if let value = content(text, parameter) { return value }
    if parameter.isArray {
      return array(
        text.split(separator: ",").map { String($0.trimmingBlanks) }, parameter.schema)
    }
    if parameter.isObject {
      let parts = text.split(separator: ",").map { String($0.trimmingBlanks) }
      return object(parts, equals: parameter.style.explodes, parameter.schema)
    }
    return TextTyping.value(text, as: parameter.schema)
  }

  /// What the text of a path's parameter, decoded, means.
  static func path(_ text: String, _ parameter: RESTParameter) -> Value {
    if let value = content(text, parameter) { return value }
    var text = text[...]
    let style = parameter.style
    var separator: Character = ","
    switch style.kind {
    case .label:
      if text.first == "." { text.removeFirst() }
      if style.explodes { separator = "." }
    case .matrix:
      if text.first == ";" { text.removeFirst() }
      if style.explodes, parameter.isArray || parameter.isObject {
        let parts = text.split(separator: ";").map(String.init)
        guard parameter.isArray else { return object(parts, equals: true, parameter.schema) }
        let prefix = parameter.name + "="
        return array(
          parts.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 },
          parameter.schema)
      }
      if text.hasPrefix(parameter.name + "=") { text = text.dropFirst(parameter.name.count + 1) }
    default: break
    }
    let parts = {
      text.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
    if parameter.isArray { return array(parts(), parameter.schema) }
    if parameter.isObject { return object(parts(), equals: style.explodes, parameter.schema) }
    return TextTyping.value(String(text), as: parameter.schema)
  }

  private func value(
    in pairs: [QueryText.Pair], of parameter: RESTParameter, besides others: Set<String>
  ) -> Value? {
    let style = parameter.style
    if style.kind == .deepObject {
      return BracketedPairs.value(of: parameter.name, in: pairs, as: parameter.schema)
    }
    if parameter.isObject, style.explodes, parameter.content == nil {
      let known = Set(parameter.schema.propertyNames)
      let own = pairs.filter {
        known.contains($0.name) || (known.isEmpty && !others.contains($0.name))
      }
      guard !own.isEmpty else { return nil }
      var record = Record()
      for pair in own {
        record[pair.name] = TextTyping.value(pair.value, as: parameter.schema.property(pair.name))
      }
      return .object(record)
    }
    let own = pairs.filter { $0.name == parameter.name }
    guard let last = own.last else {
      // `ids[]=1&ids[]=2`: what many clients make of a list.
      return parameter.isArray
        ? BracketedPairs.value(of: parameter.name, in: pairs, as: parameter.schema) : nil
    }
    if let value = Self.content(last.value, parameter) { return value }
    if parameter.isArray {
      if own.count > 1 { return Self.array(own.map(\.value), parameter.schema) }
      if style.explodes { return Self.array([last.value], parameter.schema) }
      return Self.array(Self.parts(last, style), parameter.schema)
    }
    if parameter.isObject {
      return Self.object(Self.parts(last, style), equals: false, parameter.schema)
    }
    return TextTyping.value(last.value, as: parameter.schema)
  }

  /// The items of a list in one value. An encoded comma belongs to an item, unless there is no other.
  private static func parts(_ pair: QueryText.Pair, _ style: ParameterStyle) -> [String] {
    guard !pair.value.isEmpty else { return [] }
    if style.separator == ",", pair.encoded.contains(",") {
      return pair.encoded.split(separator: ",", omittingEmptySubsequences: false)
        .map { QueryText.decoded($0) }
    }
    return pair.value.split(separator: style.separator, omittingEmptySubsequences: false)
      .map(String.init)
  }

  static func array(_ texts: [String], _ schema: JSONSchema) -> Value {
    let item = schema.item
    return .array(texts.map { TextTyping.value($0, as: item) })
  }

  /// `R,100,G,200`, or with `equals` `R=100,G=200`.
  private static func object(_ parts: [String], equals: Bool, _ schema: JSONSchema) -> Value {
    var record = Record()
    if equals {
      for part in parts {
        let place = part.firstIndex(of: "=") ?? part.endIndex
        let name = String(part[..<place])
        let text = place < part.endIndex ? String(part[part.index(after: place)...]) : ""
        record[name] = TextTyping.value(text, as: schema.property(name))
      }
    } else {
      for index in stride(from: 0, to: parts.count, by: 2) {
        let text = index + 1 < parts.count ? parts[index + 1] : ""
        record[parts[index]] = TextTyping.value(text, as: schema.property(parts[index]))
      }
    }
    return .object(record)
  }

  private static func content(_ text: String, _ parameter: RESTParameter) -> Value? {
    guard let content = parameter.content else { return nil }
    guard content.form == .json else { return .string(text) }
    return (try? JSONParser.parse(text)) ?? .string(text)
  }
}
