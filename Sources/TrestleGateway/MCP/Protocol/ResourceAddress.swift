internal import Trestle

/// What a resource's URI means.
enum ResourceAddress: Sendable, Hashable {
  case system(String)
  case operation(system: String, operation: String)
  case contract(String)
  case call(String)
  case blob(String)

  /// Reads `trestle://…`; nil for what is none of ours.
  init?(_ uri: String) {
    let scheme = "trestle://"
    guard uri.hasPrefix(scheme) else { return nil }
    let parts = uri.dropFirst(scheme.count).split(
      separator: "/", omittingEmptySubsequences: false
    ).map { PercentEncoding.decoded($0) }
    switch (parts.first, parts.count) {
    case ("systems"?, 2): self = .system(parts[1])
    case ("systems"?, 3) where parts[2] == "wsdl": self = .contract(parts[1])
    case ("systems"?, 4) where parts[2] == "operations":
      self = .operation(system: parts[1], operation: parts[3])
    case ("calls"?, 2): self = .call(parts[1])
    case ("blobs"?, 2): self = .blob(uri)
    default: return nil
    }
  }

  var uri: String {
    func path(_ parts: String...) -> String {
      "trestle://" + parts.map { PercentEncoding.encoded($0) }.joined(separator: "/")
    }
    return switch self {
    case .system(let system): path("systems", system)
    case .operation(let system, let operation): path("systems", system, "operations", operation)
    case .contract(let system): path("systems", system, "wsdl")
    case .call(let id): path("calls", id)
    case .blob(let uri): uri
    }
  }

  /// The system that it is about; nil where it is about none.
  var system: String? {
    switch self {
    case .system(let system), .operation(let system, _), .contract(let system): system
    case .call, .blob: nil
    }
  }
}
