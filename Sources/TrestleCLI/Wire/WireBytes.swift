internal import Trestle
internal import TrestleCore

/// The messages of one operation as bytes, without a connection.
struct WireBytes {
  let system: LegacySystem
  let operation: Operation
  let codec: any Codec

  init(_ operation: Operation, of system: LegacySystem, _ session: Session) throws(CommandFailure) {
    self.system = system
    self.operation = operation
    codec = try session.codec(of: system)
  }

  /// The request that a call with these parameters sends.
  func request(_ parameters: Value) throws(CommandFailure) -> WireRequest {
    let (parameters, headers) = system.contract.withoutHeaders(parameters, of: operation.name)
    guard let record = parameters.isNull ? [:] : parameters.objectValue else {
      throw CommandFailure.usage(
        "\(system.name) \(operation.name): parameters are an object of names and values,"
          + " found \(parameters.kindName)")
    }
    guard system.contract.hasHeaders || headers.isEmpty else {
      throw CommandFailure.usage(
        "\(system.name) \(operation.name): messages of \(system.protocolName) have no headers",
        hint: "leave _headers out")
    }
    do throws(CodecError) {
      return try codec.encode(
        Call(operation: operation.name, parameters: record, headers: headers))
    } catch {
      throw CommandFailure(error, .usage, system: system, operation: operation.name)
    }
  }

  /// The response that a service answers with.
  func reply(_ value: Value) throws(CommandFailure) -> WireResponse {
    do throws(CodecError) {
      return try codec.encode(.value(value), answering: answeredCall())
    } catch {
      throw CommandFailure(error, .usage, system: system, operation: operation.name)
    }
  }

  /// A call that a reply can answer: one that was read from the wire knows things (its SOAP version,
  /// its identity) that the reply repeats.
  func answeredCall() -> Call {
    let plain = Call(operation: operation.name)
    let sample = SampleMaker.sample(for: operation.input, named: operation.name)
    guard let record = sample.objectValue,
      let request = try? codec.encode(Call(operation: operation.name, parameters: record)),
      var call = try? codec.decode(request)
    else { return plain }
    if call.operation != operation.name {
      // A message of an operation that takes any may be one of another too.
      call.operation = operation.name
      call.parameters = record
    }
    return call
  }

  /// A message as it goes over the wire: framed where the protocol is.
  func framed(_ body: [UInt8]) throws(CommandFailure) -> [UInt8] {
    guard case .framed(let framing, _) = codec.wire else { return body }
    do throws(CodecError) {
      return try framing.frame(body)
    } catch {
      throw CommandFailure(error, .usage, system: system, operation: operation.name)
    }
  }

  /// The first message in bytes from the wire. Bytes that are no frame are taken for the message itself.
  static func message(in bytes: [UInt8], of codec: any Codec) -> [UInt8] {
    guard case .framed(let framing, _) = codec.wire else { return bytes }
    var decoder = framing.makeDecoder()
    decoder.append(bytes)
    if let message = try? decoder.next() { return message }
    if let message = try? decoder.finish() { return message }
    return bytes
  }
}
