internal import Trestle
internal import TrestleCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The mocks that another process has running in a workspace, as `.trestle/run.json` tells.
struct RunningList {
  /// One mock.
  struct Mock {
    let system: String
    let protocolName: String
    let endpoint: String
  }

  let mocks: [Mock]
  let processID: Int64
  let started: String
  /// Where they are steered; nil where they are not.
  let admin: (url: String, token: String?)?

  /// Reads the file of a workspace's directory; nil when nothing is running there.
  init?(directory: String) {
    let path = FilePaths.absolute(".trestle/run.json", base: FilePaths.absolute(directory))
    guard let bytes = try? FilePaths.read(path, limit: 1 << 20),
      let content = try? JSONParser.parse(bytes), let processID = content["pid"]?.integerValue,
      // A process that was killed leaves its file behind.
      Self.isAlive(processID)
    else { return nil }
    self.processID = processID
    started = content["started"]?.stringValue ?? ""
    admin = content["admin"]?["url"]?.stringValue.map {
      ($0, content["admin"]?["token"]?.stringValue)
    }
    mocks = (content["mocks"]?.objectValue ?? [:]).map { member in
      Mock(
        system: member.name, protocolName: member.value["protocol"]?.stringValue ?? "",
        endpoint: member.value["endpoint"]?.stringValue ?? "")
    }
  }

  private static func isAlive(_ processID: Int64) -> Bool {
    guard let number = pid_t(exactly: processID), number > 0 else { return false }
    // EPERM: it is there, and another user's.
    return kill(number, 0) == 0 || errno == EPERM
  }
}
