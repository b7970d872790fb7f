internal import Trestle
internal import TrestleCore

/// The mocks that another process has running in a workspace, as it tells in `.trestle`.
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

  /// All processes that run mocks in a workspace's directory, the one of `run.json` first.
  static func all(in directory: String) -> [RunningList] {
    RunFile(directory: FilePaths.absolute(directory)).records.compactMap { RunningList($0) }
  }

  private init?(_ record: Value) {
    guard let processID = record["pid"]?.integerValue else { return nil }
    self.processID = processID
    started = record["started"]?.stringValue ?? ""
    admin = record["admin"]?["url"]?.stringValue.map {
      ($0, record["admin"]?["token"]?.stringValue)
    }
    mocks = (record["mocks"]?.objectValue ?? [:]).map { member in
      Mock(
        system: member.name, protocolName: member.value["protocol"]?.stringValue ?? "",
        endpoint: member.value["endpoint"]?.stringValue ?? "")
    }
  }

  /// It in a line: which process, and what it mocks.
  var summary: String {
    "process \(processID) (\(mocks.map(\.system).joined(separator: ", ")))"
      + (admin.map { ": --admin \($0.url)" } ?? ", which has no admin API")
  }
}
