/// What a system offers, in no protocol's words: drives validation, samples, `describe`, JSON Schema
/// and tools.
public struct Contract: Sendable {
  /// The name the contract gives itself (a service's name); the system's name where it has none.
  public var name: String
  /// What the contract says about the service as a whole; nil when it says nothing.
  public var documentation: String?
  /// In the contract's order. Names are unique.
  public private(set) var operations: [Operation]
  /// Whether operations outside the list may be called: true for a system without a contract.
  public var isOpen: Bool
  /// Whether messages carry headers beside their value, as SOAP's do.
  public var hasHeaders: Bool
  /// What loading found.
  public var diagnostics: [Diagnostic]

  /// The prefixes that its own documents give to namespaces, for expressions about messages.
  package var namespaces: [String: String] = [:]
  /// Finds operations by where they are, for protocols in which people name them so; nil for others.
  package var endpoints: (any EndpointNaming)?

  private var positions: NameTable<Int>

  /// Makes a contract; of operations with the same name the last one is found.
  public init(
    name: String, documentation: String? = nil, operations: [Operation], isOpen: Bool = false,
    hasHeaders: Bool = false, diagnostics: [Diagnostic] = []
  ) {
    self.name = name
    self.documentation = documentation
    self.operations = operations
    self.isOpen = isOpen
    self.hasHeaders = hasHeaders
    self.diagnostics = diagnostics
    positions = NameTable(operations.enumerated().map { ($0.element.name, $0.offset) })
  }

  /// The operation of a name, or nil.
  public func operation(named name: String) -> Operation? {
    positions[name].map { operations[$0] }
  }

  /// Whether there may be calls of an operation: one of the list, one by where it is, or any.
  package func allows(_ operation: String) -> Bool {
    isOpen || positions[operation] != nil || endpoints?.operations(at: operation).isEmpty == false
  }

  /// Replaces the operation of the same name, or appends a new one.
  public mutating func set(_ operation: Operation) {
    if let position = positions[operation.name] {
      operations[position] = operation
    } else {
      positions[operation.name] = operations.count
      operations.append(operation)
    }
  }
}
