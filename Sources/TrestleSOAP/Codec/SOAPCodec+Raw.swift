public import TrestleCore
internal import TrestleXML

extension SOAPCodec {
  /// A request of XML that somebody wrote: an envelope is sent as it is, whatever version it is in;
  /// anything else becomes the content of a Body.
  ///
  /// - Throws: `CodecError` for what is no XML, and for what breaks the schemas where they are checked.
  public func request(withBody body: [UInt8], for call: Call) throws(CodecError) -> WireRequest {
    let root: QualifiedName
    do throws(XMLFailure) {
      root = try XMLDocument(body, limits: limits).root.name
    } catch {
      throw error.codecError
    }
    let operation = positions[call.operation].map { operations[$0] }
    if root.local == "Envelope", let version = SOAPVersion(namespace: root.namespace) {
      try requireValid(body)
      return request(body, version: version, action: operation?.actions[version] ?? "")
    }
    let version =
      operation.flatMap { $0.actions[preferredVersion] == nil ? $0.versions.first : nil }
      ?? preferredVersion
    let segments = segments(version)
    let message = segments.start + segments.body.open + Self.withoutDeclaration(body) + segments.end
    try requireValid(message)
    return request(message, version: version, action: operation?.actions[version] ?? "")
  }

  /// A document's bytes from its root on: a declaration stands only at the beginning of one.
  private static func withoutDeclaration(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    guard bytes.starts(with: Array("<?xml".utf8)),
      let end = bytes.firstIndex(of: UInt8(ascii: ">"))
    else { return bytes[...] }
    return bytes[(end + 1)...]
  }
}
