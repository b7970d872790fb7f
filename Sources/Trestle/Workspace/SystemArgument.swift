internal import TrestleCore

/// A system named on a command line by a file or a URL instead of a name.
struct SystemArgument {
  let text: String
  let registry: ProtocolRegistry
  let directory: String

  init(_ text: String, registry: ProtocolRegistry, directory: String) {
    self.text = text
    self.registry = registry
    self.directory = directory
  }

  /// The system; nil when the text is neither a file nor a URL.
  func load() async throws(BridgeError) -> LegacySystem? { nil }
}
