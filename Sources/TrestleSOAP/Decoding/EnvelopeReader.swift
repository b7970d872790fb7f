package import TrestleCore
package import TrestleXML

/// Reads an envelope's events into values, by the plans of the elements it meets.
package final class EnvelopeReader: XMLEventHandler {
  /// Finds the plan of a Body child; nil reads it as its own shape says.
  package typealias RootLookup = (XMLSymbol, borrowing XMLStartElement) -> ElementPlan?

  package var failure: CodecError?
  let context: PlanContext
  let reader: XMLEventReader
  private let rootLookup: RootLookup
  private let isStrict: Bool

  private(set) var version: SOAPVersion?
  private var headers: [HeaderBlock] = []
  private var body: [(name: QualifiedName, value: Value)] = []
  private var hasBody = false
  private var hasHeader = false
  var fault: FaultReader?
  private var warnings: [String] = []

  var frames: [Frame] = []
  /// The simple element being read, if any: it needs no frame.
  private var scalar: PendingScalar?
  /// The text of the innermost open elements, each from its frame's start.
  private var text: [UInt8] = []
  private var capture: XMLFragmentCapture?
  /// How many elements deep in something that is passed over.
  private var skipped = 0

  private struct PendingScalar {
    let element: ElementPlan
    let plan: ContentPlan
    let leaf: Int
    let isNil: Bool
    /// The name of a type derived from the declared one.
    let typeName: String?
  }

  package init(
    context: PlanContext, reader: XMLEventReader, isStrict: Bool = false,
    rootLookup: @escaping RootLookup
  ) {
    self.context = context
    self.reader = reader
    self.isStrict = isStrict
    self.rootLookup = rootLookup
    frames.reserveCapacity(8)
    text.reserveCapacity(256)
  }

  /// What was read, once the document has ended.
  ///
  /// - Throws: `CodecError` when there was no whole envelope.
  package func finish() throws(CodecError) -> DecodedEnvelope {
    guard let version else { throw CodecError(reason: "is no SOAP envelope") }
    guard hasBody else {
      throw CodecError(reason: "has no Body", hint: "an Envelope holds a Body (SOAP 1.1 §4.3)")
    }
    return DecodedEnvelope(
      version: version, headers: headers, body: body, fault: fault?.fault(version: version),
      warnings: warnings)
  }

  // MARK: - Events

  package func startElement(_ element: borrowing XMLStartElement) {
    if capture != nil {
      capture?.startElement(element, reader: reader)
      return
    }
    if skipped > 0 {
      skipped += 1
      return
    }
    if let scalar {
      return refuse(
        "holds the element \(element.localName), but \(scalar.element.name.local) is text")
    }
    guard let kind = frames.last?.kind else { return startEnvelope(element) }
    switch kind {
    case .object: startMember(element)
    case .envelope: startPart(element)
    case .body: startBodyChild(element)
    case .header: startHeaderBlock(element)
    case .untyped: startUntypedMember(element)
    case .mixed: startCapture(element)
    case .fault: startFaultPart(element)
    case .detail: startDetail(element)
    }
  }

  package func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if capture != nil {
      capture?.text(bytes)
      return
    }
    if skipped > 0 { return }
    if scalar != nil {
      text.append(contentsOf: bytes)
      return
    }
    guard let kind = frames.last?.kind else { return }
    switch kind {
    case .untyped, .fault: text.append(contentsOf: bytes)
    case .mixed: appendMixed(bytes)
    case .object where frames[frames.count - 1].plan?.text != nil: text.append(contentsOf: bytes)
    case .object, .envelope, .body, .header, .detail:
      if !bytes.isXMLSpace { strayText(bytes) }
    }
  }

  package func endElement() {
    if capture != nil {
      capture?.endElement()
      if let fragment = capture, fragment.isComplete {
        capture = nil
        deliverFragment(fragment.fragment)
      }
      return
    }
    if skipped > 0 {
      skipped -= 1
      return
    }
    if let pending = scalar {
      scalar = nil
      return endScalar(pending)
    }
    guard let frame = frames.popLast() else { return }
    switch frame.kind {
    case .envelope, .header: break
    case .body: break
    case .object, .mixed: deliver(objectValue(frame), from: frame)
    case .untyped: deliver(untypedValue(frame), from: frame)
    case .fault: endFaultPart(frame)
    case .detail: fault?.detail = .object(Record(frame.members))
    }
    if text.count > frame.textStart { text.removeLast(text.count - frame.textStart) }
  }

  // MARK: - Envelope

  private func startEnvelope(_ element: borrowing XMLStartElement) {
    guard element.hasLocalName("Envelope") else {
      return fail(
        CodecError(
          reason: "is no SOAP envelope: the document's root is \(element.name)",
          hint: "a SOAP message begins with an Envelope in a SOAP namespace"))
    }
    guard let version = SOAPVersion(namespace: element.namespace) else {
      // SOAP 1.1 §4.4.1 and SOAP 1.2 part 1 §5.4.7: another namespace is another version.
      return fail(
        CodecError(
          reason: "has an Envelope in the unknown namespace \"\(element.namespace)\"",
          code: "VersionMismatch"))
    }
    self.version = version
    push(.envelope)
  }

  private func startPart(_ element: borrowing XMLStartElement) {
    let isOurs = element.namespace == version?.namespace
    if isOurs, element.hasLocalName("Header"), !hasHeader, !hasBody {
      hasHeader = true
      push(.header)
    } else if isOurs, element.hasLocalName("Body"), !hasBody {
      hasBody = true
      push(.body)
    } else if !isOurs, hasBody, version == .soap11 {
      // SOAP 1.1 §4 allows namespace-qualified elements after the Body; nothing is bound to them.
      warn("the element \(element.name) after the Body was passed over")
      skipped = 1
    } else {
      refuse(
        "has the element \(element.name) where an Envelope allows only one Header and one Body")
    }
  }

  private func startBodyChild(_ element: borrowing XMLStartElement) {
    if element.hasLocalName("Fault"), element.namespace == version?.namespace {
      fault = FaultReader()
      return push(.fault, key: "Fault")
    }
    let name = element.name
    if let plan = rootLookup(element.symbol, element) {
      begin(plan, element, leaf: -1, key: name.local)
    } else {
      beginUntyped(element, key: name.local)
    }
    body.append((name, .null))
  }

  private func startHeaderBlock(_ element: borrowing XMLStartElement) {
    let name = element.name
    var block = HeaderBlock(name: name, value: .null, mustUnderstand: false)
    let namespace = version?.namespace ?? ""
    for index in 0..<element.attributeCount {
      let attribute = element.attributeName(index)
      guard attribute.namespace == namespace else { continue }
      let value = element.attributeValue(index)
      switch attribute.local {
      case "mustUnderstand": block.mustUnderstand = value == "1" || value == "true"
      case "actor", "role": block.role = value
      default: break
      }
    }
    headers.append(block)
    if let plan = context.element(name) {
      begin(plan, element, leaf: -1, key: name.local)
    } else {
      beginUntyped(element, key: name.local)
    }
  }

  // MARK: - Beginning a value

  /// Begins an element whose plan is known; `leaf` is its place in the parent's plan.
  func begin(
    _ plan: ElementPlan, _ element: borrowing XMLStartElement, leaf: Int, key: String = ""
  ) {
    var content = plan.content
    var typeName: String?
    var isNil = false
    if element.attributeCount > 0 {
      for index in 0..<element.attributeCount {
        let symbol = element.attributeSymbol(index)
        if symbol == context.nilAttribute {
          let value = element.attributeValue(index).trimmingXMLSpace()
          isNil = value == "true" || value == "1"
        } else if symbol == context.typeAttribute {
          guard let (actual, name) = actualType(element.attributeValue(index), of: plan) else {
            return
          }
          content = actual
          typeName = name
        }
      }
    }
    switch content.kind {
    case .scalar:
      // A scalar at the top has no object to be a member of; its frame only carries the name.
      if leaf < 0 { push(.object, key: key, holdsScalar: true) }
      scalar = PendingScalar(
        element: plan, plan: content, leaf: leaf, isNil: isNil, typeName: typeName)
      if text.capacity == 0 { text.reserveCapacity(256) }
    case .object(let object):
      var frame = Frame(
        kind: object.isMixed ? .mixed : .object, key: key, leaf: leaf, textStart: text.count)
      frame.plan = object
      frame.isNil = isNil
      if let typeName {
        frame.members.append(Record.Member(name: "_type", value: .string(typeName)))
      }
      if element.attributeCount > 0 { readAttributes(element, object, &frame) }
      frames.append(frame)
    case .untyped:
      beginUntyped(element, key: key, leaf: leaf, isNil: isNil)
    }
  }

  func beginUntyped(
    _ element: borrowing XMLStartElement, key: String, leaf: Int = -1, isNil: Bool = false
  ) {
    var frame = Frame(kind: .untyped, key: key, leaf: leaf, textStart: text.count)
    frame.isNil = isNil
    for index in 0..<element.attributeCount {
      let name = element.attributeName(index)
      if name.namespace == XMLNamespaces.instance {
        if name.local == "nil" {
          let value = element.attributeValue(index)
          frame.isNil = value == "true" || value == "1"
        } else if name.local == "type" {
          frame.untypedType = reader.qualifiedName(element.attributeValue(index))
        }
        continue
      }
      if SOAPVersion(namespace: name.namespace) != nil { continue }
      frame.members.append(
        Record.Member(name: "_" + name.local, value: .string(element.attributeValue(index))))
    }
    frames.append(frame)
  }

  /// The content plan that an `xsi:type` asks for, and the name to show when it is not the declared one.
  private func actualType(_ text: String, of plan: ElementPlan) -> (ContentPlan, String?)? {
    guard let name = reader.qualifiedName(text) else {
      refuse("has xsi:type=\"\(text)\", whose prefix is not declared")
      return nil
    }
    let declared = plan.content
    if declared.typeName == name { return (declared, nil) }
    guard let actual = context.content(ofTypeNamed: name) else {
      // Old toolkits name types of their own; the declared type is the better guess.
      warn(
        "xsi:type=\"\(text)\" at \(path) names no type of the contract; the declared type was used")
      return (declared, nil)
    }
    switch (declared.kind, actual.kind) {
    case (.scalar, .object), (.object, .scalar):
      if isStrict {
        refuse("has xsi:type=\"\(text)\", which is not derived from the declared type")
        return nil
      }
      warn("xsi:type=\"\(text)\" at \(path) is not derived from the declared type, which was used")
      return (declared, nil)
    default: break
    }
    return (actual, name.namespace == XMLNamespaces.schema ? "xsd:" + name.local : name.local)
  }

  private func readAttributes(
    _ element: borrowing XMLStartElement, _ plan: ObjectPlan, _ frame: inout Frame
  ) {
    var others: Record = [:]
    for index in 0..<element.attributeCount {
      let symbol = element.attributeSymbol(index)
      if let attribute = plan.attribute(for: symbol) {
        do throws(CodecError) {
          let value = try attribute.scalar.value(of: element.attributeBytes(index))
          frame.members.append(Record.Member(name: attribute.key, value: value))
        } catch {
          return fail(error.inside(attribute.key).inside(path))
        }
        continue
      }
      let name = element.attributeName(index)
      if name.namespace == XMLNamespaces.instance || SOAPVersion(namespace: name.namespace) != nil {
        continue
      }
      if plan.anyAttribute == nil {
        if isStrict { return refuse("has the attribute \(name), which the contract does not know") }
        warn("the attribute \(name) at \(path) is not in the contract; it was kept")
      }
      others[name.description] = .string(element.attributeValue(index))
    }
    if !others.isEmpty {
      frame.members.append(Record.Member(name: "_anyAttributes", value: .object(others)))
    }
  }

  // MARK: - Members

  private func startMember(_ element: borrowing XMLStartElement) {
    let top = frames.count - 1
    guard let plan = frames[top].plan else { return }
    if let index = plan.leaf(for: element.symbol, after: frames[top].lastLeaf) {
      frames[top].lastLeaf = index
      return begin(plan.leaves[index].element, element, leaf: index)
    }
    if let index = plan.leafIgnoringNamespace(element.localName), !isStrict {
      warn(
        "the element \(element.name) at \(path) has another namespace than the contract's "
          + "\(plan.leaves[index].element.name); it was taken for it")
      frames[top].lastLeaf = index
      return begin(plan.leaves[index].element, element, leaf: index)
    }
    let namespace = element.namespace
    if !plan.wildcards.contains(where: { $0.allows(namespace: namespace) }) {
      if isStrict {
        return refuse("holds the element \(element.name), which the contract does not know")
      }
      warn("the element \(element.name) at \(path) is not in the contract; it was kept in _any")
    }
    startCapture(element)
  }

  private func startUntypedMember(_ element: borrowing XMLStartElement) {
    frames[frames.count - 1].hasChildren = true
    let local = element.localName
    beginUntyped(element, key: local.hasPrefix("_") ? "_" + local : local)
  }

  private func startCapture(_ element: borrowing XMLStartElement) {
    var fragment = XMLFragmentCapture()
    fragment.startElement(element, reader: reader)
    capture = fragment
  }

  private func deliverFragment(_ fragment: String) {
    guard let top = frames.indices.last else { return }
    if frames[top].kind == .mixed {
      frames[top].mixed += fragment
    } else {
      frames[top].append(.string(fragment), toArray: "_any")
    }
  }

  private func appendMixed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var escaped = XMLOutput(capacity: bytes.count)
    try? escaped.append(text: String(decoding: bytes, as: UTF8.self))
    frames[frames.count - 1].mixed += String(decoding: escaped.bytes, as: UTF8.self)
  }

  private func endScalar(_ pending: PendingScalar) {
    let start = frames.last?.textStart ?? 0
    var value: Value = .null
    if !pending.isNil {
      do throws(CodecError) {
        value = try scalarValue(pending, from: start)
      } catch {
        let name = pending.leaf < 0 ? "" : pending.element.name.local
        return fail((name.isEmpty ? error : error.inside(name)).inside(path))
      }
    }
    if text.count > start { text.removeLast(text.count - start) }
    if pending.leaf < 0, let frame = frames.popLast() {
      deliver(value, from: frame)
    } else {
      store(value, leaf: pending.leaf)
    }
  }

  private func scalarValue(
    _ pending: PendingScalar, from start: Int
  ) throws(CodecError) -> Value {
    guard case .scalar(let plan) = pending.plan.kind else { return .null }
    var value = try read(
      plan, from: start, pending.element.defaultText ?? pending.element.fixedText)
    if let typeName = pending.typeName { value = ["_type": .string(typeName), "_text": value] }
    return value
  }

  /// The value of the text since a place in the buffer.
  private func read(
    _ plan: ScalarPlan, from start: Int, _ fallback: String?
  ) throws(CodecError) -> Value {
    if text.count == start {
      // XSD 1.0 part 1 §3.3.1: an empty element has its default or fixed value.
      if let fallback {
        var copy = fallback
        let result: Result<Value, CodecError> = copy.withUTF8 { bytes in
          do throws(CodecError) { return .success(try plan.value(of: bytes)) } catch {
            return .failure(error)
          }
        }
        return try result.get()
      }
      if plan.schema.kind != .string, case .atomic = plan.variety, !isStrict,
        plan.schema.kind != .base64, plan.schema.kind != .hex, plan.schema.kind != .uri
      {
        warn(
          "an empty element at \(path) where the contract says \(plan.schema.typeName) was read as null"
        )
        return .null
      }
    }
    let result: Result<Value, CodecError> = text.withUnsafeBufferPointer { buffer in
      do throws(CodecError) {
        return .success(try plan.value(of: UnsafeBufferPointer(rebasing: buffer[start...])))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  // MARK: - Ending a value

  private func objectValue(_ frame: Frame) -> Value {
    guard let plan = frame.plan else { return .null }
    var frame = frame
    frame.closeGroups(plan)
    if frame.isNil {
      if frame.members.isEmpty { return .null }
      frame.members.append(Record.Member(name: "_nil", value: .bool(true)))
      return .object(Record(uniqueMembers: frame.members))
    }
    if let scalar = plan.text {
      do throws(CodecError) {
        let value = try read(scalar, from: frame.textStart, nil)
        frame.members.append(Record.Member(name: "_text", value: value))
      } catch {
        fail(error.inside("_text").inside(path))
      }
    }
    if plan.isMixed, !frame.mixed.isEmpty {
      frame.members.append(Record.Member(name: "_xml", value: .string(frame.mixed)))
    }
    if !plan.alwaysArrays.isEmpty, !plan.isMixed { frame.addEmptyArrays(plan) }
    return .object(Record(uniqueMembers: frame.members))
  }

  private func untypedValue(_ frame: Frame) -> Value {
    let bytes = text[frame.textStart...]
    let isText = !frame.hasChildren
    if frame.isNil { return .null }
    var members = frame.members
    if let type = frame.untypedType {
      let shown = type.namespace == XMLNamespaces.schema ? "xsd:" + type.local : type.description
      members.insert(Record.Member(name: "_type", value: .string(shown)), at: 0)
    }
    if isText {
      let string = String(decoding: bytes, as: UTF8.self)
      if members.isEmpty { return .string(string) }
      if !string.isEmpty { members.append(Record.Member(name: "_text", value: .string(string))) }
      return .object(Record(members))
    }
    if bytes.contains(where: { !$0.isXMLSpace }) {
      members.append(
        Record.Member(name: "_text", value: .string(String(decoding: bytes, as: UTF8.self))))
    }
    return .object(Record(members))
  }

  /// Gives a finished value to whatever holds it.
  private func deliver(_ value: Value, from frame: Frame) {
    guard let top = frames.indices.last else { return }
    switch frames[top].kind {
    case .body: body[body.count - 1].value = value
    case .header: headers[headers.count - 1].value = value
    case .object, .mixed: store(value, leaf: frame.leaf)
    case .untyped, .detail: frames[top].collect(value, key: frame.key)
    case .envelope, .fault: break
    }
  }

  private func store(_ value: Value, leaf index: Int) {
    let top = frames.count - 1
    guard top >= 0, index >= 0, let plan = frames[top].plan else { return }
    let leaf = plan.leaves[index]
    var value = value
    if leaf.isSubstitute {
      let name = Record.Member(name: "_type", value: .string(leaf.element.name.local))
      if case .object(let record) = value {
        value = .object(Record([name] + record.members))
      } else {
        value = .object(Record([name, Record.Member(name: "_text", value: value)]))
      }
    }
    if leaf.scope == 0 {
      frames[top].add(value, field: plan.scopes[0].fields[leaf.field])
    } else {
      frames[top].add(value, leaf: leaf, plan)
    }
  }

  // MARK: - Faults

  private func startFaultPart(_ element: borrowing XMLStartElement) {
    let local = element.localName
    if local == "detail" || local == "Detail" {
      push(.detail, key: local)
    } else {
      push(.fault, key: local)
    }
  }

  private func startDetail(_ element: borrowing XMLStartElement) {
    let name = element.name
    if let plan = context.element(name) {
      begin(plan, element, leaf: -1, key: name.local)
    } else {
      beginUntyped(element, key: name.local)
    }
  }

  private func endFaultPart(_ frame: Frame) {
    let string = String(decoding: text[frame.textStart...], as: UTF8.self)
    let code = reader.qualifiedName(string)
    fault?.take(frame.key, text: string, name: code, envelope: version?.namespace ?? "")
  }

  // MARK: - Bookkeeping

  private func push(_ kind: Frame.Kind, key: String = "", holdsScalar: Bool = false) {
    var frame = Frame(kind: kind, key: key, leaf: -1, textStart: text.count)
    frame.holdsScalar = holdsScalar
    frames.append(frame)
  }

  func warn(_ warning: String) {
    // A hostile message could otherwise buy a sentence with every tag.
    if warnings.count < 32 { warnings.append(warning) }
  }

  private func refuse(_ reason: String) {
    let place = reader.position
    fail(CodecError(path: path, reason: reason, line: place.line, column: place.column))
  }

  private func strayText(_ bytes: UnsafeBufferPointer<UInt8>) {
    let shown = String(decoding: bytes.trimmingXMLSpace().prefix(32), as: UTF8.self)
    if isStrict { return refuse("holds the text \"\(shown)\" between its elements") }
    warn("the text \"\(shown)\" between the elements at \(path) was passed over")
  }

  /// Where the innermost open element is, in Trestle JSON's words.
  var path: String {
    var path = ""
    for (index, frame) in frames.enumerated() {
      switch frame.kind {
      case .envelope, .body, .header: continue
      default: break
      }
      let parent = index > 0 ? frames[index - 1] : nil
      let key = parent?.plan.flatMap { plan in
        frame.leaf >= 0 ? plan.leaves[frame.leaf].element.name.local : nil
      }
      let name = key ?? frame.key
      guard !name.isEmpty else { continue }
      path += path.isEmpty ? name : "." + name
    }
    return path
  }
}
