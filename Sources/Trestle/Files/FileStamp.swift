#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A file's size and time: the same as long as nothing was written to it.
package struct FileStamp: Sendable, Hashable {
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int
  /// A file that was put in another's place may have its size and time.
  private let number: UInt64

  /// Looks at a file; nil where there is none.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    size = Int64(status.st_size)
    seconds = time.tv_sec
    nanoseconds = time.tv_nsec
    number = UInt64(status.st_ino)
  }
}
