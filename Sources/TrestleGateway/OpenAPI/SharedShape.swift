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
  case system = "System"
  case operation = "Operation"

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
    case .system: SystemShapes.system
    case .operation: SystemShapes.operation
    }
  }

  private static let errorShape = Shape.object(
    [
      "error": Shape.object([
        "kind": Shape.oneOf(kinds, "What kind of mistake it is; of a call, how far it got."),
        "code": Shape.text(
          "A fault's code, as its system has it; else a word for what is the matter: "
            + APIError.Code.allCases.map(\.rawValue).joined(separator: ", ") + "."),
        "message": Shape.text("What happened."),
        "hint?": Shape.text("What to do about it."),
        "path?": Shape.text("Where in the body, as a JSON Pointer."),
        "at?": Shape.text("Where in the reply."),
        "system?": Shape.text("The system that was to be called."),
        "operation?": Shape.text("The operation that was to be called."),
        "call_id?": Shape.text("The call's identity."),
        "example?": Shape.any("Parameters that the operation takes."),
        "detail?": Shape.any("What a fault says beside its message."),
        "actor?": Shape.text("Who raised the fault, where it says so."),
        "subcodes?": Shape.list(Shape.text(), "A fault's further codes, outermost first."),
        "language?": Shape.text("The language of a fault's message, by its tag."),
        "translations?": Shape.map(Shape.text(), "A fault's message in further languages."),
        "name?": Shape.text("What the system's own documentation calls the fault."),
        "category?": Shape.oneOf(
          FaultCategory.allCases.map(\.rawValue), "What the fault means to the one who calls."),
        "retryable?": Shape.flag("Whether the same call may succeed later."),
        "_headers?": Shape.any("Header blocks beside the fault."),
        "known?": Shape.list(Shape.text(), "The names that there are, where one was not found."),
        "problems?": Shape.list(
          Shape.named(.problem), "Everything that is wrong with what was to be set."),
      ])
    ], "Why a request was not done. Nothing was changed.")

  /// The codes that are kinds too, and how far calls get.
  private static let kinds =
    APIError.Code.allCases.map(\.rawValue).filter { $0 != "fault" }
    + ["lookup", "validation", "encoding", "transport", "decoding", "fault", "unmatched"]

  private static let problemShape = Shape.object(
    [
      "severity": Shape.oneOf(["error", "warning"]),
      "path": Shape.text("Where it stands, as a JSON Pointer; empty for the whole."),
      "message": Shape.text("What is wrong, with the nearest right word where one is near."),
      "hint?": Shape.text("How to mend it."),
    ], "One thing that is wrong, or merely odd, in what was to be set.")
}
