/// How far a parse has come: depth, counts, and the namespaces in scope.
struct XMLReadProgress {
  /// A namespace declaration in scope, by libxml2's interned strings.
  struct Binding {
    let prefix: UnsafePointer<UInt8>?
    let namespace: UnsafePointer<UInt8>?
    let depth: Int
  }

  private(set) var bindings: [Binding] = []
  private var depth = 0
  private var elements = 0
  private var maximumDepth = 0
  private var maximumElements = 0
  private var maximumAttributes = 0
  /// The depth of the innermost element with declarations; 0 for none.
  private var bindingDepth = 0

  mutating func reset(limits: XMLLimits) {
    bindings.removeAll(keepingCapacity: true)
    depth = 0
    elements = 0
    bindingDepth = 0
    maximumDepth = limits.maximumDepth
    maximumElements = limits.maximumElements
    maximumAttributes = limits.maximumAttributes
  }

  /// Goes into an element; the reason when that passes a limit.
  @inline(__always)
  mutating func enter(
    declarationCount: Int, declarations: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    attributeCount: Int
  ) -> String? {
    depth += 1
    elements += 1
    if depth > maximumDepth || elements > maximumElements
      || declarationCount + attributeCount > maximumAttributes
    {
      return excess
    }
    if declarationCount > 0 { declare(declarationCount, declarations) }
    return nil
  }

  @inline(__always)
  mutating func leave() {
    if bindingDepth == depth, bindingDepth > 0 { undeclare() }
    depth -= 1
  }

  private var excess: String {
    if depth > maximumDepth { return "elements are nested deeper than \(maximumDepth)" }
    if elements > maximumElements {
      return "the document has more than \(maximumElements) elements"
    }
    return "an element has more than \(maximumAttributes) attributes"
  }

  private mutating func declare(
    _ count: Int, _ declarations: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  ) {
    for index in 0..<count {
      bindings.append(
        Binding(
          prefix: declarations?[index * 2], namespace: declarations?[index * 2 + 1], depth: depth))
    }
    bindingDepth = depth
  }

  private mutating func undeclare() {
    while let last = bindings.last, last.depth == depth { bindings.removeLast() }
    bindingDepth = bindings.last?.depth ?? 0
  }
}
