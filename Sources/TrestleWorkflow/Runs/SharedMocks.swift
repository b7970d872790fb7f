internal import TrestleCore

/// Mocks that many runs share, each in a scope of its own: what one run has them answer, no other sees.
struct SharedMocks: Sendable {
  /// What they were opened with.
  let opened: WorkflowStage

  /// Starts the mocks of a workflow on free ports.
  static func open(
    _ definition: WorkflowDefinition, _ options: WorkflowOptions
  ) async throws(WorkflowError) -> SharedMocks {
    var options = options
    options.usesFreePorts = true
    let mocks = MockLoopClient(options: .init(definition, options))
    do throws(WorkflowError) {
      let stage = try await WorkflowStage.open(
        definition, mocks, .init(definition, options),
        callsLiveSystems: options.callsLiveSystems)
      try await options.prepare?(stage)
      return SharedMocks(opened: stage)
    } catch {
      await mocks.stop()
      throw error
    }
  }

  /// What the steps of one run call.
  func stage(for run: String, _ settings: WorkflowStage.Settings) -> WorkflowStage {
    var settings = settings
    settings.scope = run
    settings.systems = opened.settings.systems
    settings.endpoints = opened.settings.endpoints
    let stage = WorkflowStage(mocks: opened.mocks, settings: settings, client: opened.client)
    for (name, url) in opened.serviceURLs { stage.setService(name, at: url) }
    return stage
  }

  func close() async {
    await opened.shutdown()
    await opened.mocks.stop()
  }
}
