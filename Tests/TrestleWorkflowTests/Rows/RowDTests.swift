import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

@Suite("D: the pipeline of data, training and validation")
struct RowDTests {
  static let context: Record = [
    "data_batch": "batch-0001", "batch_size": 32, "training_progress": 0, "current_epoch": 1,
    "max_epochs": 10, "model_accuracy": 0.93,
  ]

  private func withPipeline(
    _ change: (inout Record) -> Void = { _ in },
    _ body: (StateDrivenAIWorkflow, MockLoopClient) async throws -> Void
  ) async throws {
    var data = try ExampleWorkflows.fixture("ml_pipeline_workflow.json").objectValue ?? [:]
    change(&data)
    let definition = try ExampleWorkflows.definition(.object(data))
    try await withMocks { mocks in
      let workflow = StateDrivenAIWorkflow(
        definition, mocks: mocks, options: WorkflowOptions(inputs: Self.context))
      try await workflow.setupWorkflow()
      try await body(workflow, mocks)
      await workflow.stop()
    }
  }

  @Test(
    "D1: the document's definition loads as it is, and the file that is shipped is the same with a context"
  )
  func loads() throws {
    let data = try ExampleWorkflows.fixture("ml_pipeline_workflow.json")
    let definition = try ExampleWorkflows.definition(data)
    #expect(definition.diagnostics.allSatisfy { $0.message.hasPrefix("nothing gives ${") })
    let file = try WorkflowDefinition.load(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
    #expect(file.diagnostics == [])
    for one in [definition, file] {
      #expect(one.form == .stateDriven)
      #expect(one.serviceNames == ["data_service", "model_service", "validation_service"])
    }
    #expect(JSONWriter.text(.object(file.context)) == JSONWriter.text(.object(Self.context)))
    #expect(
      data["services"] == [
        "data_service": ["spec": "./data-api.yaml", "port": 8001],
        "model_service": ["spec": "./model-api.yaml", "port": 8002],
        "validation_service": ["spec": "./validation-api.yaml", "port": 8003],
      ])
  }

  @Test("D2: a run goes through its five states and ends in complete, with four transitions")
  func runs() async throws {
    try await withPipeline { workflow, _ in
      let output = try await workflow.run()
      #expect(output["state"] == "complete")
      #expect(await workflow.currentState == "complete")
      let history = await workflow.stateHistory
      #expect(history.count == 4)
      #expect(
        history.map { "\($0.fromState) → \($0.toState)" } == [
          "initial → data_loading", "data_loading → model_training",
          "model_training → model_validation", "model_validation → complete",
        ])
    }
    let file = try WorkflowDefinition.load(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
    let result = try await WorkflowRun(file, options: WorkflowOptions(usesFreePorts: true)).run()
    #expect(result.isSuccess)
    #expect(
      result.states == [
        "initial", "data_loading", "model_training", "model_validation", "complete",
      ])
  }

  @Test("D3: the data service says that it is ready, and the first action takes that in")
  func initial() async throws {
    try await withPipeline { workflow, mocks in
      try await workflow.configureStateServices("initial")
      let ready: Value = ["status": "ready", "data_available": true]
      let port = await mocks.port(of: "workflow_data_service")
      #expect(try await RawHTTP.get("/status", port: port).json == ready)
      let results = try await workflow.executeStateActions()
      #expect(
        results == [
          [
            "action": "check_data_availability", "type": "api_call", "status_code": 200,
            "response": ready, "success": true, "trigger_transition": "data_loading",
          ]
        ])
    }
  }

  @Test("D4: the batch is what the context says")
  func loading() async throws {
    try await withPipeline { workflow, mocks in
      try await workflow.transitionToState("data_loading")
      let batch: Value = ["data": "batch-0001", "size": "32"]
      let port = await mocks.port(of: "workflow_data_service")
      #expect(try await RawHTTP.get("/data", port: port).json == batch)
      let result = try await workflow.executeStateActions().first
      #expect(result?["action"] == "load_data_batch")
      #expect(result?["response"] == batch)
      #expect(await workflow.currentState == "model_training")
    }
  }

  @Test("D5: the training gets its size and epochs, as the mock's journal shows")
  func training() async throws {
    try await withPipeline { workflow, mocks in
      try await workflow.transitionToState("model_training")
      let port = await mocks.port(of: "workflow_model_service")
      #expect(
        try await RawHTTP.get("/status", port: port).json == ["status": "training", "epoch": "1"])
      let result = try await workflow.executeStateActions().first
      #expect(result?["response"] == ["status": "training", "progress": "0"])
      let calls = try await mocks.calls(at: "workflow_model_service")
      let training = try #require(calls.last { $0.target == "/train" })
      #expect(training.method == "POST")
      let body = try JSONParser.parse(training.request?.body ?? [])
      #expect(body == ["batch_size": "32", "epochs": "10"])
      #expect(await workflow.currentState == "model_validation")
    }
  }

  @Test("D6: the accuracy is in the result of the validation")
  func validation() async throws {
    try await withPipeline { workflow, mocks in
      try await workflow.transitionToState("model_validation")
      let result = try await workflow.executeStateActions().first
      #expect(result?["action"] == "validate_model")
      #expect(result?["response"] == ["accuracy": "0.93", "status": "complete"])
      #expect(await workflow.currentState == "complete")
      let calls = try await mocks.calls(at: "workflow_validation_service")
      #expect(calls.map(\.method) == ["POST"])
      #expect(calls.map(\.target) == ["/validate"])
    }
  }

  @Test("D7: in complete nothing is done, and that is no error")
  func complete() async throws {
    try await withPipeline { workflow, mocks in
      try await workflow.transitionToState("complete")
      #expect(try await workflow.executeStateActions() == [])
      #expect(await workflow.currentState == "complete")
      for mock in await mocks.mocks { #expect(try await mocks.calls(at: mock.id).isEmpty) }
    }
  }

  @Test("D8: a training that fails ends in the state for it, as the history shows")
  func failure() async throws {
    func change(_ data: inout Record) {
      var states = data["states"]?.objectValue ?? [:]
      var training = states["model_training"]?.objectValue ?? [:]
      training["services"] = [
        "model_service": ["/train": ["reply": ["error": "out of memory"], "status": 500]]
      ]
      var action = training["actions"]?.arrayValue?.first?.objectValue ?? [:]
      action["transition_on_failure"] = "training_failed"
      training["actions"] = [.object(action)]
      states["model_training"] = .object(training)
      states["training_failed"] = ["failure": true, "actions": []]
      data["states"] = .object(states)
    }
    try await withPipeline(change) { workflow, _ in
      let error = try await workflowError { _ = try await workflow.run() }
      #expect(error?.kind == .failed)
      #expect(error?.message == "it ended in the state training_failed")
      #expect(await workflow.currentState == "training_failed")
      #expect(
        await workflow.stateHistory.map(\.toState) == [
          "data_loading", "model_training", "training_failed",
        ])
    }
  }
}
