internal import TrestleXML

/// Names of operations over all ports: the same operation offered by several ports has one name, and
/// different ones by the same name are told apart by their port.
struct PortNames {
  private var taken: Set<String> = []
  private var known: [String: [(position: Int, operation: WSDLOperation)]] = [:]
  private var count = 0

  enum Place {
    /// The operation at this position, by another port.
    case known(Int)
    case new(String)
  }

  /// Where an operation of a SOAP port belongs.
  mutating func place(_ operation: WSDLOperation, port: String, service: String) -> Place {
    let same = known[operation.name]?.first { $0.operation.isSame(as: operation) }
    if let same { return .known(same.position) }
    known[operation.name, default: []].append((count, operation))
    count += 1
    return .new(name(operation, port: port, service: service))
  }

  /// A name that nothing else has: the operation's own, else with its port, else with its service.
  mutating func name(_ operation: WSDLOperation, port: String, service: String) -> String {
    let candidates = [
      operation.name, "\(port).\(operation.name)", "\(service).\(port).\(operation.name)",
    ]
    for name in candidates where taken.insert(name).inserted { return name }
    var number = 2
    while !taken.insert("\(candidates[2]).\(number)").inserted { number += 1 }
    return "\(candidates[2]).\(number)"
  }
}

extension WSDLBinding.Kind {
  /// The version of SOAP; nil for other bindings.
  var version: SOAPVersion? {
    switch self {
    case .soap11: .soap11
    case .soap12: .soap12
    case .http, .other: nil
    }
  }
}

extension WSDLOperation.Exchange {
  /// Whether a client begins it.
  var isCallable: Bool { self == .requestResponse || self == .oneWay }
}

extension WSDLOperation {
  /// Whether two ports' operations put the same onto the wire.
  fileprivate func isSame(as other: WSDLOperation) -> Bool {
    style == other.style && wireName == other.wireName && exchange == other.exchange
      && WSDLMessage.areSame(input, other.input) && WSDLMessage.areSame(output, other.output)
  }
}

extension WSDLMessage {
  fileprivate static func areSame(_ first: WSDLMessage?, _ second: WSDLMessage?) -> Bool {
    guard let first, let second else { return first == nil && second == nil }
    return first.name == second.name && first.isEncoded == second.isEncoded
      && first.namespace == second.namespace && first.body.map(\.name) == second.body.map(\.name)
      && first.headers.map(\.name) == second.headers.map(\.name)
      && first.attachments.map(\.name) == second.attachments.map(\.name)
  }
}

extension WSDLPort {
  /// The path of its address; nil where it has no address that says one.
  var path: String? {
    guard let address, let scheme = address.firstRange(of: "://") else { return nil }
    return String(address[scheme.upperBound...].drop { $0 != "/" }.prefix { $0 != "?" })
  }
}
