internal import Trestle

/// What whoever keeps the gateway running asks it.
struct ServiceRoutes: Sendable {
  let gateway: Gateway

  static let documentRoute = "openapi"

  var routes: [Route] {
    [
      Route(
        .get, "/healthz", "health", "Says that the process is there; needs no token.",
        answers: [.json(Shape.object(["status": Shape.oneOf(["ok"])]), "It is there.")]
      ) { _ in .json(["status": "ok"]) }.needing([]),
      Route(
        .get, "/readyz", "readiness",
        "Says whether calls can be made: systems are loaded, their mocks run, the journal is open; needs no token.",
        answers: [
          .json(Self.readiness, "It is ready."),
          .json(Self.readiness, "It is not ready.", status: 503),
        ]
      ) { [self] _ in ready() }.needing([]),
      Route(
        .get, "/version", "version", "The version of Trestle.",
        answers: [.json(Shape.object(["version": Shape.text()]), "The version.")]
      ) { [version = gateway.options.version] _ in .json(["version": .string(version)]) }.needing([]
      ),
      Route(
        .get, "/openapi.json", Self.documentRoute, "Tells all routes, and every operation.",
        answers: [.json(["type": "object"], "This document.")]
      ) { _ in .json([:]) }.needing([.read]).narrowed,
    ]
  }

  private static let readiness = Shape.object([
    "status": Shape.oneOf(["ready", "not_ready"]),
    "systems": Shape.integer("How many systems can be called.", from: 0),
    "mocks": Shape.integer("How many mocks run.", from: 0),
    "problems": Shape.list(
      Shape.text(), "What is broken; a system that is hinders no other."),
  ])

  private func ready() -> APIResponse {
    let systems = gateway.catalog.workspace.systems
    let usable = systems.filter(\.isUsable)
    var problems = systems.filter { !$0.isUsable }.map { "\($0.name) cannot be used" }
    problems += (gateway.mocks?.skipped ?? []).map { "\($0.system.name) has no mock" }
    let journal = gateway.mocks.flatMap { $0.journalProblem ?? $0.journalFailure }
    if let journal { problems.append("calls are not kept: \(journal)") }
    let isReady = !usable.isEmpty && journal == nil
    return .json(
      [
        "status": isReady ? "ready" : "not_ready", "systems": .integer(Int64(usable.count)),
        "mocks": .integer(Int64(gateway.mocks?.mocks.count ?? 0)),
        "problems": .array(problems.map { .string($0) }),
      ], status: isReady ? 200 : 503)
  }
}
