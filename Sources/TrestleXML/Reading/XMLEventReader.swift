internal import CLibXML2
package import TrestleCore

/// Reads documents as events, straight from libxml2's SAX2 interface: no tree, no String per name.
///
/// Owns one parser context and uses it again for the next document; keep one per thread or take one
/// from an `XMLReaderPool`. Not Sendable: libxml2 contexts must not be shared.
package final class XMLEventReader {
  private var context: xmlParserCtxtPtr?
  private let symbols: XMLSymbolTable
  private var cache: XMLSymbolCache
  private var limits = XMLLimits.message
  private var handler: (any XMLEventHandler)?
  private var failure: XMLFailure?
  private var depth = 0
  private var elements = 0
  private var bindings: [Binding] = []

  /// A namespace declaration in scope, by libxml2's interned strings.
  private struct Binding {
    let prefix: UnsafePointer<UInt8>?
    let namespace: UnsafePointer<UInt8>?
    let depth: Int
  }

  /// libxml2 interns every name it meets for the life of a context; past this many the context is
  /// replaced, so that a peer's invented names do not pile up.
  private static let maximumInternedNames: Int32 = 8192

  package init(symbols: XMLSymbolTable) {
    self.symbols = symbols
    cache = XMLSymbolCache(generation: symbols.generation)
  }

  deinit { if let context { xmlFreeParserCtxt(context) } }

  /// Reads one document.
  ///
  /// - Throws: `CodecError` for what is no document within the limits, and for what the handler
  ///   refused with `fail`.
  package func read(
    _ bytes: [UInt8], charset: String? = nil, limits: XMLLimits = .message,
    into handler: any XMLEventHandler
  ) throws(CodecError) {
    let error: CodecError? = bytes.withUnsafeBufferPointer { buffer in
      do throws(XMLFailure) {
        if let converted = try XMLEncoding.transcoded(buffer, charset: charset) {
          try converted.withUnsafeBufferPointerTyped { text throws(XMLFailure) in
            try parse(text, limits: limits, into: handler)
          }
        } else {
          try parse(buffer, limits: limits, into: handler)
        }
        return handler.failure
      } catch {
        // What the handler said is nearer to the cause than the parser's word on where it stopped.
        return handler.failure ?? error.codecError
      }
    }
    if let error { throw error }
  }

  private func parse(
    _ text: UnsafeBufferPointer<UInt8>, limits: XMLLimits, into handler: any XMLEventHandler
  ) throws(XMLFailure) {
    try XMLPrescan.check(text, limits: limits)
    guard let context = try prepare(limits: limits, handler: handler) else {
      throw XMLFailure(.forbidden, "libxml2 has no memory for a parser")
    }
    defer { finish() }
    guard let start = text.baseAddress, let length = Int32(exactly: text.count),
      let buffer = start.withMemoryRebound(
        to: CChar.self, capacity: text.count,
        { xmlParserInputBufferCreateMem($0, length, XML_CHAR_ENCODING_NONE) })
    else { throw XMLFailure(.forbidden, "the document is too long for libxml2") }
    guard let input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE) else {
      xmlFreeParserInputBuffer(buffer)
      throw XMLFailure(.forbidden, "libxml2 has no memory for the document")
    }
    _ = inputPush(context, input)
    xmlParseDocument(context)
    if let failure { throw failure }
    if context.pointee.wellFormed == 0, handler.failure == nil {
      throw XMLFailure(.malformed, "the document is not well-formed")
    }
  }

  private func prepare(
    limits: XMLLimits, handler: any XMLEventHandler
  ) throws(XMLFailure) -> xmlParserCtxtPtr? {
    if let known = context, xmlDictSize(known.pointee.dict) > Self.maximumInternedNames {
      xmlFreeParserCtxt(known)
      context = nil
    }
    if context == nil || cache.generation != symbols.generation {
      cache = XMLSymbolCache(generation: symbols.generation)
    }
    if let context {
      xmlCtxtReset(context)
    } else {
      _ = XMLLibrary.isReady
      context = xmlNewParserCtxt()
      if let context { configure(context) }
    }
    self.limits = limits
    self.handler = handler
    failure = nil
    depth = 0
    elements = 0
    bindings.removeAll(keepingCapacity: true)
    return context
  }

  private func finish() {
    handler = nil
    guard let context else { return }
    // Lets go of the document's copy at once; the context itself stays.
    while let input = inputPop(context) { xmlFreeInputStream(input) }
  }

  private func configure(_ context: xmlParserCtxtPtr) {
    // The text is UTF-8 by now, whatever its declaration still says.
    xmlCtxtUseOptions(
      context,
      Int32(
        bitPattern: XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue
          | XML_PARSE_NOWARNING.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    context.pointee.sax.pointee = XMLEventReader.makeCallbacks()
  }

  /// The line and column the parser has reached, from 1.
  package var position: (line: Int, column: Int) {
    guard let input = context?.pointee.input else { return (0, 0) }
    return (Int(input.pointee.line), Int(input.pointee.col))
  }

  /// The namespace a prefix stands for here; nil when it is not declared. The empty prefix gives the
  /// default namespace, empty where there is none.
  package func namespace(forPrefix prefix: String) -> String? {
    if prefix == "xml" { return XMLNamespaces.xml }
    for binding in bindings.reversed() {
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
    for binding in bindings.reversed() {
      let prefix = binding.prefix.map { String(cString: $0) } ?? ""
      guard seen.insert(prefix).inserted else { continue }
      scope.append((prefix, binding.namespace.map { String(cString: $0) } ?? ""))
    }
    return scope
  }

  func symbol(
    local: UnsafePointer<UInt8>, namespace: UnsafePointer<UInt8>?
  ) -> XMLSymbol {
    cache.symbol(local: local, namespace: namespace, in: symbols)
  }
}

// MARK: - What libxml2 calls

extension XMLEventReader {
  fileprivate func start(
    _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?,
    _ namespace: UnsafePointer<UInt8>?, _ declarationCount: Int32,
    _ declarations: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ attributeCount: Int32,
    _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  ) {
    depth += 1
    elements += 1
    guard depth <= limits.maximumDepth else {
      return stop("elements are nested deeper than \(limits.maximumDepth)")
    }
    guard elements <= limits.maximumElements else {
      return stop("the document has more than \(limits.maximumElements) elements")
    }
    guard Int(declarationCount) + Int(attributeCount) <= limits.maximumAttributes else {
      return stop("an element has more than \(limits.maximumAttributes) attributes")
    }
    for index in 0..<Int(declarationCount) {
      bindings.append(
        Binding(
          prefix: declarations?[index * 2], namespace: declarations?[index * 2 + 1], depth: depth))
    }
    guard let handler, handler.failure == nil else { return }
    handler.startElement(
      XMLStartElement(
        reader: self, symbol: symbol(local: local, namespace: namespace), localName: local,
        prefix: prefix, namespace: namespace, declarationCount: Int(declarationCount),
        declarations: declarations, attributeCount: Int(attributeCount), attributes: attributes))
    if handler.failure != nil { xmlStopParser(context) }
  }

  fileprivate func end() {
    if let handler, handler.failure == nil {
      handler.endElement()
      if handler.failure != nil { xmlStopParser(context) }
    }
    while let last = bindings.last, last.depth == depth { bindings.removeLast() }
    depth -= 1
  }

  fileprivate func characters(_ start: UnsafePointer<UInt8>?, _ count: Int32) {
    guard let handler, handler.failure == nil else { return }
    handler.text(UnsafeBufferPointer(start: start, count: Int(count)))
    if handler.failure != nil { xmlStopParser(context) }
  }

  fileprivate func documentType() {
    guard !limits.allowsDocumentType else { return }
    stop("a document type declaration is not allowed")
  }

  fileprivate func processingInstruction() {
    guard !limits.allowsProcessingInstructions else { return }
    stop("a processing instruction is not allowed")
  }

  private func stop(_ reason: String) {
    if failure == nil {
      let place = position
      failure = XMLFailure(.forbidden, reason, line: place.line, column: place.column)
    }
    xmlStopParser(context)
  }

  fileprivate func report(_ error: UnsafePointer<xmlError>) {
    guard failure == nil, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
    let message = error.pointee.message.map { String(cString: $0) } ?? "not well-formed"
    // An undeclared prefix is an error of the Namespaces layer that the parser survives; a peer that
    // sends `<ex:nil/>` undeclared is common enough that the codec decides.
    let isNamespaceError = error.pointee.domain == Int32(bitPattern: XML_FROM_NAMESPACE.rawValue)
    if isNamespaceError, limits.toleratesUndeclaredPrefixes { return }
    let text = message.trimmingXMLSpace()
    failure = XMLFailure(
      .malformed, "not well-formed: " + text, line: Int(error.pointee.line),
      column: Int(error.pointee.int2))
    if isNamespaceError { xmlStopParser(context) }
  }

  /// The callback table of a context.
  fileprivate static func makeCallbacks() -> xmlSAXHandler {
    var sax = xmlSAXHandler()
    sax.initialized = UInt32(XML_SAX2_MAGIC)
    sax.startElementNs = {
      data, local, prefix, namespace, declarationCount, declarations, attributeCount, _,
      attributes in
      guard let local else { return }
      XMLEventReader.with(data) {
        $0.start(
          local, prefix, namespace, declarationCount, declarations, attributeCount, attributes)
      }
    }
    sax.endElementNs = { data, _, _, _ in XMLEventReader.with(data) { $0.end() } }
    sax.characters = { data, start, count in
      XMLEventReader.with(data) { $0.characters(start, count) }
    }
    sax.ignorableWhitespace = sax.characters
    sax.cdataBlock = sax.characters
    sax.internalSubset = { data, _, _, _ in XMLEventReader.with(data) { $0.documentType() } }
    sax.processingInstruction = { data, _, _ in
      XMLEventReader.with(data) { $0.processingInstruction() }
    }
    sax.serror = { data, error in
      guard let error else { return }
      XMLEventReader.with(data) { $0.report(error) }
    }
    return sax
  }

  /// Calls back into the reader without touching its reference count: `read` keeps it alive.
  @inline(__always)
  private static func with(
    _ data: UnsafeMutableRawPointer?, _ body: (XMLEventReader) -> Void
  ) {
    guard let data else { return }
    Unmanaged<XMLEventReader>.fromOpaque(data)._withUnsafeGuaranteedRef(body)
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
