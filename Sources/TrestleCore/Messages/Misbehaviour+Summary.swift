/// What misbehaviour looks like from outside.
extension Misbehaviour {
  /// What is done, as files write it: `late: 2s, close: before`.
  package var summary: String {
    var parts: [String] = []
    func add(_ key: String, _ value: String?) {
      if let value { parts.append("\(key): \(value)") }
    }
    add("late", delay.map { $0.written })
    add("status", status.map { "\($0)" })
    add("body", body.map { "\($0.count) bytes" })
    for field in headers.fields { add("header", field.name) }
    add("charset", charset)
    add("damage", damage?.rawValue)
    add("noise", noise.map { "\($0)" })
    add("wrong_length", lengthError == 0 ? nil : "\(lengthError)")
    add("wrong_check", breaksCheck ? "true" : nil)
    add("split", pieces > 1 ? "\(pieces)" : nil)
    add("drip", pieceSize.map { "\($0) bytes" })
    add("glued", glued > 1 ? "\(glued)" : nil)
    add("nak", refusals > 0 ? "\(refusals)" : nil)
    add(resets ? "reset" : "close", closing?.rawValue)
    return parts.joined(separator: ", ")
  }

  /// Whether something else arrives than the reply, or nothing, rather than the reply late or in pieces.
  package var spoilsReply: Bool {
    closing == .before || closing == .inside || resets || noise != nil || changesMessage
      || status != nil || charset != nil || lengthError != 0 || breaksCheck
  }

  /// What leaves of a response that this was applied to, as far as it is a message; nil where none is sent.
  package func sent(of response: WireResponse) -> WireResponse? {
    if closing == .before { return nil }
    guard let noise else { return response }
    var sent = WireResponse(status: response.status)
    sent.body = Misbehaviour.randomBytes(noise, seed: seed)
    return sent
  }
}
