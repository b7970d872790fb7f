import Testing
import TrestleCore

@testable import TrestleTCP

/// Makes the codec of a definition that is meant to be right.
func makeCodec(
  _ definition: Value, warnings: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
) throws -> TCPCodec {
  var problems: [ValueProblem] = []
  let codec = TCPCodec.make(
    definition: definition, name: "test", generators: .fixed(), problems: &problems)
  let errors = problems.filter { $0.severity == .error }
  #expect(errors == [], sourceLocation: sourceLocation)
  #expect(problems.count == warnings, "\(problems)", sourceLocation: sourceLocation)
  return try #require(codec, sourceLocation: sourceLocation)
}

/// What a definition's mistakes are, as `path: message`.
func mistakes(in definition: Value) -> [String] {
  var problems: [ValueProblem] = []
  _ = TCPCodec.make(definition: definition, name: "test", problems: &problems)
  return problems.map { "\($0.path): \($0.message)" }
}

/// The wire text of a call.
func requestText(
  _ codec: TCPCodec, _ operation: String, _ parameters: Record = [:]
) throws -> String {
  String(
    decoding: try codec.encode(Call(operation: operation, parameters: parameters)).body,
    as: UTF8.self)
}

/// A call as a mock reads it.
func received(_ codec: TCPCodec, _ text: String) throws -> Call {
  try codec.decode(WireRequest(body: Array(text.utf8)))
}

/// The wire text of a mock's reply to a request.
func replyText(_ codec: TCPCodec, to request: String, _ reply: Reply) throws -> String {
  let call = try received(codec, request)
  return String(decoding: try codec.encode(reply, answering: call).body, as: UTF8.self)
}

/// A reply as a client reads it.
func readReply(_ codec: TCPCodec, _ operation: String, _ text: String) throws -> Reply {
  try codec.decode(
    WireResponse(body: Array(text.utf8)), answering: Call(operation: operation))
}

/// Sends a call through both roles of a codec, frames included.
func exchange(
  _ codec: TCPCodec, _ operation: String, _ parameters: Record,
  answer: @Sendable (Call) -> Reply
) throws -> (call: Call, reply: Reply) {
  guard case .framed(let framing, _) = codec.wire else {
    throw CodecError(reason: "a TCP codec is framed")
  }
  let call = Call(operation: operation, parameters: parameters)
  let request = try framing.requests.frame(try codec.encode(call).body)
  var server = framing.requests.makeDecoder()
  server.append(request)
  let received = try codec.decode(WireRequest(body: try #require(try server.next())))
  let response = try codec.encode(answer(received), answering: received)
  var client = framing.replies.makeDecoder()
  client.append(try framing.replies.frame(response.body))
  let body = try #require(try client.next())
  return (received, try codec.decode(WireResponse(body: body), answering: call))
}
