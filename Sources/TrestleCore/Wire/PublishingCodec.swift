/// A codec whose contract is documents in its protocol's own language, which clients are made from (WSDL).
package protocol PublishingCodec: Codec {
  /// The documents by their names, the main one first; empty where the contract was never written down.
  var contractDocuments: [String] { get }

  /// A document of the contract; nil for a name that none has.
  ///
  /// - Parameters:
  ///   - name: Its name, the main one's where it is left out.
  ///   - place: Where the document of a name is found by whoever reads this one.
  ///   - address: Where the service is; as the document says it where it is left out.
  /// - Returns: The document's bytes.
  func contractDocument(
    _ name: String?, place: (String) -> String, address: String?
  ) -> [UInt8]?
}
