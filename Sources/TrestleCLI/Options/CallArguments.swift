internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// The value of `--auth`.
struct CredentialsArgument: ExpressibleByArgument {
  /// What shows who calls.
  enum Kind {
    case http(HTTPCredentials)
    /// PEM files of a client certificate and its key.
    case certificate(String, key: String)
  }

  let kind: Kind
  /// The user, of HTTP Basic.
  let basicUser: String?

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    let rest = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    basicUser = parts[0] == "basic" ? String(rest[0]) : nil
    switch parts[0] {
    case "bearer": kind = .http(.bearer(String(parts[1])))
    case "basic" where rest.count == 2:
      kind = .http(.basic(user: String(rest[0]), password: String(rest[1])))
    case "digest" where rest.count == 2:
      kind = .http(.digest(user: String(rest[0]), password: String(rest[1])))
    case "header" where rest.count == 2 && !rest[0].isEmpty:
      kind = .http(
        .field(Headers.Field(name: String(rest[0]), value: String(rest[1].trimmed))))
    case "mtls" where rest.count == 2 && !rest[0].isEmpty && !rest[1].isEmpty:
      kind = .certificate(String(rest[0]), key: String(rest[1]))
    default: return nil
    }
  }
}

/// The value of `-H`.
struct HeaderArgument: ExpressibleByArgument {
  let field: Headers.Field

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    field = Headers.Field(name: String(parts[0]), value: String(parts[1].trimmed))
  }
}

/// The value of `--timeout`.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    guard let duration = Duration(written: argument) else { return nil }
    self.duration = duration
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
