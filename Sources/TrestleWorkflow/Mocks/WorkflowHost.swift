internal import TrestleCore

/// Starts what the steps of a workflow call.
struct WorkflowHost {
  let mocks: MockLoopClient
  /// Whether systems are called where they are.
  var callsLiveSystems = false

  /// Starts mocks of services, each named by a rule, and says where each is.
  func open(
    _ services: [ServiceDefinition], systems: [LegacySystem], named id: (String) -> String
  ) async throws(WorkflowError) -> [(name: String, url: String)] {
    var urls: [(name: String, url: String)] = []
    for service in services {
      switch service.source {
      case .url(let url):
        urls.append((service.name, url.hasSuffix("/") ? String(url.dropLast()) : url))
      case .spec(let spec):
        let mock = try await mocks.generateMockAPI(
          specURLOrPath: spec, outputDirName: id(service.name), port: service.port)
        urls.append((service.name, mock.url))
        try await mocks.setResponses(service.responses, at: mock.id)
      case .system(let name):
        guard let system = systems.first(where: { $0.name == name }) else {
          throw Self.noAdapter(for: name, among: systems)
        }
        let mock = try await mocks.host(system, id: id(service.name), port: service.port)
        urls.append((service.name, mock.url))
        try await mocks.setResponses(service.responses, at: mock.id)
      }
    }
    return urls
  }

  /// Starts mocks of the systems that are called, and says where each is.
  func open(_ names: [String], of systems: [LegacySystem]) async throws(WorkflowError) -> [String:
    String]
  {
    guard !callsLiveSystems else { return [:] }
    var endpoints: [String: String] = [:]
    for name in names {
      guard let system = systems.first(where: { $0.name == name }) else {
        throw Self.noAdapter(for: name, among: systems)
      }
      endpoints[name] = try await mocks.host(system).endpoint
    }
    return endpoints
  }

  static func noAdapter(for name: String, among systems: [LegacySystem]) -> WorkflowError {
    let names = systems.map(\.name)
    return WorkflowError(
      .notFound, "No adapter for system: \(name)" + Suggestion.clause(for: name, among: names),
      hint: names.isEmpty ? "there are no systems" : "systems: \(names.joined(separator: ", "))")
  }
}
