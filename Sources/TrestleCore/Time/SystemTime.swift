internal import CTime

/// The system's clocks, read at the least cost: what every call does several times (clock_gettime(2)).
package enum SystemTime {
  /// Nanoseconds since 1970 in UTC, by the clock that people set.
  package static var wall: Int64 { trestle_wall_nanoseconds() }

  /// Nanoseconds by the clock that never goes back.
  package static var monotonic: Int64 { trestle_monotonic_nanoseconds() }

  /// `monotonic` as it was at the kernel's last tick, some milliseconds ago at most.
  package static var lastTick: Int64 { trestle_last_tick_nanoseconds() }

  /// Nanoseconds of a processor that this thread has used so far.
  package static var ofThread: Int64 { trestle_thread_nanoseconds() }

  /// Nanoseconds of a processor that this process has used so far.
  package static var ofProcess: Int64 { trestle_process_nanoseconds() }
}
