internal import TrestleCore
internal import TrestleXML

// Which operation a request means.
extension SOAPCodec {
  /// The operation of an envelope: by the Body's first child, by the action where that leaves a choice.
  ///
  /// The Body decides: an action that belongs to another operation earns a warning, and in strict mode
  /// an error, since whoever filters by the action would be passed with the Body.
  ///
  /// - Throws: `CodecError` when nothing fits.
  func operation(
    for envelope: inout DecodedEnvelope, action: String?, overload: Int?
  ) throws(CodecError) -> SOAPOperation {
    let candidates = candidates(for: envelope)
    guard !candidates.isEmpty else {
      if let operation = operationWithoutInput(calledBy: envelope) {
        envelope.body = []
        envelope.warnings.append(
          "the Body holds \(operation.name), where its message is empty; it was passed over")
        return operation
      }
      throw unknownOperation(envelope)
    }
    var chosen = overload ?? candidates[0]
    if overload == nil, let action, !action.isEmpty, let named = actions[action] {
      if let agreed = candidates.first(where: named.contains) {
        chosen = agreed
      } else {
        let contradiction =
          "the action \"\(action)\" belongs to \(operations[named[0]].name), "
          + "but the Body holds a call of \(operations[chosen].name)"
        if isStrict { throw CodecError(reason: contradiction) }
        envelope.warnings.append(contradiction)
      }
    }
    let operation = operations[chosen]
    guard envelope.body.count == operation.input.roots.count else {
      throw CodecError(
        reason: "the Body holds \(envelope.body.count) elements, \(operation.name) takes "
          + "\(operation.input.roots.count)")
    }
    for (child, root) in zip(envelope.body, operation.input.roots) where child.name != root.name {
      guard !isStrict, child.name.local == root.name.local else {
        throw CodecError(reason: "the Body holds \(child.name) where \(root.name) belongs")
      }
      envelope.warnings.append(
        "the Body's element is \(child.name), the contract says \(root.name)")
    }
    return operation
  }

  private func candidates(for envelope: DecodedEnvelope) -> [Int] {
    guard let first = envelope.body.first else {
      return operations.indices.filter {
        operations[$0].input.roots.isEmpty && operations[$0].isCallable
      }
    }
    if let exact = requestRoots[context.symbols.find(first.name)] { return exact }
    guard !isStrict, let root = requestElementsByLocalName[first.name.local] else { return [] }
    return requestRoots[root.symbol] ?? []
  }

  /// An operation whose message has no part, called by an element of its name: most clients write one
  /// where document style says that the Body is empty (WSDL 1.1 §3.5).
  private func operationWithoutInput(calledBy envelope: DecodedEnvelope) -> SOAPOperation? {
    guard !isStrict, envelope.body.count == 1, let first = envelope.body.first else { return nil }
    let isEmpty = first.value == .emptyObject || first.value == .string("") || first.value.isNull
    return operations.first {
      $0.input.roots.isEmpty && $0.name == first.name.local && isEmpty
    }
  }

  private func unknownOperation(_ envelope: DecodedEnvelope) -> CodecError {
    var error = unknownRoot(envelope)
    // SOAP 1.2 part 2 §4.4 has a word for it where calls are procedures.
    if operations.contains(where: \.input.isRPC) { error.code = Self.procedureNotPresent }
    return error
  }

  private func unknownRoot(_ envelope: DecodedEnvelope) -> CodecError {
    guard let first = envelope.body.first else {
      return CodecError(reason: "the Body is empty, and no operation takes an empty Body")
    }
    let roots = operations.compactMap(\.input.roots.first)
    if let near = roots.first(where: { $0.name.local == first.name.local }) {
      return CodecError(
        reason: "no operation takes the element \(first.name)",
        hint: "the contract's \(near.name.local) is in the namespace \"\(near.name.namespace)\"")
    }
    return CodecError(
      reason: "no operation takes the element \(first.name)"
        + Suggestion.clause(for: first.name.local, among: roots.map(\.name.local)))
  }

  /// SOAP 1.1 §4.2.3 and SOAP 1.2 part 1 §2.4: a header for this node that must be understood and is
  /// not is a fault, and the call is not made.
  func requireUnderstood(
    _ envelope: DecodedEnvelope, declared: [ElementPlan]
  ) throws(CodecError) {
    let strange = envelope.headers.filter { header in
      header.mustUnderstand && processing.isTarget(of: header) && !processing.understands(header)
        && !declared.contains { $0.name == header.name }
    }
    guard let first = strange.first else { return }
    var error = CodecError(
      reason: "the header \(first.name) must be understood and is not", code: "MustUnderstand")
    error.subjects = strange.map(\.name.description)
    throw error
  }

  /// The action a request names: the SOAPAction header (1.1) or the media type's parameter (1.2);
  /// nil when it names none.
  static func action(of request: WireRequest, type: ContentType) -> String? {
    if let action = type.action { return action }
    guard let header = request.headers["SOAPAction"]?.trimmingXMLSpace() else { return nil }
    if header.count >= 2, header.hasPrefix("\""), header.hasSuffix("\"") {
      return String(header.dropFirst().dropLast())
    }
    return header
  }

  /// The version a request that could not be read was most likely meant in.
  static func version(of request: WireRequest) -> SOAPVersion {
    if ContentType(request.headers["Content-Type"]).essence == "application/soap+xml" {
      return .soap12
    }
    let head = String(decoding: request.body.prefix(512), as: UTF8.self)
    return head.contains(SOAPVersion.soap12.namespace) ? .soap12 : .soap11
  }
}
