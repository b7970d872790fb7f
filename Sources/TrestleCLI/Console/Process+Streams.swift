#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Output {
  /// The process's own standard output and standard error.
  static let process = Output(
    data: Sink(isTerminal: isatty(1) == 1, width: terminalWidth(1)) { writeAll($0, to: 1) },
    notes: Sink(isTerminal: isatty(2) == 1) { writeAll($0, to: 2) })
}

extension Input {
  /// The process's own standard input.
  static let process = Input(
    isTerminal: isatty(0) == 1, read: { readAll(from: 0, limit: $0) }, next: { readSome(from: 0) })
}

/// How many characters a line of a terminal has; nil for what is none, or does not say.
private func terminalWidth(_ descriptor: Int32) -> Int? {
  guard isatty(descriptor) == 1 else { return nil }
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}

/// Reads up to the end, or until there is more than a limit.
private func readAll(from descriptor: Int32, limit: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 64 << 10)
  while bytes.count <= limit {
    let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { break }
    bytes += chunk[..<count]
  }
  return bytes
}

/// Reads what is there, waiting for some; nil at the end.
private func readSome(from descriptor: Int32) -> [UInt8]? {
  var chunk = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    return count > 0 ? Array(chunk[..<count]) : nil
  }
}

/// Writes bytes to a file descriptor, waiting where a pipe is full. A reader that went away wants
/// no more: that is no failure.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// Ends the process.
func exitProcess(_ status: Int32) -> Never { exit(status) }

/// The time of day where the user is: `12:01:07`.
func timeOfDay() -> String {
  var now = time(nil)
  var parts = tm()
  localtime_r(&now, &parts)
  return [parts.tm_hour, parts.tm_min, parts.tm_sec]
    .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
}

/// The value of an environment variable; nil when it is not set.
func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
