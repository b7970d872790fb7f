internal import TrestleCore
internal import TrestleXML

// Operations whose requests begin with the same element: overloaded ones (WSDL 1.1 §2.4.5), and others
// that take one message.
extension SOAPCodec {
  /// The operation a request means among those that share its root, by its action where that leaves
  /// one, else by the accessors the root holds; nil where roots are not shared.
  ///
  /// - Throws: `CodecError` for bytes that are no XML.
  func overload(
    of request: WireRequest, charset: String?, action: String?
  ) throws(CodecError) -> Int? {
    guard hasOverloads else { return nil }
    let scout = OverloadScout()
    try context.readers.withReader { reader throws(CodecError) in
      scout.reader = reader
      try reader.read(request.body, charset: charset, limits: limits, into: scout)
    }
    guard let candidates = requestRoots[scout.root], candidates.count > 1 else { return nil }
    let named = action.flatMap { actions[$0] } ?? []
    let agreeing = candidates.filter(named.contains)
    if agreeing.count == 1 { return agreeing[0] }
    let open = agreeing.isEmpty ? candidates : agreeing
    let fits = open.map { fit(of: operations[$0], scout) }
    let best = fits.max() ?? 0
    return nearest(zip(open, fits).filter { $0.1 == best }.map(\.0), request)
  }

  /// Of operations that nothing in the envelope tells apart, the one whose port has the request's
  /// path, else the first whose port has its version.
  private func nearest(_ candidates: [Int], _ request: WireRequest) -> Int? {
    guard candidates.count > 1 else { return candidates.first }
    let path = String(request.target.prefix { $0 != "?" && $0 != "#" })
    let version = Self.version(of: request)
    let fitting = candidates.filter { operations[$0].actions[version] != nil }
    return fitting.first { operations[$0].paths.contains(path) } ?? fitting.first ?? candidates[0]
  }

  /// How well an operation's input fits what the request holds. Of two equal ones the first is meant.
  private func fit(of operation: SOAPOperation, _ scout: OverloadScout) -> Int {
    guard case .object(let plan)? = operation.input.roots.first?.content.kind else { return 0 }
    var fit = 0
    var missing = Set(plan.leaves.map(\.element.name.local))
    for accessor in scout.accessors {
      guard let leaf = plan.leaves.first(where: { $0.element.name.local == accessor.name }) else {
        fit -= 2
        continue
      }
      missing.remove(accessor.name)
      fit += 2
      if let type = accessor.type { fit += leaf.element.content.typeName == type ? 1 : -1 }
    }
    return fit - 2 * missing.count
  }
}

/// Reads of an envelope only what tells overloads apart: the Body's first child, and the names and
/// types of the elements right in it.
final class OverloadScout: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  /// Set for the time of the read.
  var reader: XMLEventReader?
  private(set) var root = XMLSymbol.unknown
  private(set) var accessors: [(name: String, type: QualifiedName?)] = []
  private var depth = 0
  private var isInBody = false
  private var hasRoot = false

  func startElement(_ element: borrowing XMLStartElement) {
    depth += 1
    switch depth {
    case 2: isInBody = element.hasLocalName("Body")
    case 3 where isInBody && !hasRoot: root = element.symbol
    case 4 where isInBody && !hasRoot:
      var type: QualifiedName?
      for index in 0..<element.attributeCount
      where element.attributeName(index) == QualifiedName(XMLNamespaces.instance, "type") {
        type = reader?.qualifiedName(element.attributeValue(index))
      }
      accessors.append((element.localName, type))
    default: break
    }
  }

  func endElement() {
    if depth == 3, isInBody { hasRoot = true }
    depth -= 1
  }
}
