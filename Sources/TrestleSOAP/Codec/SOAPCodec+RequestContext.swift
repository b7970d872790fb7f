internal import TrestleCore

extension SOAPCodec {
  /// What a call must remember between its decoding and its answer.
  final class RequestContext: CallContext {
    let version: SOAPVersion
    /// The namespace of the request's element, for systems without a contract.
    let namespace: String
    /// Whether the request's elements said their types.
    let isEncoded: Bool
    /// Whether the request's members were in the namespace of its element.
    let isQualified: Bool

    init(
      version: SOAPVersion, namespace: String = "", isEncoded: Bool = false,
      isQualified: Bool = false
    ) {
      self.version = version
      self.namespace = namespace
      self.isEncoded = isEncoded
      self.isQualified = isQualified
    }

    /// Where there is a contract, all that counts is the version.
    static func known(_ version: SOAPVersion) -> RequestContext {
      version == .soap11 ? soap11 : soap12
    }

    private static let soap11 = RequestContext(version: .soap11)
    private static let soap12 = RequestContext(version: .soap12)
  }
}
