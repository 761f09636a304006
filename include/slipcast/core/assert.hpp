#pragma once

namespace slipcast::detail {

/// Writes "invariant <why>: <expression> (file:line)" to standard error and aborts: the engine never
/// continues past a broken precondition between its own functions.
[[noreturn]] void fail_invariant(const char* expression, const char* why, const char* file, int line) noexcept;

}  // namespace slipcast::detail

/// A bug check, on in every build: `why` says which promise was broken. Bad input is not a bug; it is
/// refused through `Result` (core/result.hpp).
#define SLIPCAST_ASSERT(condition, why)                                              \
    do {                                                                             \
        if (!(condition)) [[unlikely]]                                               \
            ::slipcast::detail::fail_invariant(#condition, why, __FILE__, __LINE__); \
    } while (false)
