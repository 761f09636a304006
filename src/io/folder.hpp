#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::io::detail {

/// The entries of a folder whose names do not start with a point, by name, so that no result depends on the order in
/// which the file system lists them.
[[nodiscard]] Result<std::vector<std::filesystem::path>> entries(const std::filesystem::path& folder);

/// The Parquet and CSV files of a folder, by name; none when there is no such folder.
[[nodiscard]] Result<std::vector<std::filesystem::path>> table_files_in(const std::filesystem::path& folder);

}  // namespace slipcast::io::detail
