package import TrestleCore

/// Rows that templates look up by key: a file of lines, a table of a database.
package protocol DataSource: Sendable {
  /// The columns, for checks at load; nil where they are not known.
  var columns: [String]? { get }

  /// The row of a key; nil when there is none.
  ///
  /// Runs on an event loop while a call waits: it must not take long.
  ///
  /// - Throws: `ExpressionError` when the source cannot be read.
  func row(forKey key: String) throws(ExpressionError) -> Record?
}

/// An entry of `data`: what a source is made of.
package struct DataDefinition: Sendable {
  package var name: String
  /// The file, relative to the adapter file.
  package var file: String
  /// The table, where the file is a database.
  package var table: String?
  /// The column whose values are the keys.
  package var key: String
  /// What separates the fields of a line.
  package var separator: String
  package var path: ValuePath

  init?(_ member: Record.Member, at path: ValuePath) {
    guard let file = member.value["file"]?.scalarText, let key = member.value["key"]?.scalarText
    else { return nil }
    name = member.name
    self.file = file
    self.key = key
    table = member.value["table"]?.scalarText
    separator = member.value["separator"]?.scalarText ?? ","
    self.path = path
  }
}

/// Makes the source of an entry of `data`; what is wrong with it becomes a problem, and nil.
package typealias DataOpener = (DataDefinition, inout [ValueProblem]) -> (any DataSource)?

/// The sources of a mock, by name.
struct DataSets: Sendable {
  private var sources: [String: (any DataSource)?] = [:]

  static let none = DataSets()

  private init() {}

  init(
    _ definitions: [DataDefinition], open: DataOpener, problems: inout [ValueProblem]
  ) {
    for definition in definitions {
      sources[definition.name] = .some(open(definition, &problems))
    }
  }

  var names: [String] { sources.keys.sorted() }

  func columns(of name: String) -> [String]? { (sources[name] ?? nil)?.columns }

  /// `row('customers', key)`; absent where the key is, and where no row has it.
  func row(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    guard arguments.count == 2, let name = arguments[0]?.stringValue else {
      throw ExpressionError("row() expects a name and a key, like row('customers', request.id)")
    }
    guard let source = sources[name] else {
      throw ExpressionError("no data \"\(name)\"" + Suggestion.clause(for: name, among: names))
    }
    guard let source else { throw ExpressionError("data \"\(name)\" could not be loaded") }
    guard let key = arguments[1]?.content.scalarText else { return nil }
    return try source.row(forKey: key).map { .object($0) }
  }
}

extension DataSets {
  /// What templates ask of data that is not there.
  func problems(in expression: Expression) -> [String] {
    let unknown = expression.firstTexts(of: "row").filter { sources[$0] == nil }
    let missing = expression.members(ofCallsOf: "row").compactMap { found -> String? in
      guard let columns = columns(of: found.text), !columns.contains(found.member) else {
        return nil
      }
      return "data \"\(found.text)\" has no column \"\(found.member)\""
        + Suggestion.clause(for: found.member, among: columns)
    }
    return unknown.map { "no data \"\($0)\"" + Suggestion.clause(for: $0, among: names) } + missing
  }
}
