internal import TrestleCore
internal import TrestleXML

/// An operation with its compiled messages.
package struct SOAPOperation: Sendable {
  package let name: String
  package let documentation: String?
  package let style: WSDLOperation.Style
  /// The action by version; a version that is missing has no binding of its own.
  package var actions: [SOAPVersion: String]
  /// Who sends first.
  package let exchange: WSDLOperation.Exchange
  /// The paths of the addresses it is offered at: what tells ports apart that share an element.
  private(set) var paths: Set<String> = []
  package let input: MessagePlan
  package let output: MessagePlan?
  package let faults: [FaultPlan]

  /// A declared fault: the element its detail holds.
  package struct FaultPlan: Sendable {
    package let name: String
    package let element: ElementPlan
    /// The member of a detail that holds it: the element's local name, with its namespace where two
    /// faults differ by that alone.
    package let key: String
  }

  package var isOneWay: Bool { output == nil }

  /// Whether a client begins it: not so for what the service sends by itself.
  package var isCallable: Bool { exchange.isCallable }

  /// Adds a port that offers it as well.
  mutating func add(path: String?, _ version: SOAPVersion, _ operation: WSDLOperation) {
    if actions[version] == nil { actions[version] = operation.action ?? "" }
    if let path { paths.insert(path) }
  }

  /// Whether a message of it follows the rules of the encoding.
  package var isEncoded: Bool { input.isEncoded || output?.isEncoded == true }

  /// The versions that have a binding, oldest first.
  package var versions: [SOAPVersion] {
    [SOAPVersion.soap11, .soap12].filter { actions[$0] != nil }
  }

  init(
    _ operation: WSDLOperation, name: String, version: SOAPVersion, context: PlanContext
  ) {
    self.name = name
    exchange = operation.exchange
    documentation = operation.documentation
    style = operation.style
    actions = [version: operation.action ?? ""]
    input =
      operation.input.map {
        MessagePlan(
          $0, style: operation.style, wrapper: operation.wireName, isReply: false, context: context)
      } ?? MessagePlan(roots: [], headers: [], isRPC: false)
    output = operation.output.map {
      // WSDL 1.1 §3.5: the wrapper of an rpc reply is named after the operation, with "Response".
      MessagePlan(
        $0, style: operation.style, wrapper: operation.wireName + "Response", isReply: true,
        context: context)
    }
    let elements = operation.faults.map { fault in
      context.element(
        of: fault.part, namespace: fault.part.namespace, isEncoded: fault.part.isEncoded)
    }
    faults = zip(operation.faults, elements).map { fault, element in
      let isAmbiguous = elements.contains {
        $0.name.local == element.name.local && $0.name != element.name
      }
      return FaultPlan(
        name: fault.name, element: element,
        key: isAmbiguous ? element.name.description : element.name.local)
    }
  }

  /// What `describe` shows about it.
  package var notes: [String] {
    var notes = [
      "SOAP " + versions.map(\.rawValue).joined(separator: " and ") + " \(style.rawValue)/"
        + (isEncoded ? "encoded" : "literal")
    ]
    if let action = versions.first.flatMap({ actions[$0] }), !action.isEmpty {
      notes.append("action \(action)")
    }
    switch exchange {
    case .requestResponse, .oneWay: break
    case .notification:
      notes.append("notification: the service sends it, it cannot be called (WSDL 1.1 §2.4.4)")
    case .solicitResponse:
      notes.append("solicit-response: the service asks, it cannot be called (WSDL 1.1 §2.4.3)")
    }
    for attachment in input.attachments {
      notes.append("\(attachment.name) is an attachment, which cannot be sent yet")
    }
    for attachment in output?.attachments ?? [] {
      notes.append("\(attachment.name) is an attachment, which cannot be read yet")
    }
    return notes
  }
}
