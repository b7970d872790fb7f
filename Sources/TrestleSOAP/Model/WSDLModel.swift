package import TrestleCore
package import TrestleXML

/// A WSDL 1.1 contract with all its imports, resolved.
package struct WSDLDefinitions: Sendable {
  package var name: String
  package var targetNamespace: String
  package var documentation: String?
  package var services: [WSDLService]
  package var components: any XSDComponents
  package var diagnostics: [Diagnostic]
  /// The main document first, then its imports: what a mock hands out under `?wsdl`.
  package var documents: [WSDLDocument]
  /// The prefixes of the main document and of the schemas in it; an outer declaration goes first.
  package var namespaces: [String: String] = [:]

  package init(
    name: String, targetNamespace: String, documentation: String? = nil,
    services: [WSDLService], components: any XSDComponents, diagnostics: [Diagnostic],
    documents: [WSDLDocument]
  ) {
    self.name = name
    self.targetNamespace = targetNamespace
    self.documentation = documentation
    self.services = services
    self.components = components
    self.diagnostics = diagnostics
    self.documents = documents
  }
}

/// One file of a contract, as it was read.
package struct WSDLDocument: Sendable {
  /// Where it lies, relative to the main document's folder.
  package var path: String
  package var bytes: [UInt8]
  /// The imports it makes: the location as written, and the position in `documents` it led to.
  package var references: [(location: String, document: Int)]

  package init(path: String, bytes: [UInt8], references: [(location: String, document: Int)] = []) {
    self.path = path
    self.bytes = bytes
    self.references = references
  }
}

package struct WSDLService: Sendable {
  package var name: QualifiedName
  package var documentation: String?
  package var ports: [WSDLPort]

  package init(name: QualifiedName, documentation: String? = nil, ports: [WSDLPort]) {
    self.name = name
    self.documentation = documentation
    self.ports = ports
  }
}

package struct WSDLPort: Sendable {
  package var name: String
  /// The location of its address element; nil where it has none.
  package var address: String?
  package var binding: WSDLBinding

  package init(name: String, address: String?, binding: WSDLBinding) {
    self.name = name
    self.address = address
    self.binding = binding
  }
}

package struct WSDLBinding: Sendable {
  package enum Kind: Sendable, Hashable {
    case soap11, soap12
    /// http:binding, with its verb.
    case http(String)
    /// Anything else, by its extension element's namespace.
    case other(String)
  }

  package var name: QualifiedName
  package var kind: Kind
  package var transport: String
  package var operations: [WSDLOperation]

  package init(
    name: QualifiedName, kind: Kind, transport: String, operations: [WSDLOperation]
  ) {
    self.name = name
    self.kind = kind
    self.transport = transport
    self.operations = operations
  }
}

/// An operation as one binding offers it.
package struct WSDLOperation: Sendable {
  package enum Style: String, Sendable {
    case document, rpc
  }

  /// Who sends first, and whether an answer comes (WSDL 1.1 §2.4).
  package enum Exchange: Sendable {
    case requestResponse, oneWay
    /// The service sends, and the client answers or not: nobody calls these.
    case solicitResponse, notification
  }

  /// Unique in its binding: an overloaded operation after the first is told apart by its input
  /// (`Echo.EchoNumber`).
  package var name: String
  /// The name as the contract has it, which an rpc wrapper takes.
  package var wireName: String
  package var documentation: String?
  /// The SOAPAction or action parameter; empty text where it is given empty, nil where it is not given.
  package var action: String?
  package var style: Style
  package var exchange: Exchange
  /// Nil for a notification.
  package var input: WSDLMessage?
  /// Nil for a one-way operation.
  package var output: WSDLMessage?
  package var faults: [WSDLFault]
  /// http:operation's location, relative to the port's address; nil outside http bindings.
  package var location: String?
  /// What keeps it from working, already among the contract's diagnostics; empty when it works.
  package var problems: [String]

  package init(
    name: String, wireName: String? = nil, documentation: String? = nil, action: String?,
    style: Style, input: WSDLMessage?, output: WSDLMessage?, faults: [WSDLFault] = [],
    location: String? = nil, problems: [String] = [], exchange: Exchange? = nil
  ) {
    self.name = name
    self.wireName = wireName ?? name
    self.documentation = documentation
    self.action = action
    self.style = style
    self.input = input
    self.output = output
    self.faults = faults
    self.location = location
    self.problems = problems
    self.exchange =
      exchange ?? (input == nil ? .notification : output == nil ? .oneWay : .requestResponse)
  }
}

/// A message as one binding puts it into an envelope.
package struct WSDLMessage: Sendable {
  package var name: QualifiedName
  package var isEncoded: Bool
  /// The namespace of the rpc wrapper (soap:body's `namespace`).
  package var namespace: String
  /// The parts that go into the Body, in order.
  package var body: [WSDLPart]
  package var headers: [WSDLPart]
  /// Parts that the binding carries outside the envelope (mime:content).
  package var attachments: [WSDLPart]
  /// How an http binding carries it; nil in an envelope.
  package var form: Form?

  /// WSDL 1.1 §4 and §5.
  package enum Form: Sendable, Hashable {
    /// Parts as pairs in the URL's query.
    case urlEncoded
    /// Parts in the place of their names in the URL.
    case urlReplacement
    /// A body of a media type: of one part, or of all.
    case content(type: String, part: String?)
  }

  package init(
    name: QualifiedName, isEncoded: Bool, namespace: String, body: [WSDLPart],
    headers: [WSDLPart] = [], attachments: [WSDLPart] = [], form: Form? = nil
  ) {
    self.name = name
    self.isEncoded = isEncoded
    self.namespace = namespace
    self.body = body
    self.headers = headers
    self.attachments = attachments
    self.form = form
  }
}

/// A message part: by element or by type.
package struct WSDLPart: Sendable {
  package enum Definition: Sendable {
    case element(XSDElement)
    case type(XSDType, name: QualifiedName)
  }

  package var name: String
  package var definition: Definition
  /// For a header or fault part: whether its soap:header or soap:fault says `use="encoded"`.
  package var isEncoded: Bool
  /// For a header or fault part by type: the namespace its element is in.
  package var namespace: String

  package init(
    name: String, definition: Definition, isEncoded: Bool = false, namespace: String = ""
  ) {
    self.name = name
    self.definition = definition
    self.isEncoded = isEncoded
    self.namespace = namespace
  }
}

extension WSDLPart {
  /// The local name of the element it is by itself: the one it names, or its own.
  var elementName: String {
    switch definition {
    case .element(let element): element.name.local
    case .type: name
    }
  }
}

package struct WSDLFault: Sendable {
  package var name: String
  package var part: WSDLPart

  package init(name: String, part: WSDLPart) {
    self.name = name
    self.part = part
  }
}
