internal import Trestle

/// The systems, and calls of their operations.
struct SystemRoutes: Sendable {
  let gateway: Gateway

  var routes: [Route] {
    [
      Route(
        .post, "/v1/systems/{system}/operations/{operation}", "callOperation",
        "Calls an operation.",
        details: "The body is the parameters, and nothing where there are none.",
        parameters: [.system, .operation] + CallRequest.parameters,
        body: Route.Body(
          shape: [:], summary: "The parameters.", isRequired: false,
          limit: gateway.options.callBodyBytes),
        answers: [
          .init(
            status: 200, summary: "What the operation answered.",
            content: .either([
              (JSONBody.type, Shape.anything), (OperationCall.envelopeType, Shape.anything),
            ])), .init(status: 202, summary: "Sent; nothing answers it.", content: .nothing),
        ], errors: [400, 403, 404, 409, 422, 502, 503, 504]
      ) { [gateway] request in
        try await OperationCall(gateway: gateway, request: CallRequest(request)).answer(request)
      }
    ]
  }
}

extension Parameter {
  static let operation = path("operation", "The operation's name.")
}
