internal import TrestleCore
internal import TrestleXML

// Header blocks: SOAP 1.1 §4.2, SOAP 1.2 part 1 §5.2. In Trestle JSON the attributes that say who must
// do what with a block are members beside its own: `_mustUnderstand`, `_role` (`_actor` is taken too)
// and `_relay`.
extension SOAPCodec {
  /// The blocks by name: local names for those the contract declares, `{namespace}name` for others;
  /// an array where several have one name.
  func record(of headers: [HeaderBlock], declared: [ElementPlan]) -> Record {
    var members = MemberCollector()
    for header in headers {
      let isDeclared = declared.contains { $0.name == header.name }
      let name = "{\(header.name.namespace)}\(header.name.local)"
      members.collect(isDeclared ? header.name.local : name, header.valueWithAttributes)
    }
    return members.record
  }

  func write(
    _ headers: Record, declared: [ElementPlan], _ segments: EnvelopeSegments,
    _ writer: inout ElementWriter
  ) throws(CodecError) {
    writer.append(segments.header.open)
    for member in headers {
      let plan = declared.first {
        $0.name.local == member.name || $0.name.description == member.name
      }
      guard plan != nil || open != nil || member.name.hasPrefix("{") else {
        throw CodecError(
          path: "headers.\(member.name)",
          reason: "is not a header the contract declares"
            + Suggestion.clause(for: member.name, among: declared.map(\.name.local)),
          hint: "a header of nobody's contract is written {namespace}name")
      }
      // One block for each item; a block whose own type is a list is given whole.
      let items: [Value]
      if case .array(let blocks) = member.value, plan?.isList != true {
        items = blocks
      } else {
        items = [member.value]
      }
      for item in items {
        do throws(CodecError) {
          try write(item, named: member.name, plan, segments, &writer)
        } catch {
          throw error.inside("headers.\(member.name)")
        }
      }
    }
    writer.append(segments.header.close)
  }

  private func write(
    _ value: Value, named name: String, _ plan: ElementPlan?, _ segments: EnvelopeSegments,
    _ writer: inout ElementWriter
  ) throws(CodecError) {
    let (content, attributes) = try blockAttributes(of: value, plan, version: writer.version)
    if let plan {
      let style = plan.isEncoded ? segments.encodingStyle : []
      try writer.writeRoot(plan, content, attributes: attributes + style)
    } else {
      try writer.writeUntypedRoot(
        QualifiedName(parsing: name), content, isTyped: open?.use == .encoded,
        isQualified: true, attributes: attributes)
    }
  }

  /// A block's value without the attributes of SOAP's own, and those as markup.
  private func blockAttributes(
    of value: Value, _ plan: ElementPlan?, version: SOAPVersion
  ) throws(CodecError) -> (Value, [UInt8]) {
    guard case .object(var record) = value else { return (value, []) }
    var markup = XMLOutput()
    let own = plan?.attributeKeys ?? []
    func take(_ key: String) -> Value? {
      guard !own.contains(key), let value = record[key] else { return nil }
      record[key] = nil
      return value
    }
    if let flag = take("_mustUnderstand") {
      guard let text = Self.flag(flag) else {
        throw CodecError(
          path: "_mustUnderstand", reason: "expects true or false, found \(flag.description)")
      }
      markup.append(plain: " soap:mustUnderstand=\"\(text)\"")
    }
    if let role = take("_role") ?? take("_actor") {
      markup.append(plain: version == .soap11 ? " soap:actor=\"" : " soap:role=\"")
      try markup.append(attributeValue: role.scalarText ?? "")
      markup.append(markup: "\"")
    }
    if let relay = take("_relay"), version == .soap12 {
      markup.append(plain: " soap:relay=\"\(relay.boolValue == true ? "true" : "false")\"")
    }
    // What had to be an object for its attributes' sake is a scalar again.
    if record.count == 1, let text = record["_text"], plan.map(\.isText) ?? true {
      return (text, markup.bytes)
    }
    return (.object(record), markup.bytes)
  }

  /// SOAP 1.1 §4.2.3 knows `0` and `1` only; SOAP 1.2 takes them too.
  private static func flag(_ value: Value) -> String? {
    switch value {
    case .bool(let flag): flag ? "1" : "0"
    case .integer(1), .string("1"), .string("true"): "1"
    case .integer(0), .string("0"), .string("false"): "0"
    default: nil
    }
  }
}

extension HeaderBlock {
  /// The value with what SOAP's own attributes say beside it.
  fileprivate var valueWithAttributes: Value {
    var attributes: Record = [:]
    if mustUnderstand { attributes["_mustUnderstand"] = true }
    if let role { attributes["_role"] = .string(role) }
    if isRelayed { attributes["_relay"] = true }
    if attributes.isEmpty { return value }
    if case .object(let record) = value {
      return .object(Record(attributes.members + record.members))
    }
    attributes["_text"] = value
    return .object(attributes)
  }
}

extension ElementPlan {
  /// Whether the element holds text and nothing else.
  fileprivate var isText: Bool {
    switch content.kind {
    case .scalar, .untyped: true
    case .object, .array: false
    }
  }

  /// Whether its value is an array.
  fileprivate var isList: Bool {
    switch content.kind {
    case .array: true
    case .scalar(let scalar):
      if case .list = scalar.variety { true } else { false }
    case .object, .untyped: false
    }
  }

  /// The keys of the attributes its type declares.
  fileprivate var attributeKeys: [String] {
    if case .object(let plan) = content.kind { return plan.attributes.map(\.key) }
    return []
  }
}
