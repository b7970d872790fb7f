internal import TrestleCore
internal import TrestleMock
internal import TrestleXML

/// XPath on requests by libxml2, with the prefixes of a contract.
struct RequestXPath: WireXPath {
  private let namespaces: [String: String]

  /// The contract's prefixes, those that SOAP messages usually have, and a file's own, which go before.
  init(contract: Contract, own: Value?) {
    var namespaces = contract.namespaces.filter { !$0.value.hasPrefix(Self.bindings) }
    for (prefix, uri) in Self.usual where namespaces[prefix] == nil { namespaces[prefix] = uri }
    for member in own?.objectValue ?? [:] { namespaces[member.name] = member.value.scalarText }
    self.namespaces = namespaces
  }

  /// What WSDL files call soap is about bindings and never in a message.
  private static let bindings = "http://schemas.xmlsoap.org/wsdl/"
  private static let soap11 = "http://schemas.xmlsoap.org/soap/envelope/"
  private static let soap12 = "http://www.w3.org/2003/05/soap-envelope"
  private static let usual = [
    "soap": soap11, "soapenv": soap11, "soap11": soap11, "soap12": soap12, "env": soap12,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsd": "http://www.w3.org/2001/XMLSchema",
  ]

  func compile(_ expression: String) throws(WireXPathProblem) -> any CompiledXPath {
    let text = XPathText(expression)
    for prefix in text.prefixes where namespaces[prefix] == nil && prefix != "xml" {
      throw WireXPathProblem(
        "unknown prefix \"\(prefix)\""
          + Suggestion.clause(for: prefix, among: namespaces.keys.sorted()),
        hint:
          "without any prefix names are matched in every namespace; mock.namespaces adds prefixes")
    }
    do throws(XMLFailure) {
      return Expression(
        query: try XMLCompiledQuery(text.prefixes.isEmpty ? text.byLocalNames : expression))
    } catch {
      throw WireXPathProblem("\"\(expression)\" is not XPath 1.0")
    }
  }

  func document(of request: WireRequest) -> (any WireXMLDocument)? {
    guard
      let document = try? XMLDocument(
        request.body, charset: Self.charset(of: request), limits: Self.limits)
    else { return nil }
    return (try? XMLQueryDocument(document, namespaces: namespaces)).map(Document.init)
  }

  /// As large as any protocol takes it; the codec has been through it with the limits of its own.
  private static let limits: XMLLimits = {
    var limits = XMLLimits.message(megabytes: 1024)
    limits.toleratesUndeclaredPrefixes = true
    limits.allowsProcessingInstructions = true
    limits.allowsAnyEncoding = true
    return limits
  }()

  private static func charset(of request: WireRequest) -> String? {
    guard let type = request.headers["Content-Type"],
      let parameter = type.split(separator: ";").dropFirst().first(where: {
        $0.drop { $0 == " " }.lowercased().hasPrefix("charset=")
      })
    else { return nil }
    let value = parameter.drop { $0 != "=" }.dropFirst()
    return String(value.filter { $0 != "\"" && $0 != " " })
  }

  private struct Expression: CompiledXPath {
    let query: XMLCompiledQuery

    func value(in document: any WireXMLDocument) -> WireXPathResult {
      guard let document = document as? Document else { return .failure("is no document") }
      switch document.content.result(of: query) {
      case .nodes(let texts): return .nodes(texts)
      case .text(let text): return .value(.string(text))
      case .number(let number): return .value(.double(number))
      case .boolean(let flag): return .value(.bool(flag))
      case .failure:
        return .failure("takes too many steps, or calls a function XPath does not have")
      }
    }
  }

  private struct Document: WireXMLDocument {
    let content: XMLQueryDocument
  }
}
