public import Trestle
internal import TrestleCore

/// `gateway.yaml`: who may use the gateway, and how.
///
///     tls: { cert: gateway.pem, key: gateway.key }
///     tokens:
///       - { name: ci, secret: "${secret:ci}", scopes: [call], systems: [stock] }
public struct GatewayFile: Sendable {
  /// The clients that it tells of; empty where it has mistakes.
  public let tokens: [ClientToken]
  /// Whose tokens are taken beside these; nil where it does not say, or has mistakes.
  public let oauth: OAuthSettings?
  /// How the gateway shows itself over TLS; nil where it does not say, or has mistakes.
  public let tls: ListenerTLS?
  /// Where its requests are told of; nil where it does not say, or has mistakes.
  public let audit: AuditDestination?
  /// What is wrong with it.
  public let diagnostics: [Diagnostic]

  /// What the file is called at the top of a workspace.
  public static let name = "gateway.yaml"

  /// Reads a file of a workspace. Never fails: mistakes are in `diagnostics`, and a file with any says nothing else.
  public init(path: String, workspace: Workspace) {
    var file = SettingsFile(path: path, root: workspace.directory, keys: Self.keys)
    var tokens: [ClientToken] = []
    var tls: ListenerTLS?
    var oauth: OAuthSettings?
    if !Self.isBroken(file) {
      if file.record.isEmpty {
        file.add(ValueProblem(.error, "the file is empty", at: ValuePath([]), hint: "remove it"))
      }
      tokens = Self.tokens(&file, systems: workspace.systems.map(\.name))
      oauth = Self.oauth(&file, in: FilePaths.parent(path))
      tls = Self.tls(file.record, in: FilePaths.parent(path))
    }
    let isBroken = Self.isBroken(file)
    self.tokens = isBroken ? [] : tokens
    self.oauth = isBroken ? nil : oauth
    self.tls = isBroken ? nil : tls
    audit = isBroken ? nil : Self.audit(file.record, in: FilePaths.parent(path))
    diagnostics = file.diagnostics
  }

  /// Whether it has mistakes.
  public var isBroken: Bool { diagnostics.contains { $0.severity == .error } }

  private static func isBroken(_ file: SettingsFile) -> Bool {
    file.diagnostics.contains { $0.severity == .error }
  }

  static let keys: [AdapterKey] = [
    AdapterKey("tokens", .list(.object(tokenKeys)), "Who may use the gateway."),
    AdapterKey(
      "oauth", .object(oauthKeys), "Whose tokens are taken beside these: an OAuth 2.0 issuer's."),
    AdapterKey(
      "tls", .object(tlsKeys), "How it shows itself over TLS; in the clear when left out."),
    AdapterKey(
      "audit", .text,
      "The file in which a line tells of each request that calls or steers; - for standard error."),
  ]

  private static func audit(_ record: Record, in folder: String) -> AuditDestination? {
    guard let text = record["audit"]?.scalarText else { return nil }
    return text == "-" ? .standardError : .file(FilePaths.absolute(text, base: folder))
  }

  // MARK: TLS

  private static let tlsKeys: [AdapterKey] = [
    AdapterKey(
      "cert", .text, "The PEM file of its certificate, and of those up to the authority.",
      isRequired: true),
    AdapterKey("key", .text, "The PEM file of the certificate's key.", isRequired: true),
    AdapterKey(
      "client_ca", .text,
      "The PEM file of the authorities whose clients may connect; all when left out."),
  ]

  /// Paths are relative to the file.
  private static func tls(_ record: Record, in folder: String) -> ListenerTLS? {
    func path(_ key: String) -> String? {
      record["tls"]?[key]?.scalarText.map { FilePaths.absolute($0, base: folder) }
    }
    guard let certificate = path("cert"), let key = path("key") else { return nil }
    return ListenerTLS(certificate: certificate, key: key, clientAuthorities: path("client_ca"))
  }
}
