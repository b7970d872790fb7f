/// The revisions of the Model Context Protocol that are spoken here.
///
/// There are two eras. Since 2026-07-28 every request says in its `_meta` which revision it is of, and nothing
/// is remembered between requests; before, a connection began with `initialize`.
enum MCPVersion {
  static let modern = "2026-07-28"
  /// The newest first.
  static let legacy = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  static let all = [modern] + legacy

  /// What a request over HTTP is of that says nothing: only revisions before the header did not send it.
  static let unsaid = "2025-03-26"

  /// What `initialize` is answered with: the revision that was asked for, else the newest with a handshake.
  static func negotiated(_ asked: String?) -> String {
    asked.flatMap { legacy.contains($0) ? $0 : nil } ?? legacy[0]
  }
}

/// By which rules one request is answered.
enum MCPEra: Sendable, Hashable {
  case modern
  case legacy(String)

  var isModern: Bool { self == .modern }

  /// Whether a result may name a resource in place of holding it.
  var knowsResourceLinks: Bool {
    if case .legacy(let version) = self { return version >= "2025-06-18" }
    return true
  }
}

/// The keys of `_meta` that the protocol itself means.
enum MCPMeta {
  static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
  static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
  static let serverInfo = "io.modelcontextprotocol/serverInfo"
  static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
}
