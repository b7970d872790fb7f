internal import TrestleCore
internal import TrestleMock

/// Opens the files of `mock.data`.
struct DataFiles {
  let context: LoadContext

  func open(_ definition: DataDefinition, _ problems: inout [ValueProblem]) -> (any DataSource)? {
    let path = definition.path
    do throws(LoadError) {
      if definition.table != nil || definition.isDatabase {
        problems.append(
          ValueProblem(
            .error, "SQLite data is not available yet", at: path.member("file"),
            hint: "write the table to a CSV file"))
        return nil
      }
      return try table(definition, &problems)
    } catch {
      problems.append(
        ValueProblem(.error, error.message, at: path.member("file"), hint: error.hint))
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

extension DataDefinition {
  /// Whether the file's name is that of a database.
  fileprivate var isDatabase: Bool {
    [".sqlite", ".sqlite3", ".db"].contains { file.lowercased().hasSuffix($0) }
  }
}
