internal import NIOPosix
internal import Synchronization
internal import Trestle
internal import TrestleCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Writes a line for each request that calls or steers, by a thread of its own: whoever answers requests waits for no
/// disk. What cannot be written is lost, and counted in a line of its own when there is room again.
final class AuditLog: Sendable {
  private struct State {
    var pending: [UInt8] = []
    var lines = 0
    var lost = 0
    var isWriting = false
  }

  private let destination: AuditDestination
  private let descriptor: CInt
  private let limit: Int
  private let tell: @Sendable (String) -> Void
  private let isTold = Mutex(false)
  private let state = Mutex(State())
  private let pool = NIOThreadPool(numberOfThreads: 1)

  /// How many bytes may wait to be written.
  static let pendingBytes = 4 << 20

  /// Opens the file. So many bytes may wait to be written; `tell` is called once, when lines cannot be.
  ///
  /// - Throws: `MockError` that names the file.
  init(
    _ destination: AuditDestination, limit: Int = pendingBytes,
    tell: @escaping @Sendable (String) -> Void
  ) throws(MockError) {
    self.destination = destination
    self.limit = limit
    self.tell = tell
    switch destination {
    case .standardError: descriptor = STDERR_FILENO
    case .file(let path):
      // A pipe that nobody reads is told of, in place of being waited for.
      descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
      guard descriptor >= 0 else {
        throw MockError(
          system: "",
          reason: "the audit file \(path) cannot be written: \(Self.text(of: errno))",
          hint: "name a file in a directory that is there, or - for standard error",
          isConfiguration: true)
      }
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }
    pool.start()
  }

  deinit {
    if descriptor != STDERR_FILENO { close(descriptor) }
  }

  /// Takes a line to write. Never waits.
  func write(_ line: [UInt8]) {
    let begins = state.withLock { state in
      guard state.pending.count + line.count <= limit else {
        state.lost += 1
        return false
      }
      state.pending += line
      state.lines += 1
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if begins { pool.submit { [self] _ in drain() } }
  }

  /// Waits until what was taken is written, but not for long.
  func flush() async {
    let (ends, end) = AsyncStream<Void>.makeStream()
    // There is one thread: what was submitted before has been done then.
    pool.submit { _ in end.finish() }
    await withTaskGroup { group in
      group.addTask { for await _ in ends {} }
      group.addTask { try? await Task.sleep(for: .seconds(2)) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Writes what was taken, and ends the thread.
  func shutdown() async {
    await flush()
    pool.shutdownGracefully { _ in }
  }

  // MARK: The thread

  private func drain() {
    while let (bytes, lines) = next() {
      guard let problem = put(bytes) else { continue }
      state.withLock { $0.lost += lines }
      let isFirst = isTold.withLock { isTold in
        defer { isTold = true }
        return !isTold
      }
      if isFirst {
        tell("lines of the audit are lost: \(destination.text) cannot be written: \(problem)")
      }
    }
  }

  private func next() -> (bytes: [UInt8], lines: Int)? {
    state.withLock { state in
      guard !state.pending.isEmpty else {
        state.isWriting = false
        return nil
      }
      var bytes: [UInt8] = []
      if state.lost > 0 {
        bytes = AuditEntry.line([
          "time": .string(WallTime.now.iso8601), "lost": .integer(Int64(state.lost)),
        ])
      }
      bytes += state.pending
      // What was lost before is told with these, or counted again with them.
      let lines = state.lines + state.lost
      state = State(lost: 0, isWriting: true)
      return (bytes, lines)
    }
  }

  /// Writes bytes; gives what is in the way.
  private func put(_ bytes: [UInt8]) -> String? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.write(descriptor, $0) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR, errno != EAGAIN {
        let problem = Self.text(of: errno)
        // A line that is cut ends where it is cut.
        if rest.count < bytes.count { _ = [0x0A].withUnsafeBytes { Self.write(descriptor, $0) } }
        return problem
      } else if errno == EAGAIN {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wanted, 1, 1000)
      }
    }
    return nil
  }

  private static func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func text(of code: CInt) -> String { String(cString: strerror(code)) }
}
