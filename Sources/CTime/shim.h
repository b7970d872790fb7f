#ifndef TRESTLE_CTIME_SHIM_H
#define TRESTLE_CTIME_SHIM_H

#include <stdint.h>
#include <time.h>

// The system's clocks as one number: which module of Swift's a `timespec` belongs to depends on what was imported before.

static inline int64_t trestle_nanoseconds(clockid_t clock) {
  struct timespec time = {0, 0};
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_nsec;
}

/// Nanoseconds since 1970 in UTC, by the clock that people set.
static inline int64_t trestle_wall_nanoseconds(void) { return trestle_nanoseconds(CLOCK_REALTIME); }

/// Nanoseconds by the clock that never goes back.
static inline int64_t trestle_monotonic_nanoseconds(void) { return trestle_nanoseconds(CLOCK_MONOTONIC); }

/// The same as it was at the kernel's last tick, some milliseconds ago at most: cheaper, where there is such a clock.
static inline int64_t trestle_last_tick_nanoseconds(void) {
#if defined(CLOCK_MONOTONIC_COARSE)
  return trestle_nanoseconds(CLOCK_MONOTONIC_COARSE);
#else
  return trestle_monotonic_nanoseconds();
#endif
}

/// Nanoseconds of a processor that this thread has used so far, and this process.
static inline int64_t trestle_thread_nanoseconds(void) { return trestle_nanoseconds(CLOCK_THREAD_CPUTIME_ID); }
static inline int64_t trestle_process_nanoseconds(void) { return trestle_nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

#endif
