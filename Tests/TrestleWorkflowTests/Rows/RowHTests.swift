import Testing
import TrestleCore
import TrestleWorkflow

@Suite("H: the pipeline of three frameworks")
struct RowHTests {
  private func withPipeline(
    _ body: (MultiFrameworkOrchestrator, MockLoopClient, Notes) async throws -> Void
  ) async throws {
    let data = try ExampleWorkflows.fixture("nlp_pipeline_config.json")
    let calls = Notes()
    var options = MockLoopClient.Options(
      directory: ExampleWorkflows.directory, usesFreePorts: true)
    options.observe = { event in calls.add("\(event.system) \(event.call?.operation ?? "?")") }
    let mocks = MockLoopClient(options: options)
    let orchestrator = MultiFrameworkOrchestrator(mocks: mocks)
    for framework in data["frameworks"]?.objectValue ?? [:] {
      try await orchestrator.registerFramework(framework.name, config: framework.value)
    }
    try await orchestrator.configureDataFlow(data["data_flow"] ?? .null)
    try await body(orchestrator, mocks, calls)
    await orchestrator.stop()
  }

  @Test(
    "H1: the document's configuration loads as it is, and the file that is shipped is the same with a context"
  )
  func loads() async throws {
    let data = try ExampleWorkflows.fixture("nlp_pipeline_config.json")
    let definition = try ExampleWorkflows.definition(data)
    #expect(definition.diagnostics == [])
    #expect(definition.form == .orchestrated)
    let file = try WorkflowDefinition.load(ExampleWorkflows.path("nlp_pipeline_config.yaml"))
    #expect(file.diagnostics == [])
    #expect(
      data["frameworks"] == [
        "preprocessing": [
          "services": ["main": ["spec": "./preprocessing-api.yaml", "port": 8001]]
        ],
        "langchain": ["services": ["main": ["spec": "./langchain-api.yaml", "port": 8002]]],
        "custom_ml": ["services": ["main": ["spec": "./custom-ml-api.yaml", "port": 8003]]],
      ])
    for one in [definition, file] {
      let result = try await WorkflowRun(one, options: WorkflowOptions(usesFreePorts: true)).run()
      #expect(result.error == nil)
      #expect(result.output.objectValue?.names == ["preprocess", "extract_features", "classify"])
    }
  }

  @Test(
    "H2, H3: the services are called in their order, a transform once behind each of the first two")
  func order() async throws {
    try await withPipeline { orchestrator, mocks, calls in
      #expect(
        await mocks.mocks.map(\.id) == [
          "preprocessing_main", "langchain_main", "custom_ml_main", "transform_preprocess",
          "transform_extract_features",
        ])
      let results = try await orchestrator.executeOrchestratedWorkflow(["text": "It came late."])
      #expect(results.names == ["preprocess", "extract_features", "classify"])
      #expect(results.allSatisfy { $0.value["success"] == true })
      // The mocks tell of a call when it is answered.
      #expect(
        calls.all == [
          "preprocessing_main preprocessText", "transform_preprocess transformData",
          "langchain_main extractFeatures", "transform_extract_features transformData",
          "custom_ml_main classifyFeatures",
        ])
      var targets: [String] = []
      for mock in await mocks.mocks {
        targets += try await mocks.calls(at: mock.id).compactMap(\.target)
      }
      #expect(
        targets == ["/preprocess", "/extract_features", "/classify", "/transform", "/transform"])
    }
  }

  @Test(
    "H3: a transform is told the format that the next step takes",
    arguments: [
      ("transform_preprocess", 8004 as Int64, "langchain_input"),
      ("transform_extract_features", 8005, "ml_input"),
    ])
  func formats(id: String, port: Int64, format: String) async throws {
    try await withPipeline { orchestrator, mocks, _ in
      _ = try await orchestrator.executeOrchestratedWorkflow(["text": "It came late."])
      let calls = try await mocks.calls(at: id)
      #expect(calls.count == 1)
      let body = try JSONParser.parse(calls.first?.request?.body ?? [])
      #expect(body["config"] == ["port": .integer(port), "format": .string(format)])
      // What nobody said a template for goes on as it came.
      #expect(body["data"]?.objectValue?.isEmpty == false)
      #expect(calls.first?.value?["transformed_data"] == body["data"])
    }
  }

  @Test("H4: where extract_features fails, classify is not called")
  func failure() async throws {
    try await withPipeline { orchestrator, mocks, _ in
      try await mocks.manageMockData(
        serverURL: "langchain_main", operation: "create_scenario", scenarioName: "broken",
        scenarioConfig: ["/extract_features": ["reply": ["error": "broken"], "status": 500]])
      try await mocks.manageMockData(
        serverURL: "langchain_main", operation: "switch_scenario", scenarioName: "broken")
      let results = try await orchestrator.executeOrchestratedWorkflow(["text": "It came late."])
      #expect(results.names == ["preprocess", "extract_features"])
      #expect(results["extract_features"]?["success"] == false)
      #expect(results["extract_features"]?["error"]?.stringValue?.contains("broken") == true)
      #expect(try await mocks.calls(at: "langchain_main").count == 1)
      #expect(try await mocks.calls(at: "custom_ml_main").isEmpty)
      #expect(try await mocks.calls(at: "transform_extract_features").isEmpty)
    }
  }
}
