internal import TrestleXML

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What a workspace needs of the machine it is on.
package struct MachineFacts: Sendable {
  /// How many bytes the workspace's disk has left; nil where the system does not say.
  package var freeBytes: Int64?
  /// How many files and sockets a process may have open; nil for any number.
  package var openFiles: Int64?
  /// libxml2's version, of the library that is loaded.
  package var libxml2: String

  package init(freeBytes: Int64?, openFiles: Int64?, libxml2: String) {
    self.freeBytes = freeBytes
    self.openFiles = openFiles
    self.libxml2 = libxml2
  }

  /// Those of this machine.
  package static func current(_ directory: String) -> MachineFacts {
    var disk = statvfs()
    let free =
      statvfs(directory, &disk) == 0 ? Int64(disk.f_bavail) * Int64(disk.f_frsize) : nil
    return MachineFacts(freeBytes: free, openFiles: openFilesLimit, libxml2: XMLLibrary.version)
  }

  private static var openFilesLimit: Int64? {
    var limit = rlimit()
    #if canImport(Glibc)
      let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #else
      let code = getrlimit(RLIMIT_NOFILE, &limit)
    #endif
    return code == 0 ? Int64(exactly: limit.rlim_cur) : nil
  }

  /// What is too little of each: a mock has two sockets for a proxied call, and a journal grows by megabytes.
  var findings: [Finding] {
    var findings: [Finding] = []
    if let freeBytes {
      let text = "\(Self.size(freeBytes)) free"
      let remedy = "df -h .   (and see what can go)"
      if freeBytes < 64 << 20 {
        findings.append(Finding(.problem, .disk, "only \(text)", remedy: remedy))
      } else if freeBytes < 1 << 30 {
        findings.append(Finding(.warning, .disk, "only \(text)", remedy: remedy))
      } else {
        findings.append(Finding(.ok, .disk, text))
      }
    }
    if let openFiles {
      let text = "\(openFiles) open files and sockets a process"
      findings.append(
        openFiles < 1024
          ? Finding(.warning, .limits, "only \(text)", remedy: "ulimit -n 4096")
          : Finding(.ok, .limits, text))
    }
    findings.append(Finding(.ok, .library, "libxml2 \(libxml2)"))
    return findings
  }

  /// A number of bytes the way people write it.
  static func size(_ bytes: Int64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (value, unit) = (bytes, 0)
    while value >= 10_000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return "\(value) \(units[unit])"
  }
}
