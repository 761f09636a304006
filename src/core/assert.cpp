#include "slipcast/core/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace slipcast::detail {

void fail_invariant(const char* expression, const char* why, const char* file, int line) noexcept {
    std::fprintf(stderr, "invariant %s: %s (%s:%d)\n", why, expression, file, line);
    std::abort();
}

}  // namespace slipcast::detail
