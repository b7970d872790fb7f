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
    guard !candidates.isEmpty else { throw unknownOperation(envelope) }
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
      throw CodecError(reason: "the Body holds \(child.name) where \(root.name) belongs")
    }
    return operation
  }

  private func candidates(for envelope: DecodedEnvelope) -> [Int] {
    guard let first = envelope.body.first else {
      return operations.indices.filter { operations[$0].input.roots.isEmpty }
    }
    return requestRoots[context.symbols.find(first.name)] ?? []
  }

  private func unknownOperation(_ envelope: DecodedEnvelope) -> CodecError {
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

  /// SOAP 1.1 §4.2.3 and SOAP 1.2 part 1 §5.2.3: a header that must be understood and is not is a fault.
  func requireUnderstood(
    _ envelope: DecodedEnvelope, _ operation: SOAPOperation
  ) throws(CodecError) {
    for header in envelope.headers where header.mustUnderstand {
      // A header for another role is none of ours.
      let isOurs =
        header.role.map { role in
          role.isEmpty || role.hasSuffix("/next") || role.hasSuffix("/ultimateReceiver")
        } ?? true
      guard isOurs, !operation.input.headers.contains(where: { $0.name == header.name }) else {
        continue
      }
      throw CodecError(
        reason: "the header \(header.name) must be understood and is not", code: "MustUnderstand")
    }
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
