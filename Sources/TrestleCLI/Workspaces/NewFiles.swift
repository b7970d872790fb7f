internal import Trestle
internal import TrestleCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Files that a command adds to a workspace: all of them, or none where one is there already or cannot
/// be written.
struct NewFiles {
  /// Absolute.
  let directory: String
  /// By their paths in the directory.
  private(set) var files: [(path: String, bytes: [UInt8])] = []
  /// Files that the new ones take the place of.
  private var replaced: [String] = []

  init(in directory: String) { self.directory = FilePaths.absolute(directory) }

  mutating func add(_ path: String, _ text: String) { add(path, Array(text.utf8)) }

  mutating func add(_ path: String, _ bytes: [UInt8]) { files.append((path, bytes)) }

  /// Has the files take the place of an earlier one, if it is there.
  mutating func replace(_ path: String) { replaced.append(path) }

  /// What adapter files point editors at, and what keeps secrets out of repositories, where the
  /// workspace does not have them yet.
  mutating func addSupport() {
    let schema = JSONWriter.text(AdapterSchema.jsonSchema(), style: .pretty) + "\n"
    // What a running mock leaves there, and secrets, belong in no repository.
    for file in [
      (path: ".trestle/schema/adapter.json", text: schema),
      (path: ".trestle/.gitignore", text: "journal.sqlite*\nrun*.json\nsecrets/\n"),
    ] where !FilePaths.isFile(absolute(file.path)) {
      add(file.path, file.text)
    }
  }

  /// Writes the files: beside their places first, so that nothing is half there when something fails.
  func write() throws(CommandFailure) {
    for file in files
    where FileManager.default.fileExists(atPath: absolute(file.path))
      && !replaced.contains(file.path)
    {
      throw CommandFailure(
        .configuration,
        "\(FilePaths.display(absolute(file.path))) is there already; nothing was written",
        hint: "choose another name or directory, or move it away")
    }
    var writing = Writing()
    let staging = absolute(".trestle-new-\(String(UInt64.random(in: .min ... .max), radix: 36))")
    do throws(CommandFailure) {
      try writing.makeDirectory(staging)
      for (number, file) in files.enumerated() {
        try writing.write(file.bytes, to: "\(staging)/\(number)", for: absolute(file.path))
      }
      for (number, path) in replaced.enumerated() where FilePaths.isFile(absolute(path)) {
        try writing.move(absolute(path), to: "\(staging)/old-\(number)")
      }
      for (number, file) in files.enumerated() {
        try writing.makeDirectory(FilePaths.parent(absolute(file.path)))
        try writing.move("\(staging)/\(number)", to: absolute(file.path))
      }
      FilePaths.remove(staging)
    } catch {
      writing.undo()
      throw error
    }
  }

  private func absolute(_ path: String) -> String { FilePaths.absolute(path, base: directory) }
}

/// What was done to the disk, and can be undone.
private struct Writing {
  private enum Step {
    case made(String)
    case moved(String, to: String)
  }

  private var steps: [Step] = []

  /// Makes a directory with all above it.
  mutating func makeDirectory(_ path: String) throws(CommandFailure) {
    guard !FilePaths.isDirectory(path) else { return }
    if path != "/" { try makeDirectory(FilePaths.parent(path)) }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw CommandFailure(
        .configuration, "cannot make the directory \(FilePaths.display(path)); nothing was written",
        hint: "check the permissions of what is above it")
    }
    steps.append(.made(path))
  }

  func write(_ bytes: [UInt8], to path: String, for target: String) throws(CommandFailure) {
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
      throw CommandFailure(
        .configuration, "cannot write \(FilePaths.display(target)); nothing was written",
        hint: "check the permissions, and whether the disk is full")
    }
  }

  mutating func move(_ path: String, to target: String) throws(CommandFailure) {
    do {
      try FileManager.default.moveItem(atPath: path, toPath: target)
    } catch {
      throw CommandFailure(
        .configuration, "cannot write \(FilePaths.display(target)); nothing was written",
        hint: "check its permissions")
    }
    steps.append(.moved(path, to: target))
  }

  /// Puts everything back as it was.
  mutating func undo() {
    while let step = steps.popLast() {
      switch step {
      case .made(let path): FilePaths.remove(path)
      case .moved(let path, let target):
        try? FileManager.default.moveItem(atPath: target, toPath: path)
      }
    }
  }
}
