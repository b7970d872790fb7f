#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What a stopwatch needs to be read, at the least cost: it is read twice for each call.
enum MonotonicTime {
  /// Nanoseconds by the clock that never goes back (`CLOCK_MONOTONIC`).
  static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
