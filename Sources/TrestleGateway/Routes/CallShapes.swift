internal import Trestle

/// The shapes of calls.
enum CallShapes {
  static let call = Shape.object(
    [
      "id": Shape.integer("Later calls of a system have higher ones.", from: 1),
      "time": Shape.text("When it began, ISO 8601 in UTC."), "system": Shape.text(),
      "outcome": Shape.oneOf(
        JournalEntry.Outcome.allCases.map(\.rawValue), "What became of it."),
      "milliseconds": Shape.number("How long reading, answering and writing took."),
      "operation?": Shape.text("Left out where the request could not be read as a call."),
      "origin?": Shape.text("What made the answer."),
      "scope?": Shape.text("Whose state it was answered from."),
      "peer?": Shape.text("The client's address."),
      "near_miss?": Shape.text("The nearest stubs, where none fitted."),
      "error?": Shape.text("What was wrong with the request or the answer."),
      "parameters?": Shape.any("The parameters."),
      "headers?": Shape.map(Shape.anything, "The header blocks beside them."),
      "value?": Shape.any("What was answered."),
      "fault?": Shape.any("The fault that was answered."),
      "reply_headers?": Shape.map(Shape.anything), "warnings?": Shape.list(Shape.text()),
      "status?": Shape.integer("The HTTP status."),
      "request?": Shape.named(.message), "response?": Shape.named(.message),
    ], "A call as the journal keeps it.")

  static let message = Shape.object(
    [
      "size": Shape.integer("How many bytes the body had.", from: 0),
      "method?": Shape.text(), "target?": Shape.text(),
      "headers?": Shape.list(Shape.object(["name": Shape.text(), "value": Shape.text()])),
      "text?": Shape.text("The body."), "base64?": Shape.text("The body, where it is no text."),
      "cut?": Shape.flag("Whether only the beginning was kept."),
    ], "One side of a call on the wire.")

  static let latency = Shape.object(
    [
      "count": Shape.integer(from: 0), "min": Shape.number(), "mean": Shape.number(),
      "p50": Shape.number(), "p90": Shape.number(), "p95": Shape.number(), "p99": Shape.number(),
      "max": Shape.number(),
    ], "How long calls took, in milliseconds.")

  private static let counts = Shape.map(Shape.integer(from: 0))

  static let analysis = Shape.object(
    [
      "total": Shape.integer("How many calls there were.", from: 0),
      "calls_per_second": Shape.number(), "systems": counts, "operations": counts,
      "outcomes": counts, "origins": counts, "peers": counts, "status?": counts,
      "time_range?": Shape.object(["from": Shape.text(), "to": Shape.text()]),
      "milliseconds?": Shape.named(.latency),
      "milliseconds_by_operation": Shape.map(Shape.named(.latency)),
      "errors": Shape.list(
        Shape.object([
          "system": Shape.text(), "operation?": Shape.text(), "outcome": Shape.text(),
          "message": Shape.text("Digits as #: messages that differ in a number are one."),
          "count": Shape.integer(from: 1), "last_id": Shape.integer("The newest such call."),
        ])),
      "patterns": Shape.list(
        Shape.object(["call": Shape.text(), "count": Shape.integer(from: 1)]),
        "Identical calls that were made again and again."),
      "insights": Shape.list(Shape.text(), "What stands out, a sentence each."),
    ], "What calls have in common.")
}
