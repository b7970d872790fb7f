package import TrestleCore

/// Where the files of a contract came from, so that what they say of each other by URL is found among
/// them, as it was where they were fetched.
package struct ContractCatalog: Sendable {
  /// A file, by its name in the folder of the main document.
  package struct Entry: Sendable, Hashable {
    package var file: String
    /// Every address that gave it; what it says of others is relative to the first.
    package var addresses: [WebAddress]

    package init(file: String, addresses: [WebAddress]) {
      self.file = file
      self.addresses = addresses
    }
  }

  package let entries: [Entry]
  private let bases: [String: WebAddress]
  private let files: [WebAddress: String]

  package init(_ entries: [Entry]) {
    self.entries = entries
    bases = Dictionary(
      entries.compactMap { entry in entry.addresses.first.map { (entry.file, $0) } },
      uniquingKeysWith: { first, _ in first })
    files = Dictionary(
      entries.flatMap { entry in entry.addresses.map { ($0, entry.file) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// What a location means in a file.
  enum Target {
    case file(String)
    /// An address that none of the files came from.
    case unknown(WebAddress)
  }

  /// Where a location in a file leads; nil for files that came from no address, and for locations that
  /// are none.
  func target(of location: String, in file: String) -> Target? {
    guard let address = bases[file]?.resolving(location) else { return nil }
    return files[address].map { .file($0) } ?? .unknown(address)
  }
}
