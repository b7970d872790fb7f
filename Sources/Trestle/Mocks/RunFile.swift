internal import TrestleCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// `.trestle/run.json`: where the running mocks of a workspace are, for commands in other processes.
struct RunFile: Sendable {
  let path: String

  init(directory: String) { path = directory + "/.trestle/run.json" }

  func write(_ mocks: [RunningMocks.Mock]) throws(LoadError) {
    var systems = Record()
    for mock in mocks {
      systems[mock.system.name] = [
        "protocol": .string(mock.system.protocolName), "endpoint": .string(mock.endpoint),
        "host": .string(mock.host), "port": .integer(Int64(mock.port)),
      ]
    }
    let content: Value = [
      "pid": .integer(Self.processID), "started": .string(WallTime.now.iso8601),
      "mocks": .object(systems),
    ]
    try FilePaths.write(JSONWriter.bytes(content, style: .pretty) + [0x0A], to: path)
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
