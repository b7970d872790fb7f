import TrestleCore
import TrestleMock

/// A mock without a contract, from what would stand under `mock:`.
struct StatefulMock: Sendable {
  let engine: StubEngine
  let problems: [String]

  init(
    _ definition: Value, limits: MockState.Limits = MockState.Limits(),
    data: @escaping DataOpener = { _, _ in nil }
  ) {
    var problems: [ValueProblem] = []
    let stubs = Self.stubs(definition, data: data, problems: &problems)
    engine = StubEngine(
      stubs, generators: .fixed(milliseconds: 1_000_000_000_000),
      state: MockState(limits: limits))
    self.problems = problems.map { "\($0.severity) \($0.path): \($0.message)" }
  }

  private static func stubs(
    _ definition: Value, data: DataOpener = { _, _ in nil }, problems: inout [ValueProblem]
  ) -> StubSet {
    StubSet(
      MockDefinition(definition), contract: Contract(name: "Shop", operations: [], isOpen: true),
      openData: data, problems: &problems)
  }

  func reload(_ definition: Value) {
    var problems: [ValueProblem] = []
    engine.replace(with: Self.stubs(definition, problems: &problems))
  }

  func reply(
    _ operation: String = "do", _ parameters: Record = [:], scope: String? = nil,
    sender: WireSender? = nil
  ) -> Reply {
    var call = Call(operation: operation, parameters: parameters)
    var request = WireRequest(headers: ["Content-Type": "text/xml"])
    if let scope { request.headers["x-trestle-scope"] = scope }
    request.sender = sender
    call.request = request
    guard case .now(let reply) = engine.respond(to: call) else { return .value(.null) }
    return reply
  }

  /// The value of the reply, or its fault's message.
  func value(
    _ operation: String = "do", _ parameters: Record = [:], scope: String? = nil
  ) -> Value? {
    let reply = reply(operation, parameters, scope: scope)
    return reply.value ?? reply.fault.map { .string($0.message) }
  }
}
