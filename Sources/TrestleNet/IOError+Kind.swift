internal import NIOCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension IOError {
  /// The failures of the operating system that we have words for.
  enum Kind {
    case addressInUse
    case addressUnavailable
    case notPermitted
    case refused
    case unreachable
    case timedOut
    /// The peer had closed before we wrote.
    case brokenPipe
    case reset
    case tooManyFiles
    case other
  }

  var kind: Kind {
    switch errnoCode {
    case EADDRINUSE: .addressInUse
    case EADDRNOTAVAIL: .addressUnavailable
    case EACCES, EPERM: .notPermitted
    case ECONNREFUSED: .refused
    case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN: .unreachable
    case ETIMEDOUT: .timedOut
    case EPIPE: .brokenPipe
    case ECONNRESET, ECONNABORTED, ENOTCONN: .reset
    case EMFILE, ENFILE: .tooManyFiles
    default: .other
    }
  }
}
