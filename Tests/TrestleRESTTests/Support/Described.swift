import Testing
import TrestleCore
import TrestleREST

extension RESTCodec {
  /// The codec of a description given as JSON.
  static func described(_ json: String, path: String? = nil) throws -> RESTCodec {
    let documents = APIDocuments(root: try JSONParser.parse(json))
    let description = try #require(DescriptionReader.read(documents, named: "api"))
    return RESTCodec(description, path: path)
  }
}

extension WireRequest {
  /// The request as it arrives: with the path from the root.
  var onWire: WireRequest {
    var request = self
    if !target.hasPrefix("/") { request.target = "/" + target }
    return request
  }
}
