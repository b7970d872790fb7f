internal import TrestleCore
internal import TrestleSOAP
internal import TrestleXMLRPC

extension ProtocolRegistry {
  /// SOAP, XML-RPC and custom TCP.
  public static let standard = ProtocolRegistry()
    .registering("soap", keys: AdapterSchema.ownKeys(of: "soap"), makeSOAP)
    .registering("xml_rpc", keys: AdapterSchema.ownKeys(of: "xml_rpc"), makeXMLRPC)

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

  private static func makeXMLRPC(
    _ definition: AdapterDefinition, _ context: LoadContext
  ) -> any Codec {
    if definition["introspect"]?.boolValue == true {
      context.report(
        .error, "introspect is not available yet", at: "introspect",
        hint: "declare the methods under methods:")
    }
    var diagnostics: [Diagnostic] = []
    let codec = XMLRPCCodec.make(
      definition: .object(definition.document), name: definition.system, diagnostics: &diagnostics)
    for diagnostic in diagnostics { context.report(diagnostic) }
    return codec
  }
}
