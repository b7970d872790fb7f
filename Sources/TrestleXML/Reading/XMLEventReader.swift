internal import CLibXML2
package import TrestleCore

/// Reads documents as events, straight from libxml2's SAX2 interface: no tree, no String per name.
///
/// Owns one parser context and uses it again for the next document; keep one per thread or take one
/// from an `XMLReaderPool`. Not Sendable: libxml2 contexts must not be shared.
package final class XMLEventReader {
  private let symbols: XMLSymbolTable
  /// What libxml2's callbacks work on, behind a pointer of its own: every access to a class's variable
  /// costs a check of exclusivity at run time, many times an event. Owned here alone; callbacks run
  /// only inside `read`, which keeps the reader alive.
  private let state: UnsafeMutablePointer<XMLReadState>

  /// libxml2 interns every name it meets for the life of a context; past this many the context is
  /// replaced, so that a peer's invented names do not pile up.
  private static let maximumInternedNames: Int32 = 8192

  package init(symbols: XMLSymbolTable) {
    self.symbols = symbols
    state = .allocate(capacity: 1)
    state.initialize(to: XMLReadState(symbols: symbols))
  }

  deinit {
    if let context = state.pointee.context { xmlFreeParserCtxt(context) }
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Reads one document.
  ///
  /// - Throws: `CodecError` for what is no document within the limits, and for what the handler
  ///   refused with `fail`.
  package func read(
    _ bytes: [UInt8], charset: String? = nil, limits: XMLLimits = .message,
    into handler: any XMLEventHandler
  ) throws(CodecError) {
    // Set where something is wrong alone: errors are large, and nearly all documents are right.
    var error: CodecError?
    bytes.withUnsafeBufferPointer { buffer in
      do throws(XMLFailure) {
        if let converted = try XMLEncoding.transcoded(buffer, charset: charset) {
          try converted.withUnsafeBufferPointerTyped { text throws(XMLFailure) in
            try parse(text, limits: limits, into: handler)
          }
        } else {
          try parse(buffer, limits: limits, into: handler)
        }
        if handler.outcome.hasFailed { error = handler.failure }
      } catch let failure {
        // What the handler said is nearer to the cause than the parser's word on where it stopped.
        error = handler.failure ?? failure.codecError
      }
    }
    if let error { throw error }
  }

  private func parse(
    _ text: UnsafeBufferPointer<UInt8>, limits: XMLLimits, into handler: any XMLEventHandler
  ) throws(XMLFailure) {
    try XMLPrescan.check(text, limits: limits)
    guard let context = prepare(limits: limits, handler: handler) else {
      throw XMLFailure(.forbidden, "libxml2 has no memory for a parser")
    }
    defer { finish(context) }
    guard text.count < Int(Int32.max) else {
      throw XMLFailure(.forbidden, "the document is too long for libxml2")
    }
    let declaration = XMLPlainDeclaration.length(in: text)
    let rest = UnsafeBufferPointer(rebasing: text[declaration...])
    guard let copy = state.pointee.text.copy(rest),
      let input = xmlNewStringInputStream(context, copy)
    else { throw XMLFailure(.forbidden, "libxml2 has no memory for the document") }
    // Columns are told as the whole text has them.
    input.pointee.col += Int32(declaration)
    _ = inputPush(context, input)
    xmlParseDocument(context)
    if state.pointee.hasFailure, let failure = state.pointee.failure { throw failure }
    if context.pointee.wellFormed == 0, !handler.outcome.hasFailed {
      throw XMLFailure(.malformed, "the document is not well-formed")
    }
  }

  private func prepare(
    limits: XMLLimits, handler: any XMLEventHandler
  ) -> xmlParserCtxtPtr? {
    let generation = symbols.generation
    if let known = state.pointee.context,
      xmlDictSize(known.pointee.dict) > Self.maximumInternedNames
    {
      xmlFreeParserCtxt(known)
      state.pointee.context = nil
    }
    if state.pointee.context == nil || state.pointee.cache.generation != generation {
      state.pointee.cache = XMLSymbolCache(generation: generation)
    }
    if let context = state.pointee.context {
      xmlCtxtReset(context)
    } else {
      _ = XMLLibrary.isReady
      state.pointee.context = xmlNewParserCtxt()
      if let context = state.pointee.context { configure(context) }
    }
    state.pointee.begin(limits: limits, handler: handler)
    if let context = state.pointee.context {
      XMLReadState.observeSections(handler.observesSections, in: context)
    }
    return state.pointee.context
  }

  private func finish(_ context: xmlParserCtxtPtr) {
    state.pointee.end()
    // The copy of the text is ours; the context itself stays.
    while let input = inputPop(context) { xmlFreeInputStream(input) }
    state.pointee.text.shrink()
  }

  private func configure(_ context: xmlParserCtxtPtr) {
    // The text is UTF-8 by now, whatever its declaration still says.
    xmlCtxtUseOptions(
      context,
      Int32(
        bitPattern: XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue
          | XML_PARSE_NOWARNING.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    context.pointee.userData = UnsafeMutableRawPointer(state)
    context.pointee.sax.pointee = XMLReadState.makeCallbacks()
  }

  /// The line and column the parser has reached, from 1.
  package var position: (line: Int, column: Int) { state.pointee.position }

  /// The namespace a prefix stands for here; nil when it is not declared. The empty prefix gives the
  /// default namespace, empty where there is none.
  package func namespace(forPrefix prefix: String) -> String? {
    if prefix == "xml" { return XMLNamespaces.xml }
    for binding in state.pointee.progress.bindings.reversed() {
      let name = binding.prefix.map { String(cString: $0) } ?? ""
      if name == prefix { return binding.namespace.map { String(cString: $0) } ?? "" }
    }
    return prefix.isEmpty ? "" : nil
  }

  /// The name that a QName in content stands for here (XSD 1.0 part 2 §3.2.18); nil when its prefix
  /// is not declared or its text is no QName.
  package func qualifiedName(_ text: String) -> QualifiedName? {
    let trimmed = text.trimmingXMLSpace()
    guard !trimmed.isEmpty else { return nil }
    guard let colon = trimmed.firstIndex(of: ":") else {
      return namespace(forPrefix: "").map { QualifiedName($0, trimmed) }
    }
    let local = String(trimmed[trimmed.index(after: colon)...])
    guard !local.isEmpty, !local.contains(":") else { return nil }
    return namespace(forPrefix: String(trimmed[..<colon])).map { QualifiedName($0, local) }
  }

  /// All namespaces in scope, innermost declaration of each prefix.
  package var namespacesInScope: [(prefix: String, namespace: String)] {
    var seen: Set<String> = []
    var scope: [(prefix: String, namespace: String)] = []
    for binding in state.pointee.progress.bindings.reversed() {
      let prefix = binding.prefix.map { String(cString: $0) } ?? ""
      guard seen.insert(prefix).inserted else { continue }
      scope.append((prefix, binding.namespace.map { String(cString: $0) } ?? ""))
    }
    return scope
  }
}

extension Array {
  /// `withUnsafeBufferPointer` for bodies with typed errors.
  fileprivate func withUnsafeBufferPointerTyped<Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    let result: Result<Void, Failure> = withUnsafeBufferPointer { buffer in
      do throws(Failure) {
        try body(buffer)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}
