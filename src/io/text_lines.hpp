#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::io::detail {

/// The names of the entries of a zip archive, in its own order.
[[nodiscard]] Result<std::vector<std::string>> zip_entries(const std::filesystem::path& file, const std::string& shown);

/// The lines of a text file or of one entry of a zip archive, read a block at a time.
class TextLines {
public:
    /// Refuses what is not a zip archive of exactly one file.
    [[nodiscard]] static Result<TextLines> open_zip(const std::filesystem::path& file, const std::string& shown);
    /// The entry called `entry` of a zip archive.
    [[nodiscard]] static Result<TextLines> open_entry(const std::filesystem::path& file, const std::string& entry,
                                                      const std::string& shown);
    [[nodiscard]] static Result<TextLines> open_file(const std::filesystem::path& file, const std::string& shown);

    /// The next line without its ending, valid until the next call; nothing at the end. Refused: damaged data, a line
    /// of more than kMaxLine bytes.
    [[nodiscard]] Result<std::optional<std::string_view>> next();
    [[nodiscard]] std::int64_t row() const { return row_; }  ///< 1-based number of the last line

    static constexpr std::size_t kMaxLine = 64 << 10;

    /// Where the bytes come from.
    class Source {
    public:
        Source() = default;
        Source(const Source&) = delete;
        Source& operator=(const Source&) = delete;
        virtual ~Source() = default;
        /// How many bytes were put at `to`, 0 at the end; refused with the reason as the error's rule.
        [[nodiscard]] virtual Result<std::size_t> read(char* to, std::size_t most) = 0;
        /// What the source must be, for refusals.
        [[nodiscard]] virtual const char* kind() const = 0;
    };

private:
    TextLines(std::unique_ptr<Source> source, std::string shown);
    Result<bool> refill();
    [[nodiscard]] Error damaged(const std::string& reason) const;

    std::string shown_;
    std::unique_ptr<Source> source_;
    std::vector<char> block_;
    std::size_t at_ = 0, end_ = 0;
    std::int64_t row_ = 0;
};

}  // namespace slipcast::io::detail
