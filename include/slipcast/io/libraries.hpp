#pragma once

#include <string>
#include <vector>

namespace slipcast::io {

/// A library or data file that this module works with, as found at run time.
struct Library {
    std::string name;
    std::string version;
    std::string problem;  ///< why it cannot be used; empty = it can
};

/// Arrow, libzip, libxlsxwriter and the time zone database: what `slipcast doctor` reports.
[[nodiscard]] std::vector<Library> libraries();

/// Gives memory that is no longer used back to the operating system: Arrow's pool and, with glibc, the heap keep it for
/// later. Worth it for a program between two stages that need much of different kinds; milliseconds.
void release_memory();

/// From now on a block of four megabytes or more goes back to the operating system as soon as it is freed: glibc, left
/// to itself, keeps such blocks once it has seen a few. For a program's beginning; elsewhere than with glibc it does
/// nothing.
void keep_no_large_blocks();

}  // namespace slipcast::io
