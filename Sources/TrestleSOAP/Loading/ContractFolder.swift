#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Reads files below one folder, and none outside of it whatever links say.
struct ContractFolder {
  /// The folder's own path, without links.
  let root: String

  /// Why a file cannot be read.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Throws: `Failure` when the folder is not there.
  init(_ path: String) throws(Failure) {
    guard let real = Self.realPath(path.isEmpty ? "." : path) else {
      throw Failure(description: "the folder \(path) cannot be opened: \(Self.lastError)")
    }
    root = real == "/" ? "" : real
  }

  /// The bytes of a file by its normalised path below the root.
  ///
  /// - Throws: `Failure` when it is not there, is no file, lies outside, or is over the limit.
  func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let name = root + "/" + path
    guard let real = Self.realPath(name) else {
      throw Failure(description: Self.lastError)
    }
    guard real.hasPrefix(root + "/") else {
      throw Failure(description: "a link leads outside the contract's folder")
    }
    // Without O_NONBLOCK a named pipe in the folder would hold the loader for ever.
    let descriptor = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(description: Self.lastError) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(description: Self.lastError) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(description: "it is no file") }
    guard Int(status.st_size) <= limit else {
      throw Failure(description: "it has \(status.st_size) bytes, more than \(limit)")
    }
    return try Self.contents(of: descriptor, size: Int(status.st_size))
  }

  private static func contents(of descriptor: Int32, size: Int) throws(Failure) -> [UInt8] {
    var problem: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let start = buffer.baseAddress {
        // The name of this package's callers' world is Glibc's read, not the method above.
        let got = readBytes(descriptor, start + count, size - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { problem = lastError }
        if got <= 0 { break }
        count += got
      }
    }
    if let problem { throw Failure(description: problem) }
    return bytes
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static var lastError: String { String(cString: strerror(errno)) }
}

private func readBytes(_ descriptor: Int32, _ start: UnsafeMutablePointer<UInt8>, _ count: Int)
  -> Int
{
  read(descriptor, start, count)
}
