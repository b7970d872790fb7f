internal import TrestleCore
internal import TrestleXML

// Elements that hold values: how they begin, and what they are when they end.
extension EnvelopeDecoder {
  @inline(__always)
  mutating func startMember(_ element: borrowing XMLStartElement) {
    guard let plan = top.plan else { return }
    let isKnown = plan._withUnsafeGuaranteedRef { plan in
      guard let index = plan.leaf(for: element.symbol, after: top.lastLeaf) else { return false }
      top.lastLeaf = index
      if isStrict, !advance(to: plan.automaton.positionsOfLeaves[index], element, plan) {
        return true
      }
      let place = plan.places[index]
      if let scalar = place.scalar, element.attributeCount == 0 {
        beginLeaf(place.leaf, scalar)
      } else {
        place.leaf._withUnsafeGuaranteedRef { begin($0.element, element, leaf: $0) }
      }
      return true
    }
    if !isKnown { startStranger(element, plan.takeUnretainedValue()) }
  }

  /// An element the plan has no place for under its name.
  private mutating func startStranger(
    _ element: borrowing XMLStartElement, _ plan: ObjectPlan
  ) {
    let name = element.name
    let place = path
    if let index = plan.leafIgnoringNamespace(name.local), !isStrict {
      let leaf = plan.leaves[index]
      warn(
        "the element \(name) at \(place) has another namespace than the contract's "
          + "\(leaf.element.name); it was taken for it")
      top.lastLeaf = index
      return begin(leaf.element, element, leaf: leaf)
    }
    if let position = wildcard(for: name.namespace, plan) {
      if isStrict, !advance(to: position, element, plan) { return }
      top.makeRare().wildcard = position
    } else {
      // SOAP 1.2 part 2 §4.2.1: it says which accessor is the result, and is none itself. PHP writes
      // it in rpc/literal too.
      if EncodingNamespaces.isResult(name), version == .soap12, top.leaf == nil { return skip() }
      if isStrict { return refuse("holds the element \(name), which the contract does not know") }
      warn("the element \(name) at \(place) is not in the contract; it was kept in _any")
    }
    startCapture(element)
  }

  /// The wildcard that takes an element of a namespace: the one that may come next, else the first.
  private func wildcard(for namespace: String, _ plan: ObjectPlan) -> Int? {
    let automaton = plan.automaton
    let fitting = automaton.wildcards.filter {
      automaton.positions[$0].wildcard?.allows(namespace: namespace) ?? false
    }
    guard fitting.count > 1 else { return fitting.first }
    let last = top.lastLeaf < 0 ? ContentAutomaton.start : automaton.positionsOfLeaves[top.lastLeaf]
    return fitting.first { automaton.step(from: last, to: $0) != nil } ?? fitting[0]
  }

  /// Takes an element as the next in the content model; false, once refused, where it may not come.
  private mutating func advance(
    to position: Int, _ element: borrowing XMLStartElement, _ plan: ObjectPlan
  ) -> Bool {
    guard let refusal = top.makeRare().run.take(position, in: plan.automaton) else { return true }
    refuse("holds the element \(element.localName), which \(refusal)")
    return false
  }

  mutating func startUntypedMember(_ element: borrowing XMLStartElement) {
    top.hasChildren = true
    // Nobody says which namespace these names are in, so each says it itself.
    let name = element.name
    let isUnderscored = name.namespace.isEmpty && name.local.hasPrefix("_")
    beginUntyped(element, key: isUnderscored ? "_" + name.local : name.description)
  }

  /// Begins an element whose plan is known; `leaf` is its place in the parent's plan.
  mutating func begin(
    _ plan: ElementPlan, _ element: borrowing XMLStartElement, leaf: ObjectPlan.Leaf?,
    key: String = ""
  ) {
    var content = plan.content
    var typeName: String?
    var isNil = false
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
    if isNil, !plan.isNillable { noteNil(of: plan) }
    switch content.kind {
    case .scalar(let scalar):
      if element.attributeCount > 0 { passOverAttributes(element, of: plan) }
      // A scalar at the top is no object's member; a frame carries its name.
      if leaf == nil { push(.object, key: key) }
      beginScalar(
        PendingScalar(
          element: plan, plan: scalar, leaf: leaf, isNil: isNil, typeName: typeName))
    case .object(let object):
      var frame = Frame(
        kind: object.isMixed ? .mixed : .object, key: key, leaf: leaf, textStart: text.count)
      frame.plan = Unmanaged.passUnretained(object)
      frame.isNil = isNil
      frame.members.reserveCapacity(min(object.attributes.count + object.leaves.count, 16))
      if let typeName {
        frame.members.append(Record.Member(name: "_type", value: .string(typeName)))
      }
      if element.attributeCount > 0 { readAttributes(element, object, &frame) }
      push(frame)
    case .array, .untyped:
      beginUntyped(element, key: key, leaf: leaf, isNil: isNil)
    }
  }

  mutating func beginUntyped(
    _ element: borrowing XMLStartElement, key: String, leaf: ObjectPlan.Leaf? = nil,
    isNil: Bool = false
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
          frame.makeRare().type = reader.qualifiedName(element.attributeValue(index))
        }
        continue
      }
      if SOAPVersion(namespace: name.namespace) != nil { continue }
      frame.members.append(
        Record.Member(
          name: "_" + name.description, value: .string(element.attributeValue(index))))
    }
    push(frame)
  }

  // MARK: - Ending

  @inline(__always)
  mutating func endLeaf(_ leaf: ObjectPlan.Leaf, _ scalar: ScalarPlan) {
    let start = top.textStart
    do throws(CodecError) {
      let value =
        text.count > start
        ? try scalar.value(of: text.bytes(from: start)) : try emptyValue(scalar, leaf.element)
      text.cut(to: start)
      top.add(value, at: leaf)
    } catch {
      fail(error.inside(leaf.key).inside(path))
    }
  }

  mutating func endScalar(_ pending: PendingScalar) {
    let start = top.textStart
    var value: Value = .null
    if !pending.isNil {
      do throws(CodecError) {
        value =
          text.count > start
          ? try read(pending.plan, text.bytes(from: start))
          : try emptyValue(pending.plan, pending.element)
      } catch {
        let error = pending.leaf.map { error.inside($0.key) } ?? error
        return fail(error.inside(path))
      }
      if let typeName = pending.typeName {
        value = ["_type": .string(typeName), "_text": value]
      }
    }
    text.cut(to: start)
    if let leaf = pending.leaf {
      top.add(value, at: leaf)
    } else {
      let frame = pop()
      deliver(value, from: frame)
      // The frame stands for the element itself, whose end this is.
    }
  }

  /// The value of a text whose names may have prefixes.
  func read(
    _ plan: ScalarPlan, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(CodecError) -> Value {
    guard plan.holdsNames else { return try plan.value(of: bytes) }
    return try plan.value(of: bytes, resolving: reader.qualifiedName)
  }

  /// The value of an element without text.
  private mutating func emptyValue(
    _ plan: ScalarPlan, _ element: ElementPlan?
  ) throws(CodecError) -> Value {
    // XSD 1.0 part 1 §3.3.1: an empty element has its default or fixed value.
    if let fallback = element?.defaultText ?? element?.fixedText {
      return try plan.value(of: fallback)
    }
    if !isStrict, !plan.acceptsEmpty {
      let place = path
      let name = element?.name.local ?? ""
      warn(
        "the empty element \(name) at \(place), where the contract says \(plan.schema.typeName), "
          + "was read as null")
      return .null
    }
    return try plan.value(of: "")
  }

  mutating func objectValue(_ frame: inout Frame) -> Value {
    guard let plan = frame.plan else { return .null }
    return plan._withUnsafeGuaranteedRef { objectValue(&frame, $0) }
  }

  private mutating func objectValue(_ frame: inout Frame, _ plan: ObjectPlan) -> Value {
    frame.closeGroups(plan)
    if frame.isNil {
      if frame.members.isEmpty { return .null }
      frame.members.append(Record.Member(name: "_nil", value: .bool(true)))
      return .object(Record(uniqueMembers: frame.members))
    }
    if isStrict, plan.root != nil, !plan.isMixed,
      let refusal = frame.makeRare().run.refusalOfEnd(in: plan.automaton)
    {
      let key = frame.leaf?.key ?? frame.key
      fail(CodecError(path: path.isEmpty ? key : path + "." + key, reason: refusal))
      return .null
    }
    // Text that is an empty string is left out: its absence writes the same.
    if let scalar = plan.text, text.count > frame.textStart || scalar.schema.kind != .string {
      do throws(CodecError) {
        let value =
          text.count > frame.textStart
          ? try read(scalar, text.bytes(from: frame.textStart)) : try emptyValue(scalar, nil)
        frame.members.append(Record.Member(name: "_text", value: value))
      } catch {
        let key = frame.leaf?.key ?? frame.key
        fail(error.inside("_text").inside(key).inside(path))
      }
    }
    if plan.isMixed, let mixed = frame.rare?.mixed, !mixed.isEmpty {
      frame.members.append(Record.Member(name: "_xml", value: .string(mixed)))
    }
    if !plan.alwaysArrays.isEmpty, !plan.isMixed { frame.addEmptyArrays(plan) }
    return .object(Record(uniqueMembers: frame.takeMembers()))
  }

  func untypedValue(_ frame: inout Frame) -> Value {
    if frame.isNil { return .null }
    var members = frame.takeMembers()
    if let type = frame.rare?.type {
      let shown = type.namespace == XMLNamespaces.schema ? "xsd:" + type.local : type.description
      members.insert(Record.Member(name: "_type", value: .string(shown)), at: 0)
    }
    let bytes = text.bytes(from: frame.textStart)
    if !frame.hasChildren {
      let string = String(decoding: bytes, as: UTF8.self)
      if members.isEmpty { return .string(string) }
      if !string.isEmpty { members.append(Record.Member(name: "_text", value: .string(string))) }
      return .object(Record(members))
    }
    if !bytes.isXMLSpace {
      members.append(
        Record.Member(name: "_text", value: .string(String(decoding: bytes, as: UTF8.self))))
    }
    return .object(Record(members))
  }

  /// Gives a finished value to whatever holds it.
  mutating func deliver(_ value: consuming Value, from frame: borrowing Frame) {
    switch top.kind {
    case .body: body[body.count - 1].value = value
    case .header: headers[headers.count - 1].value = value
    case .object, .mixed:
      if let leaf = frame.leaf { top.add(value, at: leaf) }
    case .untyped, .detail: top.collect(value, key: frame.key)
    case .document, .envelope, .fault: break
    }
  }
}
