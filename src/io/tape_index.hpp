#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/interchange/grouped_tape.hpp"
#include "tape_metadata.hpp"

namespace parquet {
class FileMetaData;
}

namespace slipcast::io::detail {

using interchange::TapeGroup;

/// A tape file as its footer describes it.
struct TapeFileIndex : interchange::TapeFileInfo {
    std::filesystem::path file;
    std::shared_ptr<parquet::FileMetaData> footer;  ///< kept, so that a row group is read without reading it again
};

/// Whether TapeWriter made the file. False also for what is not readable as Parquet.
[[nodiscard]] bool is_tape_file(const std::filesystem::path& file);
/// Reads the footer; refuses a file without the writer's metadata or time statistics, or with row groups out of order.
[[nodiscard]] Result<TapeFileIndex> read_tape_index(const std::filesystem::path& file, const std::string& shown);

}  // namespace slipcast::io::detail
