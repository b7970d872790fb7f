package import TrestleCore

/// Reads data that people write in files: JSON, or YAML, of which JSON is nearly a part.
package enum DataText {
  /// The value that a text stands for; of several YAML documents the first.
  ///
  /// - Throws: `LoadError` with line and column.
  package static func value(of text: String) throws(LoadError) -> Value {
    if let value = try? JSONParser.parse(text) { return value }
    let documents: [YAMLReader.Document]
    do throws(YAMLMistake) {
      documents = try YAMLReader.read(text)
    } catch {
      let found = error.diagnostic(file: "")
      let place = found.line.map { "line \($0): " } ?? ""
      throw LoadError(place + found.message, hint: found.hint)
    }
    guard let document = documents.first else { return .null }
    if let problem = document.problems.first {
      let line = document.places.place(of: problem.path)?.line
      throw LoadError((line.map { "line \($0): " } ?? "") + problem.message, hint: problem.hint)
    }
    return document.value
  }
}
