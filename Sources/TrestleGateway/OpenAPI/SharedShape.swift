internal import Trestle

/// The shapes that have a name in the OpenAPI document.
enum SharedShape: String, CaseIterable {
  case error = "Error"
  case problem = "Problem"
  case mock = "Mock"
  case stub = "Stub"
  case stubDefinition = "StubDefinition"
  case stubsSet = "StubsSet"
  case scenario = "Scenario"
  case fault = "Fault"
  case faultSettings = "FaultSettings"
  case call = "Call"
  case message = "Message"
  case analysis = "Analysis"
  case latency = "Latency"
  case verification = "Verification"

  var shape: Value {
    switch self {
    case .error: Self.errorShape
    case .problem: Self.problemShape
    case .mock: MockShapes.mock
    case .stub: StubShapes.stub
    case .stubDefinition: StubShapes.definition
    case .stubsSet: StubShapes.set
    case .scenario: ScenarioShapes.scenario
    case .fault: FaultShapes.fault
    case .faultSettings: FaultShapes.settings
    case .call: CallShapes.call
    case .message: CallShapes.message
    case .analysis: CallShapes.analysis
    case .latency: CallShapes.latency
    case .verification: VerifyShapes.verification
    }
  }

  private static let errorShape = Shape.object(
    [
      "error": Shape.object([
        "code": Shape.oneOf(APIError.Code.allCases.map(\.rawValue), "The kind of mistake."),
        "message": Shape.text("What happened."),
        "hint?": Shape.text("What to do about it."),
        "path?": Shape.text("Where in the body, as a JSON Pointer."),
        "known?": Shape.list(Shape.text(), "The names that there are, where one was not found."),
        "problems?": Shape.list(
          Shape.named(.problem), "Everything that is wrong with what was to be set."),
      ])
    ], "Why a request was not done. Nothing was changed.")

  private static let problemShape = Shape.object(
    [
      "severity": Shape.oneOf(["error", "warning"]),
      "path": Shape.text("Where it stands, as a JSON Pointer; empty for the whole."),
      "message": Shape.text("What is wrong, with the nearest right word where one is near."),
      "hint?": Shape.text("How to mend it."),
    ], "One thing that is wrong, or merely odd, in what was to be set.")
}
