public import TrestleCore

extension SOAPCodec {
  /// Why a contract gave no codec.
  public struct LoadFailure: Error, Sendable, CustomStringConvertible {
    /// What loading found, errors first.
    public let diagnostics: [Diagnostic]

    /// A line per diagnostic.
    public var description: String {
      diagnostics.map(\.description).joined(separator: "\n")
    }
  }

  /// Loads a WSDL 1.1 contract with the files it imports, which must lie in its folder.
  ///
  /// Operations that a mistake keeps from working are left out; what was found is in the contract's
  /// diagnostics.
  ///
  /// - Throws: `LoadFailure` when no operation is left.
  public static func load(
    wsdl path: String, service: String? = nil, port: String? = nil
  ) throws(LoadFailure) -> SOAPCodec {
    let codec = SOAPCodec(WSDLLoader.load(file: path), service: service, port: port)
    guard !codec.contract.operations.isEmpty else {
      let found = codec.contract.diagnostics
      let errors = found.filter { $0.severity == .error }
      let others = found.filter { $0.severity != .error }
      let summary = Diagnostic(
        .error, "the contract offers no operation of a SOAP or http binding", file: path)
      throw LoadFailure(diagnostics: errors + others + [summary])
    }
    return codec
  }
}
