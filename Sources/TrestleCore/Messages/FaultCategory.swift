/// What a fault means to the one who called, in no protocol's words: the same few kinds for every
/// system, which each spells its own way.
///
/// The names are those of google.rpc.Code, which tools know.
public enum FaultCategory: String, Sendable, Hashable, CaseIterable {
  /// The parameters are wrong, whatever the state of the system.
  case invalidArgument = "invalid_argument"
  /// The system does not know who calls, or no longer does.
  case unauthenticated
  /// The system knows who calls, and does not let them.
  case permissionDenied = "permission_denied"
  /// What was asked for is not there.
  case notFound = "not_found"
  /// What was to be made is there already.
  case alreadyExists = "already_exists"
  /// The system is not in the state that the call needs.
  case failedPrecondition = "failed_precondition"
  /// Another call got in the way; the whole attempt may be made again.
  case aborted
  /// A limit was reached, of calls or of space.
  case resourceExhausted = "resource_exhausted"
  /// The system has no such operation.
  case unimplemented
  /// Something in the system broke.
  case `internal`
  /// The system, or one behind it, cannot answer now.
  case unavailable
  /// The system gave up waiting.
  case deadlineExceeded = "deadline_exceeded"

  /// Whether the same call may succeed a little later, where a table does not say otherwise.
  public var isRetryable: Bool {
    switch self {
    case .aborted, .resourceExhausted, .unavailable, .deadlineExceeded: true
    default: false
    }
  }
}
