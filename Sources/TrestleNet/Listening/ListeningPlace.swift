/// Where a server listens.
package enum ListeningPlace: Sendable, Hashable {
  /// A port of an address; port 0 takes any free one.
  case port(Int, host: String = "127.0.0.1")
  /// A socket of this machine, by its path.
  case socket(String)
}
