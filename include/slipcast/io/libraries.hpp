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

}  // namespace slipcast::io
