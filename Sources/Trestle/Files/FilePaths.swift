internal import TrestleCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Paths of workspace files, and reading them.
package enum FilePaths {
  /// An absolute path without `.` and `..`, of a path relative to a base.
  package static func absolute(_ path: String, base: String? = nil) -> String {
    let base = base ?? FileManager.default.currentDirectoryPath
    let whole = path.hasPrefix("/") ? path : base + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": if !parts.isEmpty { parts.removeLast() }
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The absolute path of a file that must lie within a directory, symbolic links followed.
  static func resolve(_ path: String, base: String, within root: String) throws(LoadError) -> String
  {
    let whole = absolute(path, base: base)
    let real = URL(filePath: whole).resolvingSymlinksInPath().path
    let realRoot = URL(filePath: root).resolvingSymlinksInPath().path
    guard isInside(whole, root) || isInside(whole, realRoot),
      !FileManager.default.fileExists(atPath: whole) || isInside(real, realRoot)
    else {
      throw LoadError(
        "\(path) is outside the workspace", hint: "copy the file into \(root)")
    }
    return whole
  }

  package static func isInside(_ path: String, _ root: String) -> Bool {
    root == "/" || path == root || path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
  }

  /// Says why a file cannot be read, as far as that can be known without reading it.
  static func check(_ path: String, limit: Int = .max) throws(LoadError) {
    let manager = FileManager.default
    var isDirectory = false
    guard manager.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw LoadError("no such file: \(display(path))\(nearby(path))")
    }
    guard !isDirectory else { throw LoadError("\(display(path)) is a directory") }
    let size = (try? manager.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    guard size <= limit else {
      throw LoadError("\(display(path)) has \(size) bytes, more than the \(limit) that are read")
    }
  }

  package static func read(_ path: String, limit: Int) throws(LoadError) -> [UInt8] {
    try check(path, limit: limit)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw LoadError("\(display(path)) cannot be read", hint: "check its permissions")
    }
    return [UInt8](data)
  }

  /// The names in a directory, sorted; nil when it cannot be read.
  package static func list(_ directory: String) -> [String]? {
    (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted()
  }

  package static func isDirectory(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
  }

  package static func isFile(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory
  }

  /// Whether this process may write a file, or into a directory.
  static func isWritable(_ path: String) -> Bool {
    FileManager.default.isWritableFile(atPath: path)
  }

  /// How many bytes a file has; 0 where there is none.
  static func size(_ path: String) -> Int64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return Int64(attributes?[.size] as? Int ?? 0)
  }

  /// The directory a file is in.
  package static func parent(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.count <= 1 ? "/" : parts.joined(separator: "/")
  }

  /// The last part of a path.
  package static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A path for messages: relative to a directory (the current one where none is given) when inside.
  package static func display(_ path: String, root: String? = nil) -> String {
    let root = root ?? FileManager.default.currentDirectoryPath
    guard root != "/", path != root, isInside(path, root) else { return path }
    return String(path.dropFirst(root.hasSuffix("/") ? root.count : root.count + 1))
  }

  /// Writes a file that only its owner can read, making its directory.
  package static func write(_ bytes: [UInt8], to path: String) throws(LoadError) {
    do {
      try FileManager.default.createDirectory(
        atPath: parent(path), withIntermediateDirectories: true)
    } catch {
      throw LoadError("cannot make the directory \(display(parent(path)))")
    }
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    else { throw LoadError("cannot write \(display(path))") }
  }

  package static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  private static func nearby(_ path: String) -> String {
    guard let names = list(parent(path)) else { return "" }
    return Suggestion.clause(for: name(path), among: names)
  }
}
