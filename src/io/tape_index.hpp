#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/market/tape.hpp"
#include "tape_metadata.hpp"

namespace parquet {
class FileMetaData;
}

namespace slipcast::io::detail {

/// The rows of one row group as columns; `owner` holds the bytes.
struct TapeGroup {
    market::QuoteColumns quotes;
    market::TradeColumns trades;
    std::shared_ptr<const void> owner;
};

/// A tape file as its footer describes it: what it is about and when each row group's rows are.
struct TapeFileIndex {
    std::filesystem::path file;
    std::string shown;
    TapeMetadata metadata;
    std::vector<TimeRange> groups;  ///< from the statistics, [first row, last row]
    std::int64_t rows = 0;
    std::shared_ptr<parquet::FileMetaData> footer;  ///< kept, so that a row group is read without reading it again
    [[nodiscard]] bool is_quotes() const { return shown.starts_with("quotes"); }
};

/// Whether TapeWriter made the file. False also for what is not readable as Parquet.
[[nodiscard]] bool is_tape_file(const std::filesystem::path& file);
/// Reads the footer; refuses a file without the writer's metadata or time statistics, or with row groups out of order.
[[nodiscard]] Result<TapeFileIndex> read_tape_index(const std::filesystem::path& file, const std::string& shown);

}  // namespace slipcast::io::detail
