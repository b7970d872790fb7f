package import TrestleCore

/// A file of data that people write, in YAML or JSON, with the places of its parts.
package struct DataFile: Sendable {
  /// Absolute.
  package let path: String
  /// How messages name it.
  package let shown: String
  /// What it says, with `${env:…}` and `${secret:…}` filled in; other `${…}` stand as they are.
  package let value: Value
  /// What stands in it.
  package let written: Value
  package let places: PlaceMap
  /// What is wrong with it as data.
  package let problems: [ValueProblem]

  /// Reads a file's first document. Never fails: without a file, the diagnostics say why.
  package static func read(
    _ path: String, root: String, limit: Int = 16 << 20
  ) -> (file: DataFile?, diagnostics: [Diagnostic]) {
    let shown = FilePaths.display(path, root: root)
    var diagnostics: [Diagnostic] = []
    let documents = documents(at: path, shown: shown, limit: limit, diagnostics: &diagnostics)
    guard diagnostics.isEmpty else { return (nil, diagnostics) }
    guard documents.count <= 1 else {
      let message = "the file has several documents"
      return (nil, [Diagnostic(.error, message, file: shown, hint: "leave out the line ---")])
    }
    guard let document = documents.first, !document.value.isNull else {
      return (nil, [Diagnostic(.error, "the file is empty", file: shown)])
    }
    return (DataFile(document, path: path, shown: shown, root: root), [])
  }

  /// Data that stands in no file; paths in it are relative to a directory.
  package init(_ value: Value, directory: String) {
    path = directory + "/"
    shown = ""
    self.value = value
    written = value
    places = PlaceMap()
    problems = []
  }

  private init(_ document: YAMLReader.Document, path: String, shown: String, root: String) {
    var interpolation = Interpolation(
      environment: { Surroundings.variable($0) },
      secret: { Surroundings.secret($0, root: root) })
    interpolation.leavesOthers = true
    self.path = path
    self.shown = shown
    value = interpolation.fill(document.value)
    written = document.value
    places = document.places
    problems = document.problems + interpolation.problems
  }

  /// The directory that names in the file are relative to.
  package var directory: String { FilePaths.parent(path) }

  /// The diagnostic for a problem.
  package func diagnostic(_ problem: ValueProblem) -> Diagnostic {
    places.diagnostic(problem, file: shown)
  }

  /// The documents of a file, and what hinders reading any.
  static func documents(
    at path: String, shown: String, limit: Int, diagnostics: inout [Diagnostic]
  ) -> [YAMLReader.Document] {
    do {
      return try documents(at: path, limit: limit)
    } catch let error as YAMLMistake {
      diagnostics.append(error.diagnostic(file: shown))
    } catch let error as JSONError {
      diagnostics.append(
        Diagnostic(
          .error, "this is no JSON: \(error.reason)", file: shown, line: error.line,
          column: error.column))
    } catch let error as LoadError {
      diagnostics.append(Diagnostic(.error, error.message, file: shown, hint: error.hint))
    } catch {
      diagnostics.append(Diagnostic(.error, "\(error)", file: shown))
    }
    return []
  }

  private static func documents(at path: String, limit: Int) throws -> [YAMLReader.Document] {
    let bytes = try FilePaths.read(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LoadError("the file is not UTF-8", hint: "save it as UTF-8")
    }
    guard path.hasSuffix(".json") else { return try YAMLReader.read(text) }
    let value = try JSONParser.parse(text)
    // JSON is YAML but for its tabs; where the YAML reader follows, it knows the places.
    let places = (try? YAMLReader.read(text))?.first?.places ?? PlaceMap()
    return [YAMLReader.Document(value: value, places: places, problems: [])]
  }
}
