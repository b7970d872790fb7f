internal import TrestleCore
internal import TrestleMock
internal import TrestleStore

/// Opens the files of `mock.data`.
struct DataFiles {
  let context: LoadContext

  func open(_ definition: DataDefinition, _ problems: inout [ValueProblem]) -> (any DataSource)? {
    let path = definition.path
    do throws(LoadError) {
      if definition.table != nil || definition.isDatabase {
        return try database(definition, &problems)
      }
      return try table(definition, &problems)
    } catch {
      problems.append(
        ValueProblem(.error, error.message, at: path.member("file"), hint: error.hint))
      return nil
    }
  }

  private func database(
    _ definition: DataDefinition, _ problems: inout [ValueProblem]
  ) throws(LoadError) -> DatabaseTable? {
    guard let table = definition.table else {
      problems.append(
        ValueProblem(
          .error, "a database needs a table", at: definition.path, hint: "add table: NAME"))
      return nil
    }
    let file = try context.resolve(definition.file)
    try FilePaths.check(file)
    do throws(SQLiteTable.Mistake) {
      let rows = try SQLiteTable(path: file, table: table, key: definition.key)
      if let warning = rows.warning {
        problems.append(
          ValueProblem(.warning, warning, at: definition.path.member("key"), hint: nil))
      }
      return DatabaseTable(rows: rows)
    } catch {
      let part = error.concernsKey ? "key" : error.concernsTable ? "table" : "file"
      problems.append(
        ValueProblem(
          .error, "\(definition.file) \(error.reason)", at: definition.path.member(part),
          hint: error.hint))
      return nil
    }
  }

  private func table(
    _ definition: DataDefinition, _ problems: inout [ValueProblem]
  ) throws(LoadError) -> CSVTable? {
    let separator = definition.separator == "\\t" ? "\t" : definition.separator
    guard separator.utf8.count == 1, let separator = separator.utf8.first,
      !"\"\r\n".utf8.contains(separator)
    else {
      problems.append(
        ValueProblem(
          .error, "expects one character that is neither a quote nor a line's end",
          at: definition.path.member("separator")))
      return nil
    }
    let bytes = try context.read(definition.file, limit: CSVTable.Limits.bytes)
    do throws(CSVTable.Mistake) {
      var repeats: [Int] = []
      let table = try CSVTable(
        bytes, key: definition.key, separator: separator, repeats: &repeats)
      if let first = repeats.first {
        problems.append(
          ValueProblem(
            .warning,
            "\(definition.file) line \(first): the key was in a row before, which is taken"
              + (repeats.count > 1 ? " (and \(repeats.count - 1) more)" : ""),
            at: definition.path.member("key")))
      }
      return table
    } catch {
      throw LoadError("\(definition.file) \(error)")
    }
  }
}

/// A table of a database as a source of rows.
private struct DatabaseTable: DataSource {
  let rows: SQLiteTable

  var columns: [String]? { rows.columns }

  func row(forKey key: String) throws(ExpressionError) -> Record? { try rows.row(forKey: key) }
}

extension DataDefinition {
  /// Whether the file's name is that of a database.
  fileprivate var isDatabase: Bool {
    [".sqlite", ".sqlite3", ".db"].contains { file.lowercased().hasSuffix($0) }
  }
}
