internal import TrestleCore
internal import TrestleXML

/// An operation with its compiled messages.
package struct SOAPOperation: Sendable {
  package let name: String
  package let documentation: String?
  package let style: WSDLOperation.Style
  /// The action by version; a version that is missing has no binding of its own.
  package var actions: [SOAPVersion: String]
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

  /// Whether a message of it follows the rules of the encoding.
  package var isEncoded: Bool { input.isEncoded || output?.isEncoded == true }

  /// The versions that have a binding, oldest first.
  package var versions: [SOAPVersion] {
    [SOAPVersion.soap11, .soap12].filter { actions[$0] != nil }
  }

  init(_ operation: WSDLOperation, version: SOAPVersion, context: PlanContext) {
    name = operation.name
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
    return notes
  }
}
