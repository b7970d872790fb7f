public import Trestle

/// The gateway's OpenAPI document, without a gateway that runs.
public enum GatewayDocument {
  /// The document of a workspace's systems, without the steering of mocks.
  ///
  /// `server` is the URL that programs made from it call; the document's own place when left out.
  public static func openAPI(
    of workspace: Workspace, isReadOnly: Bool = false, server: String? = nil,
    version: String = "0.1.0"
  ) -> Value {
    var options = GatewayOptions(version: version)
    options.isReadOnly = isReadOnly
    let gateway = Gateway(workspace, mocks: nil, options: options)
    var document =
      GatewayRoutes(gateway: gateway, faces: []).document().objectValue ?? [:]
    if let server { document["servers"] = [["url": .string(server)]] }
    return .object(document)
  }
}
