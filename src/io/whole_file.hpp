#pragma once

#include <filesystem>
#include <string>

#include "slipcast/core/result.hpp"

namespace slipcast::io::detail {

/// A file that appears under its name only when it is whole: written under a temporary name beside it, then renamed.
/// Without `publish` the temporary file is removed.
class WholeFile {
public:
    /// Makes the folder of `target` when it is not there.
    [[nodiscard]] static Result<WholeFile> create(const std::filesystem::path& target);
    WholeFile(WholeFile&& other) noexcept;
    WholeFile& operator=(WholeFile&& other) noexcept;
    ~WholeFile();

    [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
    [[nodiscard]] const std::filesystem::path& target() const { return target_; }
    Result<void> publish();

private:
    explicit WholeFile(std::filesystem::path target);
    void discard() noexcept;

    std::filesystem::path target_;
    std::filesystem::path temporary_;  ///< empty once published or moved from
};

/// Makes the folder and its parents.
Result<void> make_folder(const std::filesystem::path& folder);
/// `name` as a file name: every byte outside A-Z a-z 0-9 _ - . (and a leading point) becomes %XX, so that two names
/// never share a file.
[[nodiscard]] std::string file_name(std::string_view name);

}  // namespace slipcast::io::detail
