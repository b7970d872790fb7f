internal import TrestleCore

/// What the codec remembers of a multicall to answer it: the type of each call's result.
struct MulticallResults: Sendable {
  let types: [XMLRPCType]
}

extension XMLRPCCodec {
  /// The declared type of each result of a multicall.
  func resultTypes(ofMulticall values: [Value]) -> [XMLRPCType] {
    (values.first?.arrayValue ?? []).map { entry in
      let name = entry["methodName"]?.stringValue ?? ""
      // What wraps a result is of no declared type.
      guard shapes == nil else { return .any }
      return methods[name]?.returns ?? .any
    }
  }
}

extension XMLRPCIntrospection {
  /// One message must not make a service do unbounded work.
  private static let maximumCalls = 1_000

  /// Makes the calls in order, each after the one before is answered.
  func multicall(_ calls: Value) -> Answer {
    guard case .array(let entries) = calls else {
      return .now(
        .fault(
          Fault(
            code: XMLRPCFaultCode.invalidParameters,
            message: "system.multicall expects an array of calls, found \(calls.kindName)")))
    }
    guard entries.count <= Self.maximumCalls else {
      return .now(
        .fault(
          Fault(
            code: XMLRPCFaultCode.invalidParameters,
            message: "system.multicall takes \(Self.maximumCalls) calls, found \(entries.count)")))
    }
    var results: [Value] = []
    results.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      let call: Call
      do throws(CodecError) {
        call = try self.call(entry)
      } catch {
        results.append(failed(error))
        continue
      }
      switch respond(to: call) {
      case .now(let reply): results.append(result(reply, of: call))
      case .later(let body):
        let (done, rest) = (results, entries[(index + 1)...])
        return .later { await finish(done, call, body, rest) }
      }
    }
    return .now(.value(.array(results)))
  }

  private func finish(
    _ done: [Value], _ call: Call, _ body: @Sendable () async -> Reply, _ rest: ArraySlice<Value>
  ) async -> Reply {
    var results = done
    results.append(result(await body(), of: call))
    for entry in rest {
      do throws(CodecError) {
        let call = try self.call(entry)
        switch respond(to: call) {
        case .now(let reply): results.append(result(reply, of: call))
        case .later(let body): results.append(result(await body(), of: call))
        }
      } catch {
        results.append(failed(error))
      }
    }
    return .value(.array(results))
  }

  /// The call that an entry stands for.
  private func call(_ entry: Value) throws(CodecError) -> Call {
    guard case .object(let record) = entry, case .string(let name) = record["methodName"] else {
      throw CodecError(
        reason: "expects {methodName, params}, found \(entry.kindName)",
        code: XMLRPCFaultCode.invalidParameters)
    }
    guard name != Self.multicall else {
      throw CodecError(
        reason: "system.multicall cannot be called by itself", code: XMLRPCFaultCode.notConforming)
    }
    switch record["params"] {
    case .array(let values): return try codec.call(name, values)
    // Some clients leave out what is empty, or send PHP's empty array as a struct.
    case nil, .null: return try codec.call(name, [])
    case .object(let empty) where empty.isEmpty: return try codec.call(name, [])
    case .some(let other):
      throw CodecError(
        reason: "expects params as an array, found \(other.kindName)",
        code: XMLRPCFaultCode.invalidParameters)
    }
  }

  private func result(_ reply: Reply, of call: Call) -> Value {
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
