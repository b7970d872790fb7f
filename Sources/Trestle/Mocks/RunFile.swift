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

/// `.trestle/run.json`: where the running mocks of a workspace are, for commands in other processes.
struct RunFile: Sendable {
  let path: String

  init(directory: String) { path = directory + "/.trestle/run.json" }

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
    try write(JSONWriter.bytes(.object(content), style: .pretty) + [0x0A])
  }

  /// Puts the file in place as a whole. It tells of a process: what would survive a crash of the machine need not
  /// be waited for.
  private func write(_ bytes: [UInt8]) throws(LoadError) {
    let draft = "\(path).\(Self.processID)"
    try? FileManager.default.createDirectory(
      atPath: FilePaths.parent(path), withIntermediateDirectories: true)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
      throw LoadError("cannot write \(FilePaths.display(path))")
    }
    let count = fwrite(bytes, 1, bytes.count, file)
    let isClosed = fclose(file) == 0
    guard isClosed, count == bytes.count, rename(draft, path) == 0 else {
      FilePaths.remove(draft)
      throw LoadError("cannot write \(FilePaths.display(path))")
    }
  }

  /// Removes the file, unless another process has taken it over.
  func remove() {
    guard let bytes = try? FilePaths.read(path, limit: 1 << 20),
      let content = try? JSONParser.parse(bytes), content["pid"]?.integerValue == Self.processID
    else { return }
    FilePaths.remove(path)
  }

  private static var processID: Int64 { Int64(ProcessInfo.processInfo.processIdentifier) }
}

extension String {
  /// The text as one segment of a URL's path.
  var urlPathSegment: String {
    PercentEncoding.encoded(self)
  }
}
