internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// How many event loops serve this process.
package enum EventLoops {
  /// Makes as many event loops as processors that this process may run on, which is fewer than the
  /// machine has where somebody pinned it. Two loops on one processor only interrupt each other.
  ///
  /// For a program's start: once the loops are made it changes nothing.
  package static func fitProcessors() {
    guard let count = allowedProcessors(in: status()) else { return }
    NIOSingletons.groupLoopCountSuggestion = min(count, System.coreCount)
  }

  /// How many processors a `/proc/self/status` allows (proc(5), `Cpus_allowed`: a mask in hexadecimal
  /// digits with commas); nil where it does not say.
  static func allowedProcessors(in status: String) -> Int? {
    let field = "Cpus_allowed:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field) }) else {
      return nil
    }
    let mask = line.dropFirst(field.count).compactMap(\.hexDigitValue)
    let count = mask.reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : nil
  }

  /// What the system says of this process; empty where there is no such file.
  private static func status() -> String {
    #if canImport(Glibc) || canImport(Musl)
      guard let file = fopen("/proc/self/status", "r") else { return "" }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 16 << 10)
      let count = fread(&bytes, 1, bytes.count, file)
      return String(decoding: bytes[..<count], as: UTF8.self)
    #else
      return ""
    #endif
  }
}
