internal import Trestle
internal import TrestleCore

/// Finds test files.
enum TestFiles {
  static let endings = [".test.yaml", ".test.yml", ".test.json"]

  /// The test files that paths mean: files as they are, folders with all below them, in order.
  static func find(_ paths: [String]) throws(CommandFailure) -> [String] {
    var files: [String] = []
    for path in paths {
      let absolute = FilePaths.absolute(path)
      if FilePaths.isFile(absolute) {
        guard endings.contains(where: { absolute.hasSuffix($0) }) else {
          throw .usage("\(path) is no test file", hint: "test files are named NAME.test.yaml")
        }
        files.append(absolute)
      } else if FilePaths.isDirectory(absolute) {
        files += below(absolute, depth: 0)
      } else {
        let names = FilePaths.list(FilePaths.parent(absolute)) ?? []
        throw .usage(
          "no such file: \(path)" + Suggestion.clause(for: FilePaths.name(absolute), among: names))
      }
    }
    guard !files.isEmpty else {
      throw .usage(
        "there are no tests in \(paths.joined(separator: ", "))",
        hint: "test files are named NAME.test.yaml: docs/workflows.md shows one")
    }
    return files
  }

  /// The files beside tests, by their paths, as they are now.
  static func stamps(of paths: [String]) -> [String: FileStamp] {
    var stamps: [String: FileStamp] = [:]
    for path in paths {
      let absolute = FilePaths.absolute(path)
      let folder = FilePaths.isDirectory(absolute) ? absolute : FilePaths.parent(absolute)
      for file in files(below: folder, depth: 0) where stamps.count < 10_000 {
        stamps[file] = FileStamp(file)
      }
    }
    return stamps
  }

  private static func files(below directory: String, depth: Int) -> [String] {
    guard depth < 12 else { return [] }
    return (FilePaths.list(directory) ?? []).flatMap { name -> [String] in
      guard !name.hasPrefix("."), name != "node_modules" else { return [] }
      let path = "\(directory == "/" ? "" : directory)/\(name)"
      return FilePaths.isDirectory(path) ? files(below: path, depth: depth + 1) : [path]
    }
  }

  private static func below(_ directory: String, depth: Int) -> [String] {
    guard depth < 12 else { return [] }
    return (FilePaths.list(directory) ?? []).sorted().flatMap { name -> [String] in
      let path = "\(directory == "/" ? "" : directory)/\(name)"
      if FilePaths.isDirectory(path) {
        // What tools keep there is not looked through.
        return name.hasPrefix(".") || name == "node_modules" ? [] : below(path, depth: depth + 1)
      }
      return endings.contains { name.hasSuffix($0) } ? [path] : []
    }
  }
}
