internal import TrestleCore
internal import TrestleMock

extension LegacySystem {
  /// Tells of conditions on what a protocol's requests do not have.
  static func checkTransportConditions(
    of definition: AdapterDefinition, over wire: Wire, problems: inout [ValueProblem]
  ) {
    guard case .framed = wire else { return }
    for stub in definition.mock.answers.stubs {
      for name in stub.whenTransport.names where ["headers", "method", "path"].contains(name) {
        problems.append(
          ValueProblem(
            .warning, "a request over TCP has no \(name); only its peer can be asked for",
            at: stub.path.member("when_transport").member(name)))
      }
    }
  }
}
