import Trestle

/// A toy protocol, and all it takes to add one: a line `OPERATION key=value …` is answered by a line
/// of the reply's values in upper case.
struct UpperEchoCodec: Codec {
  let contract: Contract
  let wire = Wire.framed(Lines(), inFlight: 1)

  init(_ definition: AdapterDefinition) {
    contract = Contract(
      name: definition.system,
      operations: [
        Operation(name: "shout", summary: "Says a text louder.", effects: .read) {
          Operation.Schemas(input: Self.object("text"), output: Self.object("text"))
        }
      ])
  }

  private static func object(_ member: String) -> Schema {
    let text = Schema(.scalar(ScalarSchema(kind: .string, form: .string, typeName: "word")))
    return Schema(.object(ObjectSchema(members: [.init(name: member, schema: text)])))
  }

  func encode(_ call: Call) throws(CodecError) -> WireRequest {
    guard let text = call.parameters["text"]?.scalarText else {
      throw CodecError(path: "text", reason: "expects a text")
    }
    return WireRequest(body: Array("\(call.operation) \(text)".utf8))
  }

  func decode(_ request: WireRequest) throws(CodecError) -> Call {
    let line = String(decoding: request.body, as: UTF8.self)
    let words = line.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { throw CodecError(reason: "expects an operation and a text") }
    return Call(operation: String(words[0]), parameters: ["text": .string(String(words[1]))])
  }

  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    let line =
      switch reply.outcome {
      case .value(let value): "OK " + (value["text"]?.scalarText ?? "").uppercased()
      case .fault(let fault): "ERR \(fault.code) \(fault.message)"
      }
    return WireResponse(body: Array(line.utf8))
  }

  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    let words = String(decoding: response.body, as: UTF8.self).split(separator: " ", maxSplits: 2)
    switch (words.first, words.count) {
    case ("OK", 1...): return .value(["text": .string(words.dropFirst().joined(separator: " "))])
    case ("ERR", 3): return .fault(Fault(code: String(words[1]), message: String(words[2])))
    default: throw CodecError(reason: "expects OK or ERR", offset: 0, isCallerAtFault: false)
    }
  }

  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    WireResponse(body: Array("ERR 400 \(error.reason)".utf8))
  }
}

/// Messages that end with a line feed.
struct Lines: Framing {
  func makeDecoder() -> any FrameDecoder { Decoder() }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] { message + [0x0A] }

  private struct Decoder: FrameDecoder {
    var pending: [UInt8] = []

    mutating func append(_ bytes: [UInt8]) { pending += bytes }

    mutating func next() throws(CodecError) -> [UInt8]? {
      guard let end = pending.firstIndex(of: 0x0A) else { return nil }
      defer { pending.removeFirst(end + 1) }
      return Array(pending[..<end])
    }

    mutating func finish() throws(CodecError) -> [UInt8]? { nil }
  }
}

extension ProtocolRegistry {
  /// The toy as the only protocol.
  static let toy = ProtocolRegistry()
    .registering("upper-echo") { definition, _ in UpperEchoCodec(definition) }
}
