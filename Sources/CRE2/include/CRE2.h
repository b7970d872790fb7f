// Regular expressions in time that is linear in the text: RE2 behind three C functions.
#ifndef CRE2_H
#define CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern, or 0; immutable, and matched by any number of threads at once.
typedef uintptr_t cre2_pattern;

/// Compiles a pattern in UTF-8. On failure returns 0 and writes why into `reason`, ended by a NUL.
cre2_pattern cre2_compile(const char *pattern, size_t length, char *reason, size_t capacity);

/// Whether the pattern is found anywhere in a text in UTF-8.
bool cre2_search(cre2_pattern pattern, const char *text, size_t length);

void cre2_free(cre2_pattern pattern);

#ifdef __cplusplus
}
#endif

#endif
