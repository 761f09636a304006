#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace slipcast::test {

/// A folder of real data that is not part of the repository: SLIPCAST_SHARED_DATA, else ../shared/data beside the
/// checkout. Empty when it is not there.
inline std::filesystem::path shared_data(const char* folder) {
    const char* named = std::getenv("SLIPCAST_SHARED_DATA");
    const std::filesystem::path root = named != nullptr
                                           ? std::filesystem::path(named)
                                           : std::filesystem::path(SLIPCAST_SOURCE_DIR).parent_path() / "shared/data";
    return std::filesystem::exists(root / folder) ? root / folder : std::filesystem::path{};
}

}  // namespace slipcast::test

/// Skips the test, visibly, when the folder is not there.
#define SLIPCAST_SHARED_DATA_OR_SKIP(name, folder)           \
    const auto name = ::slipcast::test::shared_data(folder); \
    if ((name).empty()) GTEST_SKIP() << "needs ../shared/data/" << (folder) << " or SLIPCAST_SHARED_DATA"
