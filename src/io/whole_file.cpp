#include "whole_file.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "arrow_files.hpp"

namespace slipcast::io::detail {

WholeFile::WholeFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(target_.parent_path() / ("." + target_.filename().string() + ".part")) {}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})) {}

WholeFile& WholeFile::operator=(WholeFile&& other) noexcept {
    if (this != &other) {
        discard();
        target_ = std::move(other.target_);
        temporary_ = std::exchange(other.temporary_, {});
    }
    return *this;
}

WholeFile::~WholeFile() {
    discard();
}

void WholeFile::discard() noexcept {
    if (temporary_.empty()) return;
    std::error_code ignored;  // nothing is lost: the file never had its name
    std::filesystem::remove(temporary_, ignored);
}

Result<WholeFile> WholeFile::create(const std::filesystem::path& target) {
    SLIPCAST_CHECK(make_folder(target.parent_path()));
    return WholeFile(target);
}

Result<void> WholeFile::publish() {
    std::error_code failed;
    std::filesystem::rename(temporary_, target_, failed);
    if (failed) return unwritable(failed.message(), target_);
    temporary_.clear();
    return {};
}

Result<void> make_folder(const std::filesystem::path& folder) {
    if (folder.empty()) return {};
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return unwritable(failed.message(), folder);
    return {};
}

std::string file_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                              c == '-' || (c == '.' && !out.empty());
        if (is_plain) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
    }
    return out;
}

}  // namespace slipcast::io::detail
