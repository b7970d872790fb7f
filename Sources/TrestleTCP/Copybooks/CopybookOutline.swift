package import TrestleCore

/// What a copybook holds, without a message: for imports and checks.
package struct CopybookOutline: Sendable {
  /// One level-01 record.
  package struct Record: Sendable {
    /// Its name; nil where fields stand without a 01 before them.
    package var name: String?
    /// Its bytes at full size; nil where it cannot be laid out.
    package var size: Int?
    /// Whether tables may make it shorter.
    package var isVariable: Bool
    /// The names of its first fields in JSON.
    package var keys: [String]
    /// Those of them that are whole numbers.
    package var numbers: Set<String>
    /// Fields that several readings of the same bytes stand for, as lists of names.
    package var areas: [[String]]
  }

  /// How files of copybooks end that others copy by their bare names.
  package static let suffixes = [".cpy", "", ".CPY", ".cbl", ".cob", ".copy"]

  package private(set) var records: [Record] = []
  /// What cannot be read, or is odd, with its line.
  package private(set) var diagnostics: [Diagnostic] = []

  /// Reads a copybook; `include` finds those that it copies, by their names.
  package init(
    _ bytes: [UInt8], file: String = "",
    include: @escaping (String) -> [UInt8]? = { _ in nil }
  ) {
    let copybook = Copybook(bytes, include: include)
    var problems = copybook.problems
    for record in copybook.records {
      let options = CopybookOptions(encoding: .ascii)
      let compiled = CopybookCompiler.compile(record, options: options)
      problems += compiled.problems
      records.append(
        Record(
          name: record.item.entry.name, size: compiled.layout?.size,
          isVariable: compiled.layout?.group.isVariable ?? false,
          keys: compiled.layout?.group.keys ?? [],
          numbers: Set(compiled.layout?.group.members.filter(Self.isNumber).map(\.key) ?? []),
          areas: compiled.layout.map { Self.areas(of: $0.group) } ?? []))
    }
    diagnostics = problems.map {
      Diagnostic(
        $0.isWarning ? .warning : .error, $0.message, file: file, line: $0.line, hint: $0.hint)
    }
    if records.isEmpty, diagnostics.isEmpty {
      diagnostics = [Diagnostic(.error, "the copybook has no fields", file: file)]
    }
  }

  private static func isNumber(_ node: CopybookNode) -> Bool {
    guard case .field(let field) = node.content, case .scalar(let scalar) = field.schema.shape
    else { return false }
    return scalar.form == .number && scalar.kind == .integer
  }

  private static func areas(of group: CopybookGroup) -> [[String]] {
    group.steps.flatMap { step -> [[String]] in
      switch step {
      case .area(let area): [area.alternatives.map(\.title)]
      case .node(let node):
        if case .group(let inner) = node.content { areas(of: inner) } else { [] }
      case .slack: []
      }
    }
  }
}
