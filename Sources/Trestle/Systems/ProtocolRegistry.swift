internal import TrestleCore

/// The protocols a workspace may use, by the names its files give them.
///
///     let registry = ProtocolRegistry.standard
///       .registering("upper-echo") { definition, context in UpperEchoCodec(definition) }
public struct ProtocolRegistry: Sendable {
  /// Makes the codec of one system. What is wrong but leaves some operations working goes to the
  /// context; what leaves none is thrown.
  public typealias Factory =
    @Sendable (AdapterDefinition, LoadContext) throws -> any Codec

  struct Registration: Sendable {
    /// The protocol's own keys of an adapter file; nil lets any key stand.
    var keys: [AdapterKey]?
    var make: Factory
  }

  private(set) var registrations: [String: Registration] = [:]

  /// A registry without any protocol.
  public init() {}

  /// This registry with one more protocol, whose adapter files may have any keys besides the
  /// common ones. A protocol of the same name is replaced.
  public func registering(_ name: String, _ make: @escaping Factory) -> ProtocolRegistry {
    registering(name, keys: nil, make)
  }

  package func registering(
    _ name: String, keys: [AdapterKey]?, _ make: @escaping Factory
  ) -> ProtocolRegistry {
    var registry = self
    registry.registrations[name] = Registration(keys: keys, make: make)
    return registry
  }

  /// The registered names, sorted.
  public var names: [String] { registrations.keys.sorted() }

  /// Makes the codec of a system.
  ///
  /// - Throws: `LoadError` for an unknown protocol, else what the protocol's factory throws.
  func codec(for definition: AdapterDefinition, context: LoadContext) throws -> any Codec {
    guard let registration = registrations[definition.protocolName] else {
      throw Self.unsupported(definition.protocolName, among: names)
    }
    return try registration.make(definition, context)
  }

  static func unsupported(_ name: String, among names: [String]) -> LoadError {
    LoadError(
      "Unsupported protocol: \(name)" + Suggestion.clause(for: name, among: names),
      hint: "known protocols: \(names.joined(separator: ", "))")
  }
}
