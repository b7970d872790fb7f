import Foundation

/// The program that was built beside these tests.
struct Binary: Sendable {
  static let path = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("trestle").path

  /// Runs it to its end.
  static func run(_ arguments: [String], in directory: TemporaryDirectory) async throws -> Ran {
    let running = try start(arguments, in: directory)
    return await running.finished()
  }

  /// Runs a script in bash, which finds the program under its name.
  static func bash(_ script: String, in directory: TemporaryDirectory) async throws -> Ran {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let whole = "PATH='\(folder)':$PATH\n\(script)"
    return await (try RunningBinary("/bin/bash", ["-c", whole], directory: directory.path))
      .finished()
  }

  /// Starts it.
  static func start(
    _ arguments: [String], in directory: TemporaryDirectory
  ) throws -> RunningBinary {
    try RunningBinary(path, arguments, directory: directory.path)
  }
}

/// A process, and what it writes.
final class RunningBinary: Sendable {
  private let process = Process()
  private let out = Pipe()
  private let err = Pipe()

  fileprivate init(_ path: String, _ arguments: [String], directory: String) throws {
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = out
    process.standardError = err
    try process.run()
    // A process that hangs must fail its test, not hold up all of them.
    DispatchQueue.global().asyncAfter(deadline: .now() + 30) { [process] in
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
  }

  /// The next lines of standard error, once there are so many.
  func notes(lines count: Int) async -> [String] { await lines(count, of: err) }

  /// The next lines of standard output, once there are so many.
  func data(lines count: Int) async -> [String] { await lines(count, of: out) }

  private func lines(_ count: Int, of pipe: Pipe) async -> [String] {
    await onThread {
      var bytes: [UInt8] = []
      while bytes.count(where: { $0 == 0x0A }) < count {
        let chunk = pipe.fileHandleForReading.availableData
        guard !chunk.isEmpty else { break }
        bytes += chunk
      }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
  }

  func interrupt() { process.interrupt() }
  func terminate() { process.terminate() }

  /// Waits for its end.
  func finished() async -> Ran {
    await onThread { [process, out, err] in
      // Small outputs: neither pipe fills while the other is read.
      let data = out.fileHandleForReading.readDataToEndOfFile()
      let notes = err.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return Ran(
        status: process.terminationStatus, out: String(decoding: data, as: UTF8.self),
        err: String(decoding: notes, as: UTF8.self))
    }
  }

  /// Blocking calls wait on a thread of their own, not on one of the tests' few.
  private func onThread<Result: Sendable>(
    _ body: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: body()) }.start()
    }
  }
}
