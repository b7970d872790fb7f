import TrestleCore

/// A protocol for tests: a call is its operation's name, a reply its text.
struct EchoCodec: Codec {
  let contract = Contract(name: "echo", operations: [], isOpen: true)
  var wire = Wire.http
  /// Pairs messages by what stands before the first space.
  var isKeyed = false
  var status = 200
  var responseHeaders: Headers = ["Content-Type": "text/plain"]
  /// What `document` gives, with the address in it, for targets that end in `?doc`.
  var document: String?

  func encode(_ call: Call) throws(CodecError) -> WireRequest {
    WireRequest(body: Array(call.operation.utf8))
  }

  func decode(_ request: WireRequest) throws(CodecError) -> Call {
    if request.body.starts(with: "mute".utf8) { throw CodecError(reason: "mute") }
    guard !request.body.isEmpty else { throw CodecError(reason: "is empty") }
    var call = Call(operation: String(decoding: request.body, as: UTF8.self))
    call.parameters = ["target": .string(request.target)]
    return call
  }

  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    guard let text = reply.value?.stringValue else { throw CodecError(reason: "expects text") }
    return WireResponse(status: status, headers: responseHeaders, body: Array(text.utf8))
  }

  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    .value(.string(String(decoding: response.body, as: UTF8.self)))
  }

  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    if error.reason == "mute" { return nil }
    return WireResponse(status: 500, body: Array(error.reason.utf8))
  }

  func document(for request: WireRequest, at address: String) -> WireResponse? {
    guard let document, request.target.hasSuffix("?doc") else { return nil }
    return WireResponse(body: Array("\(document) at \(address)".utf8))
  }

  func correlationKey(of request: WireRequest) -> CorrelationKey? {
    isKeyed ? key(request.body) : nil
  }
  func correlationKey(of response: WireResponse) -> CorrelationKey? {
    isKeyed ? key(response.body) : nil
  }

  private func key(_ body: [UInt8]) -> CorrelationKey {
    CorrelationKey(String(decoding: body.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self))
  }
}

extension Service {
  /// Answers every call with its own text; one that begins with `later` waits for a gate first.
  static func echo(_ codec: EchoCodec = EchoCodec(), gate: Gate = Gate()) -> Service {
    Service(codec: codec, responder: EchoResponder(gate: gate))
  }
}

private struct EchoResponder: Responder {
  let gate: Gate

  func respond(to call: Call) -> Answer {
    let reply = Reply.value(.string(call.operation))
    guard call.operation.contains("later") else { return .now(reply) }
    return .later {
      await gate.pass()
      return reply
    }
  }
}
