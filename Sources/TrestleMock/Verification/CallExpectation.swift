package import TrestleCore

/// What calls are looked for, and how many of them there shall be.
package struct CallExpectation: Sendable {
  /// Nil for any system.
  package var system: String?
  /// Nil for any operation.
  package var operation: String?
  /// What their parameters must be like.
  package var matcher: Matcher
  package var count: CallCount
  /// The expectation as its author wrote it, for messages.
  package var text: String

  /// `when` are conditions on the parameters, as in a stub; `parameters` is their schema, where it is
  /// known.
  package init(
    system: String?, operation: String?, when: Record = Record(), parameters: Schema = .any,
    count: CallCount = .atLeast(1), text: String? = nil, problems: inout [ValueProblem]
  ) {
    self.system = system
    self.operation = operation
    self.count = count
    matcher = Matcher.compile(
      when: .object(when), parameters: parameters, at: ValuePath(), problems: &problems)
    self.text =
      text
      ?? ([system, operation].compactMap { $0 } + (when.isEmpty ? [] : ["\(Value.object(when))"]))
      .joined(separator: " ")
  }

  /// Whether a call is of the system and the operation, whatever its parameters.
  func concerns(_ call: RecordedCall) -> Bool {
    (system.map { $0 == call.system } ?? true)
      && (operation.map { $0 == call.operation } ?? true)
  }

  package func matches(_ call: RecordedCall) -> Bool {
    concerns(call) && matcher.matches(.object(call.parameters))
  }
}
