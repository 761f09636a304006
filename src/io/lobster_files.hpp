#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/time.hpp"
#include "text_lines.hpp"

namespace slipcast::io::detail {

/// A message or orderbook file, plain or inside a zip archive.
struct LobsterFile {
    std::filesystem::path file;
    std::string entry;  ///< of a zip archive; empty = a plain file
    std::string shown;  ///< what findings call it
    [[nodiscard]] Result<TextLines> open() const;
};

/// What the name TICKER_YYYY-MM-DD_START_END_{message,orderbook}_LEVELS.csv says; the ticker may hold '_'.
struct LobsterName {
    std::string symbol;
    Date date;
    bool is_message = false;
    std::size_t levels = 0;
};
/// Nothing when `name` is not such a name.
[[nodiscard]] std::optional<LobsterName> parse_lobster_name(std::string_view name);

/// One symbol's day: both halves.
struct LobsterDay {
    LobsterFile messages, book;
    std::size_t levels = 0;
};

/// By symbol, then by date.
using LobsterTree = std::map<std::string, std::map<Date, LobsterDay>>;

/// Finds the pairs in `sources`: .csv files, .zip archives, or folders of them (not their subfolders; other files in a
/// folder or archive are left alone). Refuses a given file under another name, an archive or folder without such a
/// file, a half without its other, and a symbol's day given twice.
[[nodiscard]] Result<LobsterTree> find_lobster_files(const std::vector<std::filesystem::path>& sources);

}  // namespace slipcast::io::detail
