internal import CLibXML2

/// An XPath 1.0 expression's result.
package enum XMLQueryResult: Sendable {
  /// Nodes in document order.
  case nodes([XMLQueryNode])
  case text(String)
  case number(Double)
  case boolean(Bool)

  /// The result as text (XPath 1.0 §4.2: a node set gives its first node's).
  package var text: String {
    switch self {
    case .nodes(let nodes): nodes.first?.text ?? ""
    case .text(let text): text
    case .number(let number): Self.text(of: number)
    case .boolean(let flag): flag ? "true" : "false"
    }
  }

  /// The result as a condition (XPath 1.0 §4.3).
  package var isTrue: Bool {
    switch self {
    case .nodes(let nodes): !nodes.isEmpty
    case .text(let text): !text.isEmpty
    case .number(let number): number != 0 && !number.isNaN
    case .boolean(let flag): flag
    }
  }

  private static func text(of number: Double) -> String {
    if let whole = Int64(exactly: number) { return String(whole) }
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return String(number)
  }
}

/// A node an expression selected.
package struct XMLQueryNode: Sendable {
  /// Nil for an attribute, text or other node.
  package let element: XMLElement?
  package let text: String
}

extension XMLElement {
  /// Steps an expression may take before it is stopped: a nested count over a large document would
  /// otherwise run for minutes.
  private static let maximumSteps: UInt = 500_000

  /// Evaluates an XPath 1.0 expression with this element as its context node.
  ///
  /// Prefixes are those given; none is taken from the document.
  ///
  /// - Throws: `XMLFailure` for an expression that is not XPath, names an unknown prefix, or takes too
  ///   many steps.
  package func query(
    _ expression: String, namespaces: [String: String] = [:]
  ) throws(XMLFailure) -> XMLQueryResult {
    guard let context = xmlXPathNewContext(document.pointer) else {
      throw XMLFailure(.forbidden, "libxml2 has no memory for an XPath context")
    }
    defer { xmlXPathFreeContext(context) }
    let problem = XPathProblem()
    context.pointee.userData = Unmanaged.passUnretained(problem).toOpaque()
    context.pointee.error = { data, error in
      guard let data, let error else { return }
      let problem = Unmanaged<XPathProblem>.fromOpaque(data).takeUnretainedValue()
      guard problem.text == nil else { return }
      problem.text = error.pointee.message.map { String(cString: $0).trimmingXMLSpace() }
    }
    context.pointee.opLimit = Self.maximumSteps
    context.pointee.node = node
    for (prefix, uri) in namespaces { _ = xmlXPathRegisterNs(context, prefix, uri) }
    let result = withExtendedLifetime(problem) { xmlXPathEval(expression, context) }
    defer { xmlXPathFreeObject(result) }
    guard let result, problem.text == nil else {
      throw XMLFailure(
        .malformed, "the XPath \"\(expression)\" fails: \(problem.text ?? "it is not XPath 1.0")")
    }
    return self.result(of: result)
  }

  private func result(of object: xmlXPathObjectPtr) -> XMLQueryResult {
    switch object.pointee.type {
    case XPATH_BOOLEAN: return .boolean(object.pointee.boolval != 0)
    case XPATH_NUMBER: return .number(object.pointee.floatval)
    case XPATH_STRING: return .text(object.pointee.stringval.map { String(cString: $0) } ?? "")
    default:
      guard let set = object.pointee.nodesetval else { return .nodes([]) }
      var nodes: [XMLQueryNode] = []
      for index in 0..<Int(set.pointee.nodeNr) {
        guard let node = set.pointee.nodeTab[index] else { continue }
        let isElement = node.pointee.type == XML_ELEMENT_NODE
        nodes.append(
          XMLQueryNode(
            element: isElement ? XMLElement(document: document, node: node) : nil,
            text: Self.text(of: node)))
      }
      return .nodes(nodes)
    }
  }

  private static func text(of node: xmlNodePtr) -> String {
    // Namespace nodes are no xmlNode at all beyond their first fields; casting to a string knows.
    guard let text = xmlXPathCastNodeToString(node) else { return "" }
    defer { XMLText.free(text) }
    return String(cString: text)
  }
}

/// The first thing XPath complained about.
private final class XPathProblem {
  var text: String?
}
