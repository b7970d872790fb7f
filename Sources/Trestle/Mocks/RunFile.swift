internal import TrestleCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// Where the running mocks of a workspace are, for commands in other processes: `.trestle/run.json`, and for a second
/// process that runs mocks in the same workspace meanwhile `.trestle/run-PID.json`. Each process writes and removes
/// its own.
package struct RunFile: Sendable {
  private let folder: String

  package init(directory: String) { folder = directory + "/.trestle" }

  // MARK: Reading

  /// What the processes that run here have written, the one of `run.json` first; what killed ones left is not among it.
  package var records: [Value] {
    paths.compactMap { path in
      guard let record = Self.record(path), let owner = record["pid"]?.integerValue,
        Self.isAlive(owner)
      else { return nil }
      return record
    }
  }

  /// Files of processes that are gone, and such as nobody can read, as people know them.
  package var leftovers: [String] {
    paths.filter { path in
      guard FilePaths.isFile(path) else { return false }
      return Self.record(path)?["pid"]?.integerValue.map { !Self.isAlive($0) } ?? true
    }
    .map { ".trestle/" + FilePaths.name($0) }
  }

  /// The file of this process, as people know it; nil where it has none.
  package var ownName: String? {
    paths.first { Self.record($0)?["pid"]?.integerValue == Self.processID }
      .map { ".trestle/" + FilePaths.name($0) }
  }

  private var usual: String { folder + "/run.json" }
  private var own: String { folder + "/run-\(Self.processID).json" }

  private var paths: [String] {
    let others = (FilePaths.list(folder) ?? []).filter {
      $0.hasPrefix("run-") && $0.hasSuffix(".json")
    }
    return [usual] + others.sorted().map { folder + "/" + $0 }
  }

  private static func record(_ path: String) -> Value? {
    (try? FilePaths.read(path, limit: 1 << 20)).flatMap { try? JSONParser.parse($0) }
  }

  private static func isAlive(_ processID: Int64) -> Bool {
    guard let number = pid_t(exactly: processID), number > 0 else { return false }
    // EPERM: it is there, and another user's.
    return kill(number, 0) == 0 || errno == EPERM
  }

  // MARK: Writing

  /// Writes the file, as one to whoever reads it meanwhile. `admin` is where the mocks are steered.
  func write(
    _ mocks: [RunningMocks.Mock], started: WallTime = .now,
    admin: (url: String, token: String?)? = nil
  ) throws(LoadError) {
    var systems = Record()
    for mock in mocks {
      systems[mock.system.name] = [
        "protocol": .string(mock.system.protocolName), "endpoint": .string(mock.endpoint),
        "host": .string(mock.host), "port": .integer(Int64(mock.port)),
      ]
    }
    var content: Record = [
      "pid": .integer(Self.processID), "started": .string(started.iso8601),
      "mocks": .object(systems),
    ]
    if let admin {
      var place: Record = ["url": .string(admin.url)]
      if let token = admin.token { place["token"] = .string(token) }
      content["admin"] = .object(place)
    }
    removeLeftovers()
    try write(JSONWriter.bytes(.object(content), style: .pretty) + [0x0A])
  }

  /// Puts the file in place as a whole. It tells of a process: what would survive a crash of the machine need not
  /// be waited for.
  private func write(_ bytes: [UInt8]) throws(LoadError) {
    let draft = "\(usual).\(Self.processID)"
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
      throw LoadError("cannot write \(FilePaths.display(usual))")
    }
    let count = fwrite(bytes, 1, bytes.count, file)
    let isClosed = fclose(file) == 0
    guard isClosed, count == bytes.count, place(draft) else {
      FilePaths.remove(draft)
      throw LoadError("cannot write \(FilePaths.display(usual))")
    }
  }

  /// Puts a draft under the usual name, or where another process has that, under one of its own.
  private func place(_ draft: String) -> Bool {
    // Of two who begin at once, one has it.
    if link(draft, usual) == 0 {
      FilePaths.remove(draft)
      return true
    }
    let owner = Self.record(usual)?["pid"]?.integerValue
    let isOthers = owner.map { $0 != Self.processID && Self.isAlive($0) } ?? false
    return rename(draft, isOthers ? own : usual) == 0
  }

  /// Removes what processes that are gone have left.
  private func removeLeftovers() {
    for path in paths.dropFirst() {
      let owner = Self.record(path)?["pid"]?.integerValue
      if owner.map({ !Self.isAlive($0) }) ?? true { FilePaths.remove(path) }
    }
  }

  /// Removes what this process has written; the file of another one stays.
  func remove() {
    for path in [usual, own]
    where Self.record(path)?["pid"]?.integerValue == Self.processID {
      FilePaths.remove(path)
    }
  }

  private static var processID: Int64 { Int64(ProcessInfo.processInfo.processIdentifier) }
}

extension String {
  /// The text as one segment of a URL's path.
  var urlPathSegment: String {
    PercentEncoding.encoded(self)
  }
}
