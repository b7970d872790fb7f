internal import Trestle

/// A system's contract as it was written: a WSDL, or what the adapter file declares.
struct ContractRoute: Sendable {
  let gateway: Gateway

  var route: Route {
    Route(
      .get, "/v1/systems/{system}/contract", "getContract",
      "The system's contract: its WSDL, else what its file declares of it.",
      parameters: [
        .system, .query("document", "One of several documents, by the name that imports have."),
      ],
      answers: [
        .init(
          status: 200, summary: "The contract.",
          content: .either([
            (Self.xmlType, Shape.text()), (JSONBody.type, Shape.map(Shape.anything)),
          ]))
      ], errors: [400, 404, 503]
    ) { [self] request in try answer(request) }
  }

  private static let xmlType = "text/xml; charset=utf-8"

  private func answer(_ request: APIRequest) throws -> APIResponse {
    let catalog = gateway.catalog
    let system = try catalog.system(request.system, for: request.grant)
    let codec: any Codec
    do throws(LoadError) {
      codec = try system.codec()
    } catch {
      throw APIError(
        503, .unavailable, "\(system.name) has no contract that can be used: \(error.message)",
        hint: error.hint)
    }
    let asked = request.query["document"]
    guard let publishing = codec as? any PublishingCodec, !publishing.contractDocuments.isEmpty
    else {
      if let asked { throw unknown(asked, of: system, []) }
      return .json(.object(system.declaredContract))
    }
    let isMock = catalog.mode(of: system) == .mock
    let document = publishing.contractDocument(
      asked,
      place: { "contract?document=" + PercentEncoding.encoded($0) },
      address: isMock ? catalog.mock?.options.endpoints[system.name] : system.endpoint)
    guard let document else { throw unknown(asked ?? "", of: system, publishing.contractDocuments) }
    return APIResponse(body: .text(document, type: Self.xmlType))
  }

  private func unknown(_ name: String, of system: LegacySystem, _ known: [String]) -> APIError {
    APIError(
      404, .notFound,
      "the contract of \(system.name) has no document \"\(name)\""
        + Suggestion.clause(for: name, among: known), known: known)
  }
}

extension LegacySystem {
  /// What the system's file says of its operations and messages, as it is written, and nothing of how it is reached.
  var declaredContract: Record {
    var record: Record = [
      "system": .string(name), "protocol": .string(protocolName),
    ]
    let keys =
      ["summary", "operations"]
      + AdapterSchema.ownKeys(of: protocolName).map(\.name).filter { $0 != "conversation" }
    for key in keys {
      if let value = definition.written[key] ?? definition[key] { record[key] = value }
    }
    return record
  }
}
