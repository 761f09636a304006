#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"

struct zip;
struct zip_file;

namespace slipcast::io::detail {

/// The lines of the one entry of a zip archive, read a block at a time.
class ZipLines {
public:
    /// Refuses what is not a zip archive of exactly one file.
    [[nodiscard]] static Result<ZipLines> open(const std::filesystem::path& file, const std::string& shown);

    /// The next line without its ending, valid until the next call; nothing at the end. Refused: damaged data, a line
    /// of more than kMaxLine bytes.
    [[nodiscard]] Result<std::optional<std::string_view>> next();
    [[nodiscard]] std::int64_t row() const { return row_; }  ///< 1-based number of the last line

    static constexpr std::size_t kMaxLine = 4096;

private:
    ZipLines() = default;
    Result<bool> refill();
    [[nodiscard]] Error damaged(const char* reason) const;

    struct CloseArchive {
        void operator()(zip* archive) const;
    };
    struct CloseEntry {
        void operator()(zip_file* entry) const;
    };
    std::string shown_;
    std::unique_ptr<zip, CloseArchive> archive_;
    std::unique_ptr<zip_file, CloseEntry> entry_;
    std::vector<char> block_;
    std::size_t at_ = 0, end_ = 0;
    std::int64_t row_ = 0;
};

}  // namespace slipcast::io::detail
