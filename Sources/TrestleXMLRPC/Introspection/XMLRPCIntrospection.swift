package import TrestleCore

/// Answers `system.*` from the contract, and unpacks `system.multicall`.
///
/// A method that the contract itself declares under such a name goes to the responder like any other.
package struct XMLRPCIntrospection: Responder {
  let codec: XMLRPCCodec
  let responder: any Responder
  /// What the service answers beyond its contract.
  let operations: [String]

  package static let multicall = "system.multicall"

  /// The methods answered here, with their signatures and help.
  private static let systemMethods: [XMLRPCMethod] = [
    XMLRPCMethod(
      name: "system.getCapabilities", summary: "What the service supports, by name.",
      effects: .read, parameters: [], returns: .structure(XMLRPCStructure(members: []))),
    XMLRPCMethod(
      name: "system.listMethods", summary: "The names of all methods.", effects: .read,
      parameters: [], returns: .array(.string)),
    XMLRPCMethod(
      name: "system.methodHelp", summary: "What a method does.", effects: .read,
      parameters: [XMLRPCMethod.Parameter(name: "method", type: .string)], returns: .string),
    XMLRPCMethod(
      name: "system.methodSignature",
      summary: "A method's signatures: the type of its result, then of its parameters.",
      effects: .read, parameters: [XMLRPCMethod.Parameter(name: "method", type: .string)],
      returns: .array(.any)),
    XMLRPCMethod(
      name: multicall,
      summary: "Calls methods in order; each result is an array of one value, or a fault's struct.",
      parameters: [XMLRPCMethod.Parameter(name: "calls", type: .array(.any))],
      returns: .array(.any)),
  ]

  static func method(named name: String) -> XMLRPCMethod? {
    systemMethods.first { $0.name == name }
  }

  package static func isSystemMethod(_ name: String) -> Bool {
    name.hasPrefix("system.") && systemMethods.contains { $0.name == name }
  }

  package func respond(to call: Call) -> Answer {
    guard Self.isSystemMethod(call.operation), codec.methods[call.operation] == nil else {
      return responder.respond(to: call)
    }
    let parameters = call.parameters[XMLRPCMethod.positionalKey]?.arrayValue ?? []
    switch (call.operation, parameters.count) {
    case ("system.listMethods", 0):
      return .now(.value(.array(methodNames.map(Value.string))))
    case ("system.getCapabilities", 0): return .now(.value(.object(capabilities)))
    case ("system.methodSignature", 1): return .now(describe(parameters[0], Self.signatures))
    case ("system.methodHelp", 1): return .now(describe(parameters[0], Self.help))
    case (Self.multicall, 1): return multicall(call)
    default: return .now(.fault(Self.wrongCount(call.operation, parameters.count)))
    }
  }

  private static func wrongCount(_ name: String, _ count: Int) -> Fault {
    let wanted = name == "system.listMethods" || name == "system.getCapabilities" ? "none" : "one"
    return Fault(
      code: XMLRPCFaultCode.invalidParameters,
      message: "\(name) takes \(wanted) parameter, found \(count)")
  }

  // MARK: - What there is

  private var methodNames: [String] {
    var names = codec.contract.operations.map(\.name)
    for name in operations + Self.systemMethods.map(\.name) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  private func describe(_ name: Value, _ words: (XMLRPCMethod) -> Value) -> Reply {
    guard case .string(let name) = name else {
      return .fault(
        Fault(
          code: XMLRPCFaultCode.invalidParameters,
          message: "expects a method's name, found \(name.kindName)"))
    }
    let method =
      codec.methods[name] ?? Self.systemMethods.first { $0.name == name }
      ?? (operations.contains(name) ? XMLRPCMethod(name: name) : nil)
    if let method { return .value(words(method)) }
    return .fault(Fault(code: XMLRPCFaultCode.methodNotFound, message: noMethod(name)))
  }

  private func noMethod(_ name: String) -> String {
    "there is no method \(XMLRPCLexical.excerpt(name.utf8))"
      + Suggestion.clause(for: name, among: methodNames)
  }

  /// One signature for each number of parameters that the method can be called with; `undef` where
  /// nothing is declared.
  private static func signatures(_ method: XMLRPCMethod) -> Value {
    guard let parameters = method.parameters else { return "undef" }
    let types = parameters.map { Value.string($0.type.wireName) }
    return .array(
      (method.requiredCount...parameters.count).map { count in
        .array([.string(method.returns.wireName)] + types.prefix(count))
      })
  }

  private static func help(_ method: XMLRPCMethod) -> Value {
    let lines = [method.summary, method.parameters.map { _ in method.name + method.signature }]
    return .string(lines.compactMap(\.self).joined(separator: "\n"))
  }

  private var capabilities: Record {
    func capability(_ address: String, _ version: Int64) -> Value {
      ["specUrl": .string(address), "specVersion": .integer(version)]
    }
    var record: Record = [
      "xmlrpc": capability("http://www.xmlrpc.com/spec", 1),
      "faults_interop": capability(
        "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20_010_516),
      "introspection": capability(
        "http://xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html", 1),
      "system.multicall": capability("http://www.xmlrpc.com/discuss/msgReader$1208", 1),
    ]
    if codec.writer.options.dialect != .strict {
      record["nil"] = capability("http://www.ontosys.com/xml-rpc/extensions.php", 20_010_518)
    }
    return record
  }
}
