package import TrestleNet

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The process's environment variables, and a workspace's secrets.
enum Surroundings {
  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  /// A secret: the variable `TRESTLE_SECRET_NAME`, else the file `.trestle/secrets/NAME`.
  static func secret(_ name: String, root: String) -> String? {
    if let value = variable("TRESTLE_SECRET_" + Interpolation.variable(name)) { return value }
    guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."),
      let bytes = try? FilePaths.read("\(root)/.trestle/secrets/\(name)", limit: 1 << 20)
    else { return nil }
    // Editors end files with a line break, which is never part of a secret.
    var text = String(decoding: bytes, as: UTF8.self)
    while text.hasSuffix("\n") || text.hasSuffix("\r") || text.hasSuffix("\r\n") {
      text.removeLast()
    }
    return text
  }
}

extension HTTPProxyRules {
  /// What the process's environment says.
  package static var ofProcess: HTTPProxyRules { .environment(Surroundings.variable) }
}
