internal import TrestleCore
internal import TrestleXML

/// The state of one envelope's decode. A value, so that its parts are checked for exclusive access
/// when the code is compiled and not at every event.
struct EnvelopeDecoder: ~Copyable {
  let context: PlanContext
  let outcome: XMLHandlerOutcome
  let reader: XMLEventReader
  let rootLookup: EnvelopeReader.RootLookup
  let isStrict: Bool
  /// Takes what no literal plan reads; made when first needed.
  var graph: MessageGraph?
  /// Whether what the contract does not know may be encoded.
  let mayBeEncoded: Bool
  let entryLookup: EnvelopeReader.EntryLookup

  var version: SOAPVersion?
  var parts: EnvelopeSymbols?
  var headers: [HeaderBlock] = []
  var body: [(name: QualifiedName, value: Value)] = []
  var hasBody = false
  var hasHeader = false
  /// The envelope's part that says an encoding style, which SOAP 1.2 part 1 §5.1.1 forbids.
  var misplacedEncodingStyle: String?
  var fault: FaultReader?
  private var warnings: [String] = []

  private var frames = FrameStack()
  var text = ByteStack(capacity: 512)
  private var mode = Mode.members
  /// The place of the simple element being read, in mode `leaf`, and its scalar.
  private var leaf: (place: Unmanaged<ObjectPlan.Leaf>, scalar: Unmanaged<ScalarPlan>)?
  /// The simple element being read, in mode `scalar`.
  private var scalar: PendingScalar?
  private var capture: XMLFragmentCapture?
  /// How many elements deep in something that is passed over.
  private var skipped = 0

  /// What the next event is for.
  private enum Mode {
    /// The members of the innermost frame.
    case members
    /// The text of a simple element without attributes, a member by its place in the plan.
    case leaf
    /// The text of any other simple element.
    case scalar
    /// A fragment kept as XML.
    case capture
    /// A subtree of an encoded message.
    case graph
    case skip
  }

  struct PendingScalar {
    let element: ElementPlan
    let plan: ScalarPlan
    let leaf: ObjectPlan.Leaf?
    let isNil: Bool
    /// The name of a type derived from the declared one.
    let typeName: String?
  }

  init(
    context: PlanContext, reader: XMLEventReader, outcome: XMLHandlerOutcome, isStrict: Bool,
    mayBeEncoded: Bool, entryLookup: EnvelopeReader.EntryLookup,
    rootLookup: @escaping EnvelopeReader.RootLookup
  ) {
    self.context = context
    self.reader = reader
    self.outcome = outcome
    self.isStrict = isStrict
    self.mayBeEncoded = mayBeEncoded
    self.entryLookup = entryLookup
    self.rootLookup = rootLookup
  }

  /// What was read, once the document has ended.
  ///
  /// - Throws: `CodecError` when there was no whole envelope.
  func finish() throws(CodecError) -> DecodedEnvelope {
    guard let version else { throw CodecError(reason: "is no SOAP envelope") }
    guard hasBody else {
      throw CodecError(reason: "has no Body", hint: "an Envelope holds a Body (SOAP 1.1 §4.3)")
    }
    var envelope = DecodedEnvelope(
      version: version, headers: headers, body: body, fault: fault?.fault(version: version),
      warnings: warnings, misplacedEncodingStyle: misplacedEncodingStyle)
    try graph?.resolve(into: &envelope, context: context, isStrict: isStrict)
    return envelope
  }

  // MARK: - Events

  // The first line of each is what nearly every event is: a member of an object, or its text. The rest
  // stands apart, so that the reader's calls come straight to it.

  @inline(__always)
  mutating func startElement(_ element: borrowing XMLStartElement) {
    if mode == .members, top.kind == .object { startMember(element) } else { startOther(element) }
  }

  private mutating func startOther(_ element: borrowing XMLStartElement) {
    switch mode {
    case .members:
      switch top.kind {
      case .object: startMember(element)
      case .document: startEnvelope(element)
      case .envelope: startPart(element)
      case .body: startBodyChild(element)
      case .header: startHeaderBlock(element)
      case .untyped: startUntypedMember(element)
      case .mixed: startCapture(element)
      case .fault: startFaultPart(element)
      case .detail: startDetail(element)
      }
    case .leaf: refuseChild(element, of: leaf?.place.takeUnretainedValue().key ?? "")
    case .scalar: refuseChild(element, of: scalar?.element.name.local ?? "")
    case .capture: capture?.startElement(element, reader: reader)
    case .graph: startNode(element)
    case .skip: skipped += 1
    }
  }

  private func refuseChild(_ element: borrowing XMLStartElement, of name: String) {
    refuse("holds the element \(element.localName), but \(name) is text")
  }

  @inline(__always)
  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if mode == .leaf { text.append(bytes) } else { otherText(bytes) }
  }

  private mutating func otherText(_ bytes: UnsafeBufferPointer<UInt8>) {
    switch mode {
    case .leaf, .scalar: text.append(bytes)
    case .capture: capture?.text(bytes)
    case .graph: graph?.text(bytes)
    case .skip: break
    case .members:
      switch top.kind {
      case .untyped, .fault: text.append(bytes)
      case .mixed: appendMixed(bytes)
      case .object where holdsText: text.append(bytes)
      case .object, .envelope, .body, .header, .detail, .document:
        if !bytes.isXMLSpace { strayText(bytes) }
      }
    }
  }

  @inline(__always)
  mutating func endElement() {
    if mode == .leaf, let leaf {
      mode = .members
      // Plans outlive the decode.
      leaf.place._withUnsafeGuaranteedRef { place in
        leaf.scalar._withUnsafeGuaranteedRef { endLeaf(place, $0) }
      }
    } else {
      endOther()
    }
  }

  private mutating func endOther() {
    switch mode {
    case .leaf: break
    case .scalar:
      mode = .members
      if let pending = scalar { endScalar(pending) }
      scalar = nil
    case .members: endFrame()
    case .capture:
      capture?.endElement()
      guard let fragment = capture, fragment.isComplete else { return }
      capture = nil
      mode = .members
      deliverFragment(fragment.fragment)
    case .graph:
      if graph?.endElement() ?? true { mode = .members }
    case .skip:
      skipped -= 1
      if skipped == 0 { mode = .members }
    }
  }

  private mutating func endFrame() {
    var frame = pop()
    switch frame.kind {
    case .document, .envelope, .header, .body: break
    case .object, .mixed: deliver(objectValue(&frame), from: frame)
    case .untyped: deliver(untypedValue(&frame), from: frame)
    case .fault: endFaultPart(frame)
    case .detail: fault?.detail = .object(Record(frame.members))
    }
    text.cut(to: frame.textStart)
  }

  // MARK: - Modes

  /// Passes over the element that has just begun.
  mutating func skip() {
    skipped = 1
    mode = .skip
  }

  /// Begins a subtree of an encoded message, whose place the graph has been told.
  mutating func startGraph(_ element: borrowing XMLStartElement) {
    mode = .graph
    startNode(element)
  }

  private func startNode(_ element: borrowing XMLStartElement) {
    do throws(CodecError) {
      try graph?.startElement(element, reader: reader)
    } catch {
      fail(error.inside(path))
    }
  }

  @inline(__always)
  mutating func beginLeaf(_ place: Unmanaged<ObjectPlan.Leaf>, _ scalar: Unmanaged<ScalarPlan>) {
    leaf = (place, scalar)
    mode = .leaf
  }

  mutating func beginScalar(_ pending: PendingScalar) {
    scalar = pending
    mode = .scalar
  }

  mutating func startCapture(_ element: borrowing XMLStartElement) {
    var fragment = XMLFragmentCapture()
    fragment.startElement(element, reader: reader)
    capture = fragment
    mode = .capture
  }

  private mutating func deliverFragment(_ fragment: String) {
    if top.kind == .mixed {
      top.makeRare().mixed += fragment
    } else {
      top.add(fragment: fragment)
    }
  }

  private mutating func appendMixed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var escaped = XMLOutput(capacity: bytes.count)
    try? escaped.append(text: String(decoding: bytes, as: UTF8.self))
    top.makeRare().mixed += String(decoding: escaped.bytes, as: UTF8.self)
  }

  /// Whether the innermost object has text beside its attributes.
  private var holdsText: Bool { top.plan?._withUnsafeGuaranteedRef { $0.text != nil } ?? false }

  // MARK: - Frames

  /// The innermost open element with members.
  var top: Frame {
    _read { yield frames.top.pointee }
    _modify { yield &frames.top.pointee }
  }

  mutating func push(_ frame: consuming Frame) { frames.push(frame) }

  mutating func push(_ kind: Frame.Kind, key: String = "") {
    push(Frame(kind: kind, key: key, textStart: text.count))
  }

  mutating func pop() -> Frame { frames.pop() }

  // MARK: - Words

  func fail(_ error: CodecError) { outcome.fail(error) }

  mutating func warn(_ warning: @autoclosure () -> String) {
    // A hostile message could otherwise buy a sentence with every tag.
    if warnings.count < 32 { warnings.append(warning()) }
  }

  /// Refuses the message; `element` is the one that begins, where that is not the innermost open one.
  func refuse(_ reason: String, in element: String = "") {
    let place = reader.position
    let error = CodecError(reason: reason, line: place.line, column: place.column)
    fail(error.inside(element).inside(path))
  }

  private mutating func strayText(_ bytes: UnsafeBufferPointer<UInt8>) {
    let shown = String(decoding: bytes.trimmingXMLSpace().prefix(32), as: UTF8.self)
    if isStrict { return refuse("holds the text \"\(shown)\" between its elements") }
    let place = path
    warn("the text \"\(shown)\" between the elements at \(place) was passed over")
  }

  /// Where the innermost open element is, in Trestle JSON's words.
  var path: String {
    var path = ""
    frames.forEach { frame in
      switch frame.kind {
      case .document, .envelope, .body, .header: return
      case .object, .mixed, .untyped, .fault, .detail: break
      }
      let name = frame.leaf?.key ?? frame.key
      guard !name.isEmpty else { return }
      path += path.isEmpty ? name : "." + name
    }
    return path
  }
}
