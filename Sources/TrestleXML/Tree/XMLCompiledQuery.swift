internal import CLibXML2
internal import Synchronization

/// An XPath 1.0 expression, compiled once for many documents.
package final class XMLCompiledQuery: Sendable {
  /// The address of what libxml2 compiled. Evaluating notes functions it looked up in there, so only one does so at a
  /// time.
  private let compiled: Mutex<UInt>

  /// - Throws: `XMLFailure` for an expression that is not XPath.
  package init(_ expression: String) throws(XMLFailure) {
    guard let context = xmlXPathNewContext(nil) else {
      throw XMLFailure(.forbidden, "libxml2 has no memory for an XPath context")
    }
    defer { xmlXPathFreeContext(context) }
    // Errors are told by the result: libxml2 would write them to the terminal.
    context.pointee.error = { _, _ in }
    let pointer = xmlXPathCtxtCompile(context, expression)
    compiled = Mutex(UInt(bitPattern: pointer))
    guard pointer != nil else {
      throw XMLFailure(.malformed, "\"\(expression)\" is not XPath 1.0")
    }
  }

  deinit {
    compiled.withLock { address in
      if let pointer = xmlXPathCompExprPtr(bitPattern: address) { xmlXPathFreeCompExpr(pointer) }
    }
  }

  fileprivate func evaluate(in context: xmlXPathContextPtr) -> xmlXPathObjectPtr? {
    let object = compiled.withLock { address -> UInt in
      guard let pointer = xmlXPathCompExprPtr(bitPattern: address) else { return 0 }
      return UInt(bitPattern: xmlXPathCompiledEval(pointer, context))
    }
    return xmlXPathObjectPtr(bitPattern: object)
  }
}

/// A document that several expressions are evaluated on. What they may cost together is limited, so
/// that a request cannot make a mock run for minutes.
package final class XMLQueryDocument {
  /// What an expression gives.
  package enum Result: Sendable, Hashable {
    /// The texts of the selected nodes, in document order.
    case nodes([String])
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// It takes too many steps, or names what is not there.
    case failure
  }

  private static let maximumSteps: UInt = 500_000
  private static let maximumNodes = 1000
  private static let maximumTextBytes = 4 << 20

  private let document: XMLDocument
  private let context: xmlXPathContextPtr

  /// - Throws: `XMLFailure` when there is no memory.
  package init(
    _ document: XMLDocument, namespaces: [String: String]
  ) throws(XMLFailure) {
    guard let context = xmlXPathNewContext(document.pointer) else {
      throw XMLFailure(.forbidden, "libxml2 has no memory for an XPath context")
    }
    self.document = document
    self.context = context
    context.pointee.error = { _, _ in }
    // Counted over all expressions: the context is never reset.
    context.pointee.opLimit = Self.maximumSteps
    for (prefix, uri) in namespaces { _ = xmlXPathRegisterNs(context, prefix, uri) }
  }

  deinit { xmlXPathFreeContext(context) }

  package func result(of query: XMLCompiledQuery) -> Result {
    context.pointee.node = xmlDocGetRootElement(document.pointer)
    guard let object = query.evaluate(in: context) else { return .failure }
    defer { xmlXPathFreeObject(object) }
    switch object.pointee.type {
    case XPATH_BOOLEAN: return .boolean(object.pointee.boolval != 0)
    case XPATH_NUMBER: return .number(object.pointee.floatval)
    case XPATH_STRING:
      return .text(object.pointee.stringval.map { String(cString: $0) } ?? "")
    default: return .nodes(texts(of: object))
    }
  }

  private func texts(of object: xmlXPathObjectPtr) -> [String] {
    guard let set = object.pointee.nodesetval else { return [] }
    var texts: [String] = []
    var bytes = 0
    for index in 0..<min(Int(set.pointee.nodeNr), Self.maximumNodes) {
      guard let node = set.pointee.nodeTab[index], let text = xmlXPathCastNodeToString(node) else {
        continue
      }
      let copy = String(cString: text)
      XMLText.free(text)
      bytes += copy.utf8.count
      // Nested elements hold the same text again and again.
      if bytes > Self.maximumTextBytes { break }
      texts.append(copy)
    }
    return texts
  }
}
