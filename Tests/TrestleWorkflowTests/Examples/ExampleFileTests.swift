import Foundation
import Testing
import TrestleCore
import TrestleWorkflow

@testable import Trestle

/// The files that the repository ships under `workflows/`.
@Suite("The example workflows")
struct ExampleFileTests {
  static let workflows = [
    "ml_pipeline_workflow.yaml", "nlp_pipeline_config.yaml", "ai_model_monitoring.yaml",
    "legacy_systems.yaml",
  ]
  /// With their operations, in the order of the file.
  static let specifications: [(name: String, operations: [String])] = [
    ("data-api.yaml", ["getDataStatus", "getDataBatch", "addData"]),
    ("model-api.yaml", ["startTraining", "stopTraining", "getTrainingStatus", "getModel"]),
    ("validation-api.yaml", ["validateModel", "listReports"]),
    ("webhook-api.yaml", ["receiveEvent", "getAlert", "raiseAlert"]),
    ("data-transform-api.yaml", ["transformData", "listFormats"]),
    ("preprocessing-api.yaml", ["preprocessText", "listLanguages"]),
    ("langchain-api.yaml", ["extractFeatures", "getChainHealth"]),
    ("custom-ml-api.yaml", ["classifyFeatures", "listLabels"]),
    ("soap-adapter-api.yaml", ["callSOAPOperation"]),
    ("xmlrpc-adapter-api.yaml", ["callMethod"]),
  ]

  @Test("each is listed here, so that none goes untested")
  func listed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: ExampleWorkflows.directory)
      .filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".test.yaml") }
    #expect(files.sorted() == (Self.workflows + Self.specifications.map(\.name)).sorted())
  }

  @Test("a workflow loads without anything being odd about it, also strictly", arguments: workflows)
  func loads(name: String) throws {
    for isStrict in [false, true] {
      let definition = try WorkflowDefinition.load(ExampleWorkflows.path(name), isStrict: isStrict)
      #expect(definition.diagnostics == [])
    }
  }

  @Test("a specification is a contract without any diagnostics", arguments: specifications)
  func describes(name: String, operations: [String]) throws {
    let system = LegacySystem.described(
      byContract: ExampleWorkflows.path(name), named: "example", registry: .standard)
    #expect(system.diagnostics == [])
    #expect(system.contract.operations.map(\.name) == operations)
  }

  @Test("a run without any options ends well", arguments: workflows)
  func runs(name: String) async throws {
    let definition = try WorkflowDefinition.load(ExampleWorkflows.path(name))
    let result = try await WorkflowRun(
      definition, options: WorkflowOptions(isStrict: true, usesFreePorts: true)
    ).run()
    #expect(result.error == nil)
    #expect(result.isSuccess)
    #expect(result.warnings == [])
  }

  @Test("legacy systems feed each other: SOAP, XML-RPC, TCP, then a summary of what they said")
  func legacySystems() async throws {
    let definition = try WorkflowDefinition.load(ExampleWorkflows.path("legacy_systems.yaml"))
    let result = try await WorkflowRun(
      definition, options: WorkflowOptions(inputs: ["sku": "B-2"], usesFreePorts: true)
    ).run()
    #expect(
      result.output == [
        "reservation": "R-1001", "sku": "B-2", "warehouse": "north", "grade": "B",
      ])
    let calls = result.steps.filter { $0.kind == "legacy_call" }
    #expect(calls.map(\.name) == ["get_stock", "rate_customer", "reserve"])
    #expect(calls.last?.call["parameters"]?["warehouse"] == "north")
    #expect(calls.last?.reply["output"]?["sku"] == "B-2")
  }

  @Test("the monitoring example tells of the slow and wrong model, and of no other")
  func monitoring() async throws {
    let definition = try WorkflowDefinition.load(ExampleWorkflows.path("ai_model_monitoring.yaml"))
    let result = try await WorkflowRun(
      definition, options: WorkflowOptions(usesFreePorts: true)
    ).run()
    #expect(result.counters.names == ["sentiment-7", "sentiment-6"])
    let alerts = result.steps.filter { $0.kind == "event" && $0.name == "performance_alert" }
    #expect(alerts.map { $0.call["data"]?["model_id"] } == ["sentiment-6", "sentiment-6"])
    #expect(
      alerts.map { $0.call["data"]?["alert_type"] } == ["high_latency", "high_error_rate"])
    let raised = result.steps.filter { $0.name == "raise_alert" }
    #expect(raised.map { $0.reply["status_code"] } == [201, 201])
    #expect(raised.first?.call["data"]?["value"] == 1200)
  }
}
