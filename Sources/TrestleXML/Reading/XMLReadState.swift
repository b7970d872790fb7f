internal import CLibXML2

/// What libxml2's callbacks work on during one parse.
struct XMLReadState: ~Copyable {
  var context: xmlParserCtxtPtr?
  /// Whom to tell, during a parse: retained from `begin` to `end`, and so through every callback.
  private(set) var session: Unmanaged<XMLReadSession>?
  var cache: XMLSymbolCache
  var progress = XMLReadProgress()
  /// What is being parsed.
  var text = XMLTextCopy()
  private(set) var failure: XMLFailure? { didSet { hasFailure = failure != nil } }
  private(set) var hasFailure = false
  private let symbols: XMLSymbolTable
  private var limits = XMLLimits.message

  init(symbols: XMLSymbolTable) {
    self.symbols = symbols
    cache = XMLSymbolCache(generation: symbols.generation)
  }

  mutating func begin(limits: XMLLimits, handler: any XMLEventHandler) {
    self.limits = limits
    // A handler that reads document after document keeps its session.
    if session.map({ $0._withUnsafeGuaranteedRef { $0.handler === handler } }) != true {
      session?.release()
      session = .passRetained(XMLReadSession(handler: handler))
    }
    failure = nil
    progress.reset(limits: limits)
  }

  /// Lets go of the handler, unless it stays for the next document.
  mutating func end() {
    guard let session, !session._withUnsafeGuaranteedRef({ $0.isKept }) else { return }
    session.release()
    self.session = nil
  }

  deinit { session?.release() }

  var position: (line: Int, column: Int) {
    guard let input = context?.pointee.input else { return (0, 0) }
    return (Int(input.pointee.line), Int(input.pointee.col))
  }

  @inline(__always)
  mutating func symbol(
    local: UnsafePointer<UInt8>, namespace: UnsafePointer<UInt8>?
  ) -> XMLSymbol {
    cache.symbol(local: local, namespace: namespace, in: symbols)
  }

  fileprivate mutating func stop(_ reason: String) {
    if failure == nil {
      let place = position
      failure = XMLFailure(.forbidden, reason, line: place.line, column: place.column)
    }
    xmlStopParser(context)
  }

  fileprivate mutating func documentType() {
    if !limits.allowsDocumentType { stop("a document type declaration is not allowed") }
  }

  fileprivate mutating func processingInstruction() {
    if !limits.allowsProcessingInstructions { stop("a processing instruction is not allowed") }
  }

  fileprivate mutating func report(_ error: UnsafePointer<xmlError>) {
    guard failure == nil, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
    // An undeclared prefix is an error of the Namespaces layer that the parser survives; a peer that
    // sends `<ex:nil/>` undeclared is common enough that the codec decides.
    // Namespaces in XML 1.0 §2.2: that a name is no URI reference need not be reported, and peers have
    // such names.
    if error.pointee.code == Int32(bitPattern: XML_WAR_NS_URI.rawValue) { return }
    let isNamespaceError = error.pointee.domain == Int32(bitPattern: XML_FROM_NAMESPACE.rawValue)
    if isNamespaceError, limits.toleratesUndeclaredPrefixes { return }
    let message = error.pointee.message.map { String(cString: $0) } ?? ""
    // libxml2 breaks some of its messages over lines.
    let lines = message.trimmingXMLSpace().split(whereSeparator: \.isNewline)
    failure = XMLFailure(
      .malformed, "not well-formed: " + lines.joined(separator: " "),
      line: Int(error.pointee.line), column: Int(error.pointee.int2))
    if isNamespaceError { xmlStopParser(context) }
  }

  fileprivate func stop() { xmlStopParser(context) }
}

/// One parse's handler. Its members never change, so that calling the handler counts no references.
final class XMLReadSession {
  let handler: any XMLEventHandler
  let hasFailed: UnsafeMutablePointer<Bool>
  let isKept: Bool

  init(handler: any XMLEventHandler) {
    self.handler = handler
    hasFailed = handler.outcome.flag
    isKept = handler.isKept
  }
}

// MARK: - What libxml2 calls

// These are free of the state's own methods where a handler runs: a handler may ask the reader for a
// namespace or a symbol, which must not overlap with a change of the state.
extension XMLReadState {
  private typealias Pointer = UnsafeMutablePointer<XMLReadState>

  @inline(__always)
  private static func pointer(_ data: UnsafeMutableRawPointer?) -> Pointer? {
    data?.assumingMemoryBound(to: XMLReadState.self)
  }

  /// The callback table of a context.
  static func makeCallbacks() -> xmlSAXHandler {
    var sax = xmlSAXHandler()
    sax.initialized = UInt32(XML_SAX2_MAGIC)
    sax.startElementNs = {
      data, local, prefix, namespace, declarationCount, declarations, attributeCount, _,
      attributes in
      guard let state = XMLReadState.pointer(data), let local else { return }
      if let reason = state.pointee.progress.enter(
        declarationCount: Int(declarationCount), declarations: declarations,
        attributeCount: Int(attributeCount))
      {
        return state.pointee.stop(reason)
      }
      state.pointee.session?._withUnsafeGuaranteedRef { session in
        guard !session.hasFailed.pointee else { return }
        let symbol = state.pointee.symbol(local: local, namespace: namespace)
        session.handler.startElement(
          XMLStartElement(
            state: state, symbol: symbol, localName: local, prefix: prefix, namespace: namespace,
            declarationCount: Int(declarationCount), declarations: declarations,
            attributeCount: Int(attributeCount), attributes: attributes))
        if session.hasFailed.pointee { state.pointee.stop() }
      }
    }
    sax.endElementNs = { data, _, _, _ in
      guard let state = XMLReadState.pointer(data) else { return }
      state.pointee.session?._withUnsafeGuaranteedRef { session in
        guard !session.hasFailed.pointee else { return }
        session.handler.endElement()
        if session.hasFailed.pointee { state.pointee.stop() }
      }
      state.pointee.progress.leave()
    }
    sax.characters = { data, start, count in
      guard let state = XMLReadState.pointer(data) else { return }
      state.pointee.session?._withUnsafeGuaranteedRef { session in
        guard !session.hasFailed.pointee else { return }
        session.handler.text(UnsafeBufferPointer(start: start, count: Int(count)))
        if session.hasFailed.pointee { state.pointee.stop() }
      }
    }
    sax.ignorableWhitespace = sax.characters
    sax.cdataBlock = sax.characters
    sax.comment = nil
    sax.internalSubset = { data, _, _, _ in XMLReadState.pointer(data)?.pointee.documentType() }
    sax.processingInstruction = { data, _, _ in
      XMLReadState.pointer(data)?.pointee.processingInstruction()
    }
    sax.serror = { data, error in
      guard let error else { return }
      XMLReadState.pointer(data)?.pointee.report(error)
    }
    return sax
  }

  private static func tell(_ state: Pointer, _ body: (any XMLEventHandler) -> Void) {
    state.pointee.session?._withUnsafeGuaranteedRef { session in
      guard !session.hasFailed.pointee else { return }
      body(session.handler)
      if session.hasFailed.pointee { state.pointee.stop() }
    }
  }

  /// Has the handler told of comments and CDATA sections, or not: who does not ask pays nothing.
  static func observeSections(_ observes: Bool, in context: xmlParserCtxtPtr) {
    let sax = context.pointee.sax
    guard observes else {
      sax?.pointee.comment = nil
      sax?.pointee.cdataBlock = sax?.pointee.characters
      return
    }
    sax?.pointee.comment = { data, _ in
      guard let state = XMLReadState.pointer(data) else { return }
      XMLReadState.tell(state) { $0.comment() }
    }
    sax?.pointee.cdataBlock = { data, start, count in
      guard let state = XMLReadState.pointer(data) else { return }
      XMLReadState.tell(state) {
        $0.characterData()
        $0.text(UnsafeBufferPointer(start: start, count: Int(count)))
      }
    }
  }
}
