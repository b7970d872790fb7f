#ifndef TRESTLE_CMALLOC_SHIM_H
#define TRESTLE_CMALLOC_SHIM_H

// The GNU allocator's own calls, which Swift's module of the C library leaves out.
#if defined(__linux__)
#include <features.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

/// Gives memory that is free but lies between what is in use back to the system, where the allocator can.
static inline void trestle_give_back_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

#endif
