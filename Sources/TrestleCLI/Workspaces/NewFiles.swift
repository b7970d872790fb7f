internal import Trestle
internal import TrestleCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Files that a command adds to a workspace: all of them, or none where one is there already.
struct NewFiles {
  /// Absolute.
  let directory: String
  /// By their paths in the directory.
  private(set) var files: [(path: String, bytes: [UInt8])] = []

  init(in directory: String) { self.directory = FilePaths.absolute(directory) }

  mutating func add(_ path: String, _ text: String) { add(path, Array(text.utf8)) }

  mutating func add(_ path: String, _ bytes: [UInt8]) { files.append((path, bytes)) }

  /// What adapter files point editors at, and what keeps secrets out of repositories, where the
  /// workspace does not have them yet.
  mutating func addSupport() {
    let schema = JSONWriter.text(AdapterSchema.jsonSchema(), style: .pretty) + "\n"
    // What a running mock leaves there, and secrets, belong in no repository.
    for file in [
      (path: ".trestle/schema/adapter.json", text: schema),
      (path: ".trestle/.gitignore", text: "run.json\nsecrets/\n"),
    ] where !FilePaths.isFile(absolute(file.path)) {
      add(file.path, file.text)
    }
  }

  /// Writes the files.
  func write() throws(CommandFailure) {
    let manager = FileManager.default
    for file in files where manager.fileExists(atPath: absolute(file.path)) {
      throw CommandFailure(
        .configuration,
        "\(FilePaths.display(absolute(file.path))) is there already; nothing was written",
        hint: "choose another name or directory, or move it away")
    }
    for file in files {
      let path = absolute(file.path)
      do {
        try manager.createDirectory(
          atPath: FilePaths.parent(path), withIntermediateDirectories: true)
      } catch {
        throw CommandFailure(
          .configuration, "cannot make the directory \(FilePaths.display(FilePaths.parent(path)))",
          hint: "check the permissions of what is above it")
      }
      guard manager.createFile(atPath: path, contents: Data(file.bytes)) else {
        throw CommandFailure(
          .configuration, "cannot write \(FilePaths.display(path))", hint: "check its permissions")
      }
    }
  }

  private func absolute(_ path: String) -> String { FilePaths.absolute(path, base: directory) }
}
