/// Why a server could not listen.
package struct ListenError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it was.
  package enum Kind: String, Sendable {
    case portInUse
    case notPermitted
    case addressUnavailable
    case tls
    case other
  }

  package var kind: Kind
  package var host: String
  package var port: Int
  /// What happened, as a clause: `port 8101 on 127.0.0.1 is in use`.
  package var reason: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  package var hint: String?

  package init(kind: Kind, host: String, port: Int, reason: String, hint: String? = nil) {
    self.kind = kind
    self.host = host
    self.port = port
    self.reason = reason
    self.hint = hint
  }

  /// What happened and what to do.
  package var description: String { hint.map { reason + "; " + $0 } ?? reason }
}
