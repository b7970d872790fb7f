internal import TrestleCore
internal import TrestleSOAP

extension ProtocolRegistry {
  /// SOAP, XML-RPC and custom TCP.
  public static let standard = ProtocolRegistry()
    .registering("soap", keys: AdapterSchema.keys(of: "soap"), makeSOAP)

  private static func makeSOAP(
    _ definition: AdapterDefinition, _ context: LoadContext
  ) throws -> any Codec {
    guard definition["wsdl"] == nil else {
      throw LoadError("reading a WSDL is not available yet")
    }
    let open = OpenSOAP(
      namespace: definition["namespace"]?.scalarText ?? "",
      isFlat: definition["reply"] == "flat")
    return SOAPCodec(open: open, name: definition.system, isStrict: definition.isStrict)
  }
}

extension AdapterSchema {
  /// The keys that a protocol of the table adds.
  fileprivate static func keys(of name: String) -> [AdapterKey] {
    protocols.first { $0.name == name }?.keys ?? []
  }
}
