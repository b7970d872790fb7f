internal import TrestleXML

/// A file of a contract, parsed.
final class ContractFile: Sendable {
  /// Its path below the root; for a bundled schema, its name.
  let path: String
  /// How messages name it.
  let displayPath: String
  let document: XMLDocument
  /// Its position among the contract's documents.
  let position: Int

  init(path: String, displayPath: String, document: XMLDocument, position: Int) {
    self.path = path
    self.displayPath = displayPath
    self.document = document
    self.position = position
  }
}
