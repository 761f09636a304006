#include "zip_lines.hpp"

#include <zip.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace slipcast::io::detail {

namespace {

constexpr std::size_t kBlockBytes = 1 << 20;

}  // namespace

void ZipLines::CloseArchive::operator()(zip* archive) const {
    zip_discard(archive);
}

void ZipLines::CloseEntry::operator()(zip_file* entry) const {
    zip_fclose(entry);
}

Error ZipLines::damaged(const char* reason) const {
    return Error{ErrorCode::malformed,
                 "file",
                 shown_,
                 fmt::format("must be a zip archive of one file: {}", reason),
                 {shown_, row_, {}}};
}

Result<ZipLines> ZipLines::open(const std::filesystem::path& file, const std::string& shown) {
    ZipLines lines;
    lines.shown_ = shown;
    int code = 0;
    lines.archive_.reset(zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (lines.archive_ == nullptr) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        Error refused = lines.damaged(zip_error_strerror(&error));
        zip_error_fini(&error);
        return refused;
    }
    if (const auto count = zip_get_num_entries(lines.archive_.get(), 0); count != 1)
        return lines.damaged(fmt::format("has {} entries", count).c_str());
    lines.entry_.reset(zip_fopen_index(lines.archive_.get(), 0, 0));
    if (lines.entry_ == nullptr) return lines.damaged(zip_strerror(lines.archive_.get()));
    lines.block_.resize(kBlockBytes);
    return lines;
}

/// Moves the unread rest to the front and reads on; false at the end of the entry.
Result<bool> ZipLines::refill() {
    const std::size_t rest = end_ - at_;
    std::memmove(block_.data(), block_.data() + at_, rest);
    at_ = 0;
    end_ = rest;
    const auto got = zip_fread(entry_.get(), block_.data() + end_, block_.size() - end_);
    if (got < 0) return damaged(zip_file_strerror(entry_.get()));
    end_ += static_cast<std::size_t>(got);
    return got > 0;
}

Result<std::optional<std::string_view>> ZipLines::next() {
    const char* newline = nullptr;
    bool more = true;
    for (std::size_t searched = 0;;) {
        newline = static_cast<const char*>(std::memchr(block_.data() + at_ + searched, '\n', end_ - at_ - searched));
        if (newline != nullptr || !more) break;
        searched = end_ - at_;
        if (searched > kMaxLine) break;
        SLIPCAST_TRY(got, refill());
        more = got;
    }
    if (newline == nullptr && at_ == end_) return std::optional<std::string_view>{};
    ++row_;
    const std::size_t length =
        newline != nullptr ? static_cast<std::size_t>(newline - (block_.data() + at_)) : end_ - at_;
    if (length > kMaxLine) return damaged("a line is too long");
    std::string_view line(block_.data() + at_, length);
    at_ = std::min(end_, at_ + length + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return std::optional(line);
}

}  // namespace slipcast::io::detail
