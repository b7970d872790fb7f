/// What a mock does wrong on purpose when it sends one reply.
package struct Misbehaviour: Sendable, Hashable {
  /// When a connection is closed too early.
  package enum Closing: String, Sendable, CaseIterable {
    /// In place of the reply.
    case before
    /// In the middle of it.
    case inside
    /// As soon as it is sent.
    case after
  }

  /// How long the reply is held back.
  package var delay: Duration?
  /// In how many pieces it is sent; 1 for one.
  package var pieces = 1
  /// How long each piece but the first is held back.
  package var pause = Misbehaviour.usualPause
  /// How many replies are sent at once, this one the first; 1 for one.
  package var glued = 1
  /// What its frame's length says above the right one.
  package var lengthError = 0
  /// Whether one of its bytes is changed after its checks were computed.
  package var breaksCheck = false
  package var closing: Closing?
  /// How many of the client's next frames are refused, where a link acknowledges them.
  package var refusals = 0

  package static let usualPause = Duration.milliseconds(20)

  package init() {}

  /// Whether it is on the wire rather than only late.
  package var concernsBytes: Bool {
    var bytes = self
    bytes.delay = nil
    return bytes != Misbehaviour()
  }
}

extension Misbehaviour {
  /// Reads `{late: 2s, split: 3, glued: 2, wrong_length: 5, wrong_check: true, close: inside,
  /// nak: 2}`, whose keys and types have been checked.
  package init(_ value: Value, at path: ValuePath, problems: inout [ValueProblem]) {
    self.init()
    func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
      guard let written = value[key] else { return nil }
      let number = written.integerValue ?? written.scalarText.flatMap { Int64($0) }
      if let number, range.contains(Int(clamping: number)) { return Int(number) }
      problems.append(
        ValueProblem(
          .error, "expects a whole number from \(range.lowerBound) to \(range.upperBound)",
          at: path.member(key)))
      return nil
    }
    delay = value["late"]?.scalarText.flatMap { Duration(written: $0) }
    pause = value["pause"]?.scalarText.flatMap { Duration(written: $0) } ?? Self.usualPause
    pieces = number("split", in: 2...10_000) ?? 1
    glued = number("glued", in: 2...1000) ?? 1
    lengthError = number("wrong_length", in: -1_000_000...1_000_000) ?? 0
    refusals = number("nak", in: 1...1000) ?? 0
    breaksCheck = value["wrong_check"]?.boolValue ?? false
    closing = value["close"]?.stringValue.flatMap { Closing(rawValue: $0) }
    checkEffects(of: value, at: path, problems: &problems)
  }

  /// Tells of what does nothing.
  private func checkEffects(
    of value: Value, at path: ValuePath, problems: inout [ValueProblem]
  ) {
    func warn(_ message: String, _ key: String? = nil) {
      problems.append(
        ValueProblem(.warning, message, at: key.map { path.member($0) } ?? path))
    }
    if value.objectValue?.isEmpty ?? false { warn("misbehave does not say what is done wrong") }
    if value["wrong_length"] != nil, lengthError == 0 {
      warn("wrong_length: 0 is the right length", "wrong_length")
    }
    if value["pause"] != nil, pieces == 1 {
      warn("pause has no effect: it is between the pieces of split", "pause")
    }
    guard closing == .before else { return }
    for key in ["split", "pause", "glued", "wrong_length", "wrong_check"] where value[key] != nil {
      warn("\(key) has no effect: with close: before nothing is sent", key)
    }
  }
}
