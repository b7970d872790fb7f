internal import TrestleCore
internal import TrestleMock

extension LegacySystem {
  /// Tells of what a stub shall do wrong that a protocol's messages cannot have wrong.
  static func checkMisbehaviour(
    of definition: AdapterDefinition, over wire: Wire, problems: inout [ValueProblem]
  ) {
    for stub in definition.mock.answers.stubs {
      let path = stub.path.member("misbehave")
      let keys = stub.misbehaviour.objectValue?.names ?? []
      switch wire {
      case .http:
        for key in keys where key != "late" {
          problems.append(
            ValueProblem(
              .warning, "\(key) has no effect over HTTP: only late has", at: path.member(key)))
        }
      case .framed(let framing, _):
        guard keys.contains("wrong_length"), !framing.replies.statesLength else { continue }
        problems.append(
          ValueProblem(
            .warning, "wrong_length has no effect: the frame of replies says no length",
            at: path.member("wrong_length"), hint: "close: inside breaks a reply off"))
      }
    }
  }
}
