internal import CLibXML2

/// Parses bytes into libxml2's tree, with a context's own error collection.
enum XMLTreeParser {
  /// What a context's callbacks write to, reached through the context's `_private`.
  private final class Collector {
    let limits: XMLLimits
    var fatal: XMLFailure?
    var problems: [XMLFailure] = []
    var depth = 0
    var elements = 0

    init(limits: XMLLimits) { self.limits = limits }

    func report(_ error: UnsafePointer<xmlError>) {
      guard error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
      let message = error.pointee.message.map { String(cString: $0) } ?? "not well-formed"
      let failure = XMLFailure(
        .malformed, "not well-formed: " + message.trimmingXMLSpace(),
        line: Int(error.pointee.line), column: Int(error.pointee.int2))
      // That a namespace name is no proper URI, or a relative one, changes nothing about what it names.
      if error.pointee.code == Int32(bitPattern: XML_WAR_NS_URI.rawValue)
        || error.pointee.code == Int32(bitPattern: XML_WAR_NS_URI_RELATIVE.rawValue)
      {
        return
      }
      let isNamespaceError = error.pointee.domain == Int32(bitPattern: XML_FROM_NAMESPACE.rawValue)
      if isNamespaceError, limits.toleratesUndeclaredPrefixes {
        // One broken declaration at the top would otherwise be told once per element.
        if problems.count < 20 { problems.append(failure) }
      } else if fatal == nil {
        fatal = failure
      }
    }
  }

  static func parse(
    _ source: UnsafeBufferPointer<UInt8>, charset: String?, limits: XMLLimits
  ) throws(XMLFailure) -> (xmlDocPtr, [XMLFailure]) {
    _ = XMLLibrary.isReady
    let isWide =
      source.count >= 2
      && ((source[0] == 0xFF && source[1] == 0xFE) || (source[0] == 0xFE && source[1] == 0xFF))
    if limits.allowsAnyEncoding, !isWide, charset == nil {
      return try parse(source, limits: limits, obeysDeclaration: true)
    }
    if let converted = try XMLEncoding.transcoded(source, charset: charset) {
      let result: Result<(xmlDocPtr, [XMLFailure]), XMLFailure> =
        converted.withUnsafeBufferPointer { buffer in
          do throws(XMLFailure) {
            return .success(try parse(buffer, limits: limits, obeysDeclaration: false))
          } catch {
            return .failure(error)
          }
        }
      return try result.get()
    }
    return try parse(source, limits: limits, obeysDeclaration: false)
  }

  private static func parse(
    _ text: UnsafeBufferPointer<UInt8>, limits: XMLLimits, obeysDeclaration: Bool
  ) throws(XMLFailure) -> (xmlDocPtr, [XMLFailure]) {
    try XMLPrescan.check(text, limits: limits)
    guard let context = xmlNewParserCtxt() else {
      throw XMLFailure(.forbidden, "libxml2 has no memory for a parser")
    }
    defer { xmlFreeParserCtxt(context) }
    let collector = Collector(limits: limits)
    context.pointee._private = Unmanaged.passUnretained(collector).toOpaque()
    guard let start = text.baseAddress, let count = Int32(exactly: text.count) else {
      throw XMLFailure(.malformed, "the document is empty")
    }
    var options =
      XML_PARSE_NONET.rawValue | XML_PARSE_COMPACT.rawValue | XML_PARSE_BIG_LINES.rawValue
      | XML_PARSE_NOCDATA.rawValue
    if !obeysDeclaration { options |= XML_PARSE_IGNORE_ENC.rawValue }
    // Under a contract's limits only elements matter: leaving white space and comments out halves
    // the number of nodes.
    if limits.keepsElementsOnly { options |= XML_PARSE_NOBLANKS.rawValue }
    xmlCtxtUseOptions(context, Int32(bitPattern: options))
    install(on: context, limits: limits)
    let document = withExtendedLifetime(collector) {
      start.withMemoryRebound(to: CChar.self, capacity: text.count) {
        xmlCtxtReadMemory(context, $0, count, nil, nil, Int32(bitPattern: options))
      }
    }
    if let fatal = collector.fatal ?? (document == nil ? unexplained : nil) {
      xmlFreeDoc(document)
      throw fatal
    }
    guard let document, xmlDocGetRootElement(document) != nil else {
      xmlFreeDoc(document)
      throw unexplained
    }
    if let failure = XMLEntityCheck.failure(in: document, bytes: text.count) {
      xmlFreeDoc(document)
      throw failure
    }
    return (document, collector.problems)
  }

  private static let unexplained = XMLFailure(.malformed, "the document is not well-formed")

  /// Sets the context's own callbacks around libxml2's tree builder.
  private static func install(on context: xmlParserCtxtPtr, limits: XMLLimits) {
    guard let sax = context.pointee.sax else { return }
    sax.pointee.serror = { data, error in
      guard let error else { return }
      XMLTreeParser.collector(of: data)?.report(error)
    }
    sax.pointee.startElementNs = {
      data, local, prefix, namespace, declarationCount, declarations, attributeCount, defaulted,
      attributes in
      guard let collector = XMLTreeParser.collector(of: data) else { return }
      collector.depth += 1
      collector.elements += 1
      let limits = collector.limits
      if collector.depth > limits.maximumDepth {
        return XMLTreeParser.stop(data, "elements are nested deeper than \(limits.maximumDepth)")
      }
      if collector.elements > limits.maximumElements {
        return XMLTreeParser.stop(
          data, "the document has more than \(limits.maximumElements) elements")
      }
      if Int(declarationCount) + Int(attributeCount) > limits.maximumAttributes {
        return XMLTreeParser.stop(
          data, "an element has more than \(limits.maximumAttributes) attributes")
      }
      xmlSAX2StartElementNs(
        data, local, prefix, namespace, declarationCount, declarations, attributeCount, defaulted,
        attributes)
    }
    sax.pointee.endElementNs = { data, local, prefix, namespace in
      XMLTreeParser.collector(of: data)?.depth -= 1
      xmlSAX2EndElementNs(data, local, prefix, namespace)
    }
    if limits.keepsElementsOnly {
      sax.pointee.comment = nil
      sax.pointee.processingInstruction = nil
    }
    if !limits.allowsDocumentType {
      sax.pointee.internalSubset = { data, _, _, _ in
        XMLTreeParser.stop(data, "a document type declaration is not allowed")
      }
    }
    if !limits.allowsProcessingInstructions {
      sax.pointee.processingInstruction = { data, _, _ in
        XMLTreeParser.stop(data, "a processing instruction is not allowed")
      }
    }
  }

  private static func collector(of data: UnsafeMutableRawPointer?) -> Collector? {
    // The tree builder needs the context itself as its user data.
    let context = data?.assumingMemoryBound(to: xmlParserCtxt.self)
    guard let raw = context?.pointee._private else { return nil }
    return Unmanaged<Collector>.fromOpaque(raw).takeUnretainedValue()
  }

  private static func stop(_ data: UnsafeMutableRawPointer?, _ reason: String) {
    guard let context = data?.assumingMemoryBound(to: xmlParserCtxt.self),
      let collector = collector(of: data)
    else { return }
    if collector.fatal == nil {
      let input = context.pointee.input
      collector.fatal = XMLFailure(
        .forbidden, reason, line: input.map { Int($0.pointee.line) },
        column: input.map { Int($0.pointee.col) })
    }
    xmlStopParser(context)
  }
}
