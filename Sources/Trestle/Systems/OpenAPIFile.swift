internal import TrestleCore
package import TrestleREST

/// Reads an API's description and the files that it refers to.
package struct OpenAPIFile {
  private let context: LoadContext

  package init(context: LoadContext) { self.context = context }

  /// Descriptions of the largest public APIs have some ten megabytes.
  private static let maximumBytes = 64 << 20
  /// Parts of one file: beyond it an alias that is used again and again would fill the memory.
  private static let maximumNodes = 4_000_000

  /// The description in a file.
  ///
  /// - Throws: `LoadError` for a file that is not there, is neither YAML nor JSON, or describes no API.
  package func description(_ file: String) throws(LoadError) -> APIDescription {
    let path = try context.resolve(file)
    context.takes(path)
    let shown = context.display(path)
    let root = try Self.value(path, shown: shown)
    let context = context
    let documents = APIDocuments(root: root) { reference, document in
      let base = FilePaths.parent(document.isEmpty ? path : document)
      do throws(LoadError) {
        let found = try context.resolve(reference, relativeTo: base)
        context.takes(found)
        return .success(
          APIDocuments.File(
            name: found, value: try Self.value(found, shown: context.display(found))))
      } catch {
        return .failure(APIDocuments.Failure(error.message, hint: error.hint))
      }
    }
    let name = FilePaths.name(path).split(separator: ".").first.map(String.init) ?? "api"
    guard var description = DescriptionReader.read(documents, named: name) else {
      throw LoadError(
        "\(shown) describes no API: it has neither openapi nor swagger",
        hint: "its first line is to say openapi: 3.1.0, or swagger: \"2.0\"")
    }
    for index in description.diagnostics.indices where description.diagnostics[index].file.isEmpty {
      description.diagnostics[index].file = shown
    }
    return description
  }

  /// Whether a file describes an API rather than a system: by its first lines, or, where these do not say
  /// it, by all of it.
  package static func isDescription(_ path: String) -> Bool {
    guard let bytes = try? FilePaths.read(path, limit: maximumBytes) else { return false }
    let words = ["openapi", "swagger"]
    guard words.contains(where: { bytes.firstRange(of: Array($0.utf8)) != nil }) else {
      return false
    }
    // An adapter file names its protocol, and is small.
    guard let value = try? value(bytes, shown: path) else {
      let text = String(decoding: bytes, as: UTF8.self)
      return text.split(whereSeparator: \.isNewline).contains { line in
        words.contains { line.hasPrefix($0 + ":") }
      }
    }
    return DescriptionReader.describes(value) && value["protocol"] == nil
  }

  /// What a file of YAML or JSON holds.
  static func value(_ path: String, shown: String) throws(LoadError) -> Value {
    let bytes = try FilePaths.read(path, limit: maximumBytes)
    return try value(bytes, shown: shown)
  }

  static func value(_ bytes: [UInt8], shown: String) throws(LoadError) -> Value {
    // A byte order mark says nothing in UTF-8.
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    var mistake: JSONError?
    if first == UInt8(ascii: "{") {
      do throws(JSONError) {
        return try JSONParser.parse(bytes)
      } catch {
        mistake = error
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LoadError("\(shown) is not UTF-8", hint: "save it as UTF-8")
    }
    do throws(YAMLMistake) {
      return try YAMLReader.value(of: text, nodeLimit: maximumNodes)
    } catch {
      if let mistake {
        throw LoadError(
          "\(shown):\(mistake.line):\(mistake.column): this is no JSON: \(mistake.reason)")
      }
      throw LoadError(error.diagnostic(file: shown).description)
    }
  }
}
