import TrestleCore

/// What a stub asks of a call beside its parameters.
struct StubConditions: Sendable {
  var headers: Matcher?
  var transport: TransportCondition?
  var xpath: [XPathCondition] = []

  /// Whether all hold; XPath, which parses the request again, is asked last.
  func hold(for call: Call, view: WireView, _ context: MatchContext) -> Bool {
    if let headers, !headers.matches(.object(call.headers), in: context) { return false }
    if let transport, !transport.holds(for: call.request, context) { return false }
    guard !xpath.isEmpty else { return true }
    guard let document = view.document(of: call) else { return false }
    return xpath.allSatisfy { $0.holds(in: document, context) }
  }
}

/// A request's XML, parsed when the first stub asks for it and kept for the others of the same call.
final class WireView {
  private let xpath: (any WireXPath)?
  private var kept: (any WireXMLDocument)??

  init(_ xpath: (any WireXPath)?) { self.xpath = xpath }

  func document(of call: Call) -> (any WireXMLDocument)? {
    if let kept { return kept }
    let document = call.request.flatMap { xpath?.document(of: $0) }
    kept = .some(document)
    return document
  }
}
