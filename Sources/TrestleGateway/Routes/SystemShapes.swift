internal import Trestle

/// The shapes of what is told of systems.
enum SystemShapes {
  static let system = Shape.object(
    [
      "system": Shape.text("Its name."), "protocol": Shape.text("soap, xml_rpc or custom_tcp."),
      "summary?": Shape.text("One line on it."),
      "mode": Shape.oneOf(
        CallMode.allCases.map(\.rawValue), "Where its calls go that do not say it."),
      "usable": Shape.flag("Whether calls can be made: its file and contract are no broken ones."),
      "operation_count": Shape.integer(from: 0),
      "takes_any_operation": Shape.flag(
        "Whether operations that nobody declared can be called too: it has no contract."),
      "endpoint?": Shape.text("Where the live system is."),
      "mock_endpoint?": Shape.text("Where its mock listens."),
      "documentation?": Shape.text("What its contract says of it."),
      "session?": Shape.text("How calls log in."),
      "problems?": Shape.list(
        Shape.object([
          "severity": Shape.oneOf(["error", "warning"]), "message": Shape.text(),
          "file?": Shape.text(), "line?": Shape.integer(from: 1), "column?": Shape.integer(from: 1),
          "hint?": Shape.text(),
          "operations?": Shape.list(Shape.text(), "The operations that do not work because of it."),
        ]), "What is wrong with its file and its contract, told of one system."),
    ], "A system.")

  static let operation = Shape.object(
    [
      "operation": Shape.text("Its name."),
      "effects": Shape.oneOf(["read", "write"], "Whether it changes anything."),
      "one_way": Shape.flag("Whether nothing answers it."),
      "path": Shape.text("Where it is called."), "summary?": Shape.text("One line on it."),
      "notes?": Shape.list(
        Shape.text(), "Facts of its protocol, told of one operation."),
    ], "An operation.")
}
