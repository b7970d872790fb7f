internal import TrestleCore

extension SOAPCodec: PublishingCodec {
  package var contractDocuments: [String] { definitions?.documents.map(\.path) ?? [] }

  package func contractDocument(
    _ name: String?, place: (String) -> String, address: String?
  ) -> [UInt8]? {
    definitions.flatMap {
      WSDLPublisher(definitions: $0).document(named: name, place: place, address: address)
    }
  }
}
