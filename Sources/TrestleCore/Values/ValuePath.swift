/// Where something stands in a value: `stubs[2].when.id`.
package struct ValuePath: Sendable, Hashable, CustomStringConvertible {
  package enum Step: Sendable, Hashable {
    case member(String)
    case item(Int)
  }

  package var steps: [Step]

  package init(_ steps: [Step] = []) { self.steps = steps }

  /// Reads a path as `description` writes it.
  package init(written text: String) {
    steps = []
    for part in text.split(separator: ".") {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      if let name = pieces.first, !name.isEmpty { steps.append(.member(String(name))) }
      for piece in pieces.dropFirst() {
        if let position = Int(piece.prefix { $0 != "]" }) { steps.append(.item(position)) }
      }
    }
  }

  package func member(_ name: String) -> ValuePath { ValuePath(steps + [.member(name)]) }
  package func item(_ position: Int) -> ValuePath { ValuePath(steps + [.item(position)]) }

  package func appending(_ path: ValuePath) -> ValuePath { ValuePath(steps + path.steps) }

  package var isEmpty: Bool { steps.isEmpty }

  package var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .member(let name): text += text.isEmpty ? name : "." + name
      case .item(let position): text += "[\(position)]"
      }
    }
    return text
  }
}

/// What is wrong at a place of a file's data. It becomes a `Diagnostic` where the file's lines are known.
package struct ValueProblem: Sendable, Hashable {
  package var severity: Diagnostic.Severity
  package var path: ValuePath
  /// What is wrong, as a clause.
  package var message: String
  /// How to mend it, as a sentence; nil when nothing sensible can be said.
  package var hint: String?
  /// The operations that do not work because of it.
  package var operations: [String]
  /// Whether the member's name rather than its value is wrong.
  package var concernsName: Bool

  package init(
    _ severity: Diagnostic.Severity, _ message: String, at path: ValuePath, hint: String? = nil,
    operations: [String] = [], concernsName: Bool = false
  ) {
    self.severity = severity
    self.path = path
    self.message = message
    self.hint = hint
    self.operations = operations
    self.concernsName = concernsName
  }
}
