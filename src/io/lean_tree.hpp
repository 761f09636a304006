#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::io::detail {

/// How fine a file's rows are; the finest that a day has is used.
enum class LeanResolution { tick, second, minute };

struct LeanFile {
    std::filesystem::path file;
    std::string shown;  ///< relative to the tree: what findings call it
    LeanResolution resolution = LeanResolution::tick;
};

/// One symbol's day: at most one file of quotes and one of trades.
struct LeanDay {
    std::vector<LeanFile> quotes, trades;  ///< none or one
};

/// By symbol (upper case), then by date.
using LeanTree = std::map<std::string, std::map<Date, LeanDay>>;

/// Finds ROOT/{tick,second,minute}/SYMBOL/YYYYMMDD_{trade,quote}.zip. Refuses a tree without one such file, and a zip
/// file under another name.
[[nodiscard]] Result<LeanTree> find_lean_files(const std::filesystem::path& root);

}  // namespace slipcast::io::detail
