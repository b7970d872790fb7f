internal import TrestleCore

/// What the codec remembers of a multicall to answer it.
final class MulticallResults: CallContext {
  /// The calls in it, or why an entry is none.
  let calls: [Result<Call, CodecError>]
  /// The type of each call's result.
  let types: [XMLRPCType]

  init(calls: [Result<Call, CodecError>], types: [XMLRPCType]) {
    self.calls = calls
    self.types = types
  }
}

extension XMLRPCCodec {
  /// One message must not make a service do unbounded work.
  static let maximumCalls = 1_000

  /// A multicall as it was read. The calls in it are typed by their own declarations, which do not
  /// see wide integers as the text that the multicall's parameters show.
  func multicall(_ values: [Value]) -> Call {
    var warnings = WarningList()
    var calls: [Result<Call, CodecError>] = []
    let entries = values.first?.arrayValue ?? []
    for (index, entry) in entries.prefix(Self.maximumCalls).enumerated() {
      do throws(CodecError) {
        let place = "params[0][\(index)]"
        calls.append(.success(try call(ofEntry: entry, at: place, &warnings)))
      } catch {
        calls.append(.failure(error))
      }
    }
    var call = Call(
      operation: XMLRPCIntrospection.multicall,
      parameters: [XMLRPCMethod.positionalKey: XMLRPCTyping.shown(.array(values))])
    call.context = MulticallResults(calls: calls, types: entries.map(resultType))
    call.warnings = warnings.all(ofDeparturesFrom: "the declared types")
    return call
  }

  /// The declared type of an entry's result.
  private func resultType(_ entry: Value) -> XMLRPCType {
    let name = entry["methodName"]?.stringValue ?? ""
    // What wraps a result is of no declared type.
    guard shapes == nil else { return .any }
    return methods[name]?.returns ?? .any
  }

  /// The call that an entry stands for.
  private func call(
    ofEntry entry: Value, at place: String, _ warnings: inout WarningList
  ) throws(CodecError) -> Call {
    guard case .object(let record) = entry, case .string(let name) = record["methodName"] else {
      throw CodecError(
        reason: "expects {methodName, params}, found \(entry.kindName)",
        code: XMLRPCFaultCode.invalidParameters)
    }
    guard name != XMLRPCIntrospection.multicall else {
      throw CodecError(
        reason: "system.multicall cannot be called by itself", code: XMLRPCFaultCode.notConforming)
    }
    var values: [Value] = []
    if case .array(let items) = record["params"] {
      values = items
    } else {
      let found = record["params"]?.kindName
      let reason = "expects params as an array, found \(found ?? "none")"
      // Some clients leave out what is empty, or send PHP's empty array as a struct.
      let isEmpty = record["params"].map { $0.isNull || $0 == .emptyObject } ?? true
      guard isEmpty, !isStrict else {
        throw CodecError(reason: reason, code: XMLRPCFaultCode.invalidParameters)
      }
      warnings.add("\(place) \(reason); it is called with no parameters")
    }
    var (call, typing) = try typedCall(name, values)
    warnings.add(contentsOf: typing.warnings, inside: place)
    call.warnings = typing.allWarnings
    return call
  }
}

extension XMLRPCIntrospection {
  /// Makes the calls in order, each after the one before is answered.
  func multicall(_ call: Call) -> Answer {
    let parameters = call.parameters[XMLRPCMethod.positionalKey]?.arrayValue ?? []
    guard case .array(let entries) = parameters.first else {
      let found = parameters.first?.kindName ?? "none"
      return .now(
        .fault(
          Fault(
            code: XMLRPCFaultCode.invalidParameters,
            message: "system.multicall expects an array of calls, found \(found)")))
    }
    guard entries.count <= XMLRPCCodec.maximumCalls else {
      return .now(
        .fault(
          Fault(
            code: XMLRPCFaultCode.invalidParameters,
            message:
              "system.multicall takes \(XMLRPCCodec.maximumCalls) calls, found \(entries.count)")))
    }
    // A call that no codec read has no calls made of its entries yet.
    let context = call.context ?? codec.multicall(parameters).context
    var calls = (context as? MulticallResults)?.calls ?? []
    if var request = call.request {
      // Its XML is that of all the calls: what is asked of one must not read them a thousand times.
      request.body = []
      for index in calls.indices {
        guard case .success(var inner) = calls[index] else { continue }
        inner.request = request
        calls[index] = .success(inner)
      }
    }
    return answer(calls)
  }

  private func answer(_ calls: [Result<Call, CodecError>]) -> Answer {
    var results: [Value] = []
    results.reserveCapacity(calls.count)
    for (index, entry) in calls.enumerated() {
      switch entry {
      case .failure(let error): results.append(failed(error))
      case .success(let call):
        switch respond(to: call) {
        case .now(let reply): results.append(result(reply, of: call))
        case .later(let body):
          let (done, rest) = (results, calls[(index + 1)...])
          return .later { await finish(done, call, body, rest) }
        }
      }
    }
    return .now(.value(.array(results)))
  }

  private func finish(
    _ done: [Value], _ call: Call, _ body: @Sendable () async -> Reply,
    _ rest: ArraySlice<Result<Call, CodecError>>
  ) async -> Reply {
    var results = done
    results.append(result(await body(), of: call))
    for entry in rest {
      switch entry {
      case .failure(let error): results.append(failed(error))
      case .success(let call):
        switch respond(to: call) {
        case .now(let reply): results.append(result(reply, of: call))
        case .later(let body): results.append(result(await body(), of: call))
        }
      }
    }
    return .value(.array(results))
  }

  private func result(_ reply: Reply, of call: Call) -> Value {
    if reply.raw != nil {
      return result(
        .fault(
          Fault(
            code: XMLRPCFaultCode.applicationError,
            message: "\(call.operation) is answered with raw bytes, which no multicall can hold")),
        of: call)
    }
    switch reply.outcome {
    case .value(let value):
      return .array([codec.shapes?.success?.value([.value: value]) ?? value])
    case .fault(let fault):
      if let shapes = codec.shapes, shapes.tells(fault) {
        return .array([shapes.value(of: fault)])
      }
      let (code, message) = codec.wireFault(fault, answering: call)
      return Self.fault(code, message)
    }
  }

  private func failed(_ error: CodecError) -> Value {
    let code = error.code.flatMap(XMLRPCFaultCode.number(of:)) ?? -32600
    return Self.fault(code, error.description)
  }

  private static func fault(_ code: Int32, _ message: String) -> Value {
    ["faultCode": .integer(Int64(code)), "faultString": .string(message)]
  }
}

extension XMLRPCWriter {
  /// Writes a multicall's results, each as the type that its method declares. A result that cannot be
  /// written becomes a fault in its place: it must not cost the others theirs.
  func multicallResponse(_ value: Value, _ types: [XMLRPCType]) throws(CodecError) -> [UInt8] {
    guard case .array(let results) = value, results.count == types.count else {
      return try response(value)
    }
    var output = XMLRPCOutput(options)
    output.append(output.segments.responseOpen)
    output.append(output.segments.arrayOpen)
    for (result, type) in zip(results, types) {
      output.append(fragment(result, type))
    }
    output.append(output.segments.arrayClose)
    output.append(output.segments.responseClose)
    return finished(output)
  }

  private func fragment(_ result: Value, _ type: XMLRPCType) -> [UInt8] {
    var output = XMLRPCOutput(fragment: options)
    do throws(CodecError) {
      // A fault's struct stands beside the arrays of one that hold results.
      let isFault = result.objectValue != nil
      try output.write(result, as: isFault ? .any : .array(type))
      return output.bytes
    } catch {
      var output = XMLRPCOutput(fragment: options)
      output.writeFault(code: -32603, message: error.description)
      return output.bytes
    }
  }
}
