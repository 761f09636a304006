#pragma once

#include <atomic>
#include <cstdlib>
#include <new>

/// Counts what a test program allocates, by replacing the global operators: include it in one file of the program.
namespace slipcast::test {

inline std::atomic<std::size_t> allocations{0};

}  // namespace slipcast::test

// The one place where a program's operators may be defined; an inline one would not replace them.
// NOLINTBEGIN(misc-definitions-in-headers)
// Not inlined: GCC would take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++slipcast::test::allocations;
    return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
// NOLINTEND(misc-definitions-in-headers)
