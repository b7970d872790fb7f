#include "CRE2.h"

#include <re2/re2.h>

#include <cstring>
#include <new>

static const re2::RE2 *regular_expression(cre2_pattern pattern) {
  return reinterpret_cast<const re2::RE2 *>(pattern);
}

cre2_pattern cre2_compile(const char *pattern, size_t length, char *reason, size_t capacity) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto *compiled = new (std::nothrow) re2::RE2({pattern, length}, options);
  if (compiled != nullptr && compiled->ok()) return reinterpret_cast<cre2_pattern>(compiled);
  const char *why = compiled == nullptr ? "no memory" : compiled->error().c_str();
  if (capacity > 0) {
    std::strncpy(reason, why, capacity - 1);
    reason[capacity - 1] = 0;
  }
  delete compiled;
  return 0;
}

bool cre2_search(cre2_pattern pattern, const char *text, size_t length) {
  return regular_expression(pattern)->Match(
      {text, length}, 0, length, re2::RE2::UNANCHORED, nullptr, 0);
}

void cre2_free(cre2_pattern pattern) { delete regular_expression(pattern); }
