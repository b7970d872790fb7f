import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// A contract built by hand, so that the codec's tests do not lean on the loader.
///
/// `PlaceOrder` (document/literal): a list of lines, a choice, a repeating choice, attributes, text
/// beside an attribute, a derived type, a nillable element, a wildcard. `Sum` is rpc/literal.
struct OrderContract: XSDComponents {
  static let namespace = "urn:orders"

  private let elements: [QualifiedName: XSDElement]
  private let types: [QualifiedName: XSDType]

  static func builtIn(_ name: String, _ kind: ScalarSchema.Kind) -> XSDSimpleType {
    XSDSimpleType(
      name: QualifiedName(XMLNamespaces.schema, name), variety: .atomic, builtIn: name, kind: kind,
      facets: Facets(), whiteSpace: name == "string" ? .preserve : .collapse)
  }

  static let string = builtIn("string", .string)
  static let int = builtIn("int", .integer)
  static let long = builtIn("long", .integer)
  static let decimal = builtIn("decimal", .decimal)
  static let boolean = builtIn("boolean", .boolean)
  static let date = builtIn("date", .date)
  static let double = builtIn("double", .double)

  static func local(
    _ name: String, _ type: XSDSimpleType, isNillable: Bool = false
  ) -> XSDElement {
    XSDElement(name: QualifiedName(namespace, name), isNillable: isNillable) { .simple(type) }
  }

  static func local(_ name: String, _ type: XSDComplexType) -> XSDElement {
    XSDElement(name: QualifiedName(namespace, name)) { .complex(type) }
  }

  static let amount = XSDComplexType(name: QualifiedName(namespace, "Amount")) {
    .init(
      content: .simple(decimal),
      attributes: [
        XSDAttribute(name: QualifiedName("", "currency"), isRequired: true, type: string)
      ])
  }

  static let line = XSDComplexType(name: QualifiedName(namespace, "Line")) {
    .init(
      content: .elements(
        XSDParticle(
          .sequence([
            XSDParticle(.element(local("sku", string))), XSDParticle(.element(local("qty", int))),
            XSDParticle(.element(local("price", amount)), minimum: 0),
          ]))))
  }

  static let rushLine = XSDComplexType(
    name: QualifiedName(namespace, "RushLine"), base: QualifiedName(namespace, "Line")
  ) {
    .init(
      content: .elements(
        XSDParticle(
          .sequence([
            XSDParticle(.element(local("sku", string))), XSDParticle(.element(local("qty", int))),
            XSDParticle(.element(local("price", amount)), minimum: 0),
            XSDParticle(.element(local("by", date))),
          ]))))
  }

  static let order = XSDComplexType(name: nil) {
    .init(
      content: .elements(
        XSDParticle(
          .sequence([
            XSDParticle(.element(local("customer", string))),
            XSDParticle(
              .choice([
                XSDParticle(.element(local("byCard", string))),
                XSDParticle(.element(local("byInvoice", boolean))),
              ])),
            XSDParticle(.element(local("line", line)), minimum: 0, maximum: nil),
            XSDParticle(.element(local("note", string, isNillable: true)), minimum: 0),
            XSDParticle(
              .choice([
                XSDParticle(.element(local("add", string))),
                XSDParticle(.element(local("drop", int))),
              ]), minimum: 0, maximum: nil),
            XSDParticle(
              .any(XSDWildcard(namespaces: .other(namespace), processing: .lax)), minimum: 0,
              maximum: nil),
          ]))),
      attributes: [XSDAttribute(name: QualifiedName("", "id"), type: long)])
  }

  static let placed = XSDComplexType(name: nil) {
    .init(
      content: .elements(
        XSDParticle(
          .sequence([
            XSDParticle(.element(local("number", long))),
            XSDParticle(.element(local("total", decimal))),
            XSDParticle(.element(local("weight", double)), minimum: 0),
          ]))))
  }

  init() {
    func global(_ name: String, _ type: XSDComplexType) -> XSDElement {
      XSDElement(name: QualifiedName(Self.namespace, name), isGlobal: true) { .complex(type) }
    }
    let reason = XSDElement(name: QualifiedName(Self.namespace, "OutOfStock"), isGlobal: true) {
      .complex(Self.line)
    }
    elements = Dictionary(
      [global("PlaceOrder", Self.order), global("PlaceOrderResponse", Self.placed), reason].map {
        ($0.name, $0)
      }, uniquingKeysWith: { $1 })
    var types: [QualifiedName: XSDType] = [:]
    for type in [Self.line, Self.rushLine, Self.amount] {
      if let name = type.name { types[name] = .complex(type) }
    }
    for simple in [Self.string, Self.int, Self.long, Self.decimal] {
      if let name = simple.name { types[name] = .simple(simple) }
    }
    self.types = types
  }

  func element(_ name: QualifiedName) -> XSDElement? { elements[name] }
  func type(_ name: QualifiedName) -> XSDType? { types[name] }

  func derivedTypes(of name: QualifiedName) -> [QualifiedName] {
    name.local == "Line" ? [QualifiedName(Self.namespace, "RushLine")] : []
  }

  func substitutes(for head: QualifiedName) -> [XSDElement] { [] }

  /// The codec of the contract, with ports of both versions.
  static func codec(isStrict: Bool = false) throws -> SOAPCodec {
    let components = OrderContract()
    func message(_ name: String) -> WSDLMessage? {
      components.element(QualifiedName(namespace, name)).map { element in
        WSDLMessage(
          name: element.name, isEncoded: false, namespace: namespace,
          body: [WSDLPart(name: "parameters", definition: .element(element))])
      }
    }
    let fault = components.element(QualifiedName(namespace, "OutOfStock")).map {
      WSDLFault(name: "OutOfStock", part: WSDLPart(name: "fault", definition: .element($0)))
    }
    let place = WSDLOperation(
      name: "PlaceOrder", documentation: "Places an order.", action: "urn:orders#place",
      style: .document, input: message("PlaceOrder"), output: message("PlaceOrderResponse"),
      faults: fault.map { [$0] } ?? [])
    func part(_ name: String, _ type: XSDSimpleType) -> WSDLPart {
      WSDLPart(
        name: name,
        definition: .type(
          .simple(type), name: type.name ?? QualifiedName(XMLNamespaces.schema, "anyType")))
    }
    func sumMessage(_ parts: [WSDLPart]) -> WSDLMessage {
      WSDLMessage(
        name: QualifiedName(namespace, "Sum"), isEncoded: false, namespace: "urn:sums", body: parts)
    }
    let sum = WSDLOperation(
      name: "Sum", action: "", style: .rpc,
      input: sumMessage([part("a", int), part("b", int)]),
      output: sumMessage([part("result", long)]))
    // Two parts by element: two children of the Body.
    let pair = ["PlaceOrderResponse", "OutOfStock"].compactMap { message($0)?.body.first }
    let twoParts = WSDLOperation(
      name: "Pair", action: "", style: .document,
      input: WSDLMessage(
        name: QualifiedName(namespace, "Pair"), isEncoded: false, namespace: namespace,
        body: pair), output: nil)
    func port(_ name: String, _ kind: WSDLBinding.Kind) -> WSDLPort {
      WSDLPort(
        name: name, address: "http://example.org/",
        binding: WSDLBinding(
          name: QualifiedName(namespace, name), kind: kind,
          transport: "http://schemas.xmlsoap.org/soap/http", operations: [place, sum, twoParts]))
    }
    let service = WSDLService(
      name: QualifiedName(namespace, "Orders"),
      ports: [port("Orders11", .soap11), port("Orders12", .soap12)])
    return SOAPCodec(
      WSDLDefinitions(
        name: "Orders", targetNamespace: namespace, services: [service], components: components,
        diagnostics: [], documents: []), isStrict: isStrict)
  }
}
