package import TrestleCore

/// XPath on the XML of requests as they came: filled in by whoever has an XML library.
package protocol WireXPath: Sendable {
  /// Compiles an expression. Its prefixes are those of the contract.
  func compile(_ expression: String) throws(WireXPathProblem) -> any CompiledXPath

  /// A request's body as a document; nil where it is no XML.
  func document(of request: WireRequest) -> (any WireXMLDocument)?
}

/// A request's XML, parsed once for all expressions about it; what they may cost together is limited.
package protocol WireXMLDocument {}

/// An expression, compiled when its stub was.
package protocol CompiledXPath: Sendable {
  func value(in document: any WireXMLDocument) -> WireXPathResult
}

/// What an expression finds.
package enum WireXPathResult: Sendable {
  /// The texts of the nodes it selects.
  case nodes([String])
  case value(Value)
  /// It could not be evaluated, and why.
  case failure(String)
}

/// Why an expression cannot be compiled.
package struct WireXPathProblem: Error, Sendable {
  package var reason: String
  package var hint: String?

  package init(_ reason: String, hint: String? = nil) {
    self.reason = reason
    self.hint = hint
  }
}

/// A condition on what an expression finds in a request.
struct XPathCondition: Sendable {
  let expression: String
  let compiled: any CompiledXPath
  let matcher: Matcher

  func holds(in document: any WireXMLDocument, _ context: MatchContext) -> Bool {
    switch compiled.value(in: document) {
    case .value(let value): return matcher.matches(value, in: context)
    case .failure: return false
    case .nodes(let texts):
      if texts.isEmpty { return matcher.matches(nil, in: context) }
      if matcher.concernsList {
        return matcher.matches(.array(texts.map { .string($0) }), in: context)
      }
      return texts.contains { matcher.matches(.string($0), in: context) }
    }
  }

  /// What the expression finds, for near misses.
  func found(in document: any WireXMLDocument) -> Value? {
    switch compiled.value(in: document) {
    case .value(let value): value
    case .failure(let reason): .string("failure: \(reason)")
    case .nodes(let texts):
      texts.count > 1
        ? .array(texts.prefix(8).map { .string($0) }) : texts.first.map { .string($0) }
    }
  }
}

extension Matcher {
  /// Whether it asks for something of a list as a whole.
  fileprivate var concernsList: Bool {
    switch self {
    case .items, .anyItem, .allItems, .length: true
    case .all(let matchers), .oneOf(let matchers): matchers.contains(where: \.concernsList)
    case .not(let matcher): matcher.concernsList
    default: false
    }
  }
}
