import Testing
import TrestleCore

@testable import TrestleTCP

/// Files of a definition by their names.
func files(_ texts: [String: String]) -> DefinitionFiles {
  DefinitionFiles { name in
    texts[name].map { .success(Array($0.utf8)) } ?? .failure(.init(message: "is not there"))
  }
}

/// The layout of a copybook that is meant to be right; its lines are indented to column 8.
func makeCopybook(
  _ text: String, _ options: Record = [:], warnings: Int = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> CompiledLayout {
  var problems: [ValueProblem] = []
  var section = options
  section["copybook"] = "R.cpy"
  let layout = CompiledLayout(
    .object(section), files: files(["R.cpy": columns(text)]), problems: &problems)
  #expect(!problems.hasErrors, "\(problems)", sourceLocation: sourceLocation)
  #expect(problems.count == warnings, "\(problems)", sourceLocation: sourceLocation)
  return try #require(layout, sourceLocation: sourceLocation)
}

/// What a copybook's mistakes are.
func mistakes(inCopybook text: String, _ options: Record = [:]) -> [String] {
  var problems: [ValueProblem] = []
  var section = options
  section["copybook"] = "R.cpy"
  _ = CompiledLayout(
    .object(section), files: files(["R.cpy": columns(text)]), problems: &problems)
  return problems.map(\.message)
}

/// A text with every line at column 8.
func columns(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { "       " + $0 }
    .joined(separator: "\n")
}

/// The layout of one field `F`.
func makeCopybookField(
  _ clauses: String, _ options: Record = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws -> CompiledLayout {
  try makeCopybook("01 R.\n   05 F \(clauses).", options, sourceLocation: sourceLocation)
}
