#include "text_lines.hpp"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

namespace slipcast::io::detail {

namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr const char* kZipKind = "a zip archive of one file";
constexpr const char* kEntryKind = "an entry of a zip archive";
constexpr const char* kFileKind = "a readable text file";

Error not_what(const char* kind, const std::string& reason, const std::string& shown, std::int64_t row = 0) {
    return Error{ErrorCode::malformed, "file", shown, fmt::format("must be {}: {}", kind, reason), {shown, row, {}}};
}

struct CloseArchive {
    void operator()(zip* archive) const { zip_discard(archive); }
};
struct CloseEntry {
    void operator()(zip_file* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip, CloseArchive>;
using Entry = std::unique_ptr<zip_file, CloseEntry>;

Result<Archive> open_archive(const std::filesystem::path& file, const std::string& shown, const char* kind) {
    int code = 0;
    Archive archive(zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (archive != nullptr) return archive;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    Error refused = not_what(kind, zip_error_strerror(&error), shown);
    zip_error_fini(&error);
    return refused;
}

class ZipSource final : public TextLines::Source {
public:
    ZipSource(Archive archive, Entry entry, const char* kind)
        : archive_(std::move(archive)), entry_(std::move(entry)), kind_(kind) {}
    [[nodiscard]] Result<std::size_t> read(char* to, std::size_t most) override {
        const auto got = zip_fread(entry_.get(), to, most);
        if (got < 0) return Error{ErrorCode::malformed, "file", "", zip_file_strerror(entry_.get()), {}};
        return static_cast<std::size_t>(got);
    }
    [[nodiscard]] const char* kind() const override { return kind_; }

private:
    Archive archive_;
    Entry entry_;
    const char* kind_;
};

class FileSource final : public TextLines::Source {
public:
    explicit FileSource(std::ifstream in) : in_(std::move(in)) {}
    [[nodiscard]] Result<std::size_t> read(char* to, std::size_t most) override {
        in_.read(to, static_cast<std::streamsize>(most));
        if (in_.bad()) return Error{ErrorCode::io_failure, "file", "", "reading failed", {}};
        return static_cast<std::size_t>(in_.gcount());
    }
    [[nodiscard]] const char* kind() const override { return kFileKind; }

private:
    std::ifstream in_;
};

Result<std::unique_ptr<TextLines::Source>> zip_source(Archive archive, zip_int64_t index, const std::string& shown,
                                                      const char* kind) {
    if (index < 0) return not_what(kind, zip_strerror(archive.get()), shown);
    Entry entry(zip_fopen_index(archive.get(), static_cast<zip_uint64_t>(index), 0));
    if (entry == nullptr) return not_what(kind, zip_strerror(archive.get()), shown);
    return std::unique_ptr<TextLines::Source>(std::make_unique<ZipSource>(std::move(archive), std::move(entry), kind));
}

}  // namespace

Result<std::vector<std::string>> zip_entries(const std::filesystem::path& file, const std::string& shown) {
    SLIPCAST_TRY(archive, open_archive(file, shown, "a zip archive"));
    std::vector<std::string> names;
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* name = zip_get_name(archive.get(), static_cast<zip_uint64_t>(i), 0);
        if (name != nullptr) names.emplace_back(name);
    }
    return names;
}

TextLines::TextLines(std::unique_ptr<Source> source, std::string shown)
    : shown_(std::move(shown)), source_(std::move(source)), block_(kBlockBytes) {}

Error TextLines::damaged(const std::string& reason) const {
    return not_what(source_->kind(), reason, shown_, row_);
}

Result<TextLines> TextLines::open_zip(const std::filesystem::path& file, const std::string& shown) {
    SLIPCAST_TRY(archive, open_archive(file, shown, kZipKind));
    if (const auto count = zip_get_num_entries(archive.get(), 0); count != 1)
        return not_what(kZipKind, fmt::format("has {} entries", count), shown);
    SLIPCAST_TRY(source, zip_source(std::move(archive), 0, shown, kZipKind));
    return TextLines(std::move(source), shown);
}

Result<TextLines> TextLines::open_entry(const std::filesystem::path& file, const std::string& entry,
                                        const std::string& shown) {
    SLIPCAST_TRY(archive, open_archive(file, shown, kEntryKind));
    const zip_int64_t index = zip_name_locate(archive.get(), entry.c_str(), 0);
    SLIPCAST_TRY(source, zip_source(std::move(archive), index, shown, kEntryKind));
    return TextLines(std::move(source), shown);
}

Result<TextLines> TextLines::open_file(const std::filesystem::path& file, const std::string& shown) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return not_what(kFileKind, "cannot be opened", shown);
    return TextLines(std::make_unique<FileSource>(std::move(in)), shown);
}

/// Moves the unread rest to the front and reads on; false at the end.
Result<bool> TextLines::refill() {
    const std::size_t rest = end_ - at_;
    std::memmove(block_.data(), block_.data() + at_, rest);
    at_ = 0;
    end_ = rest;
    const auto got = source_->read(block_.data() + end_, block_.size() - end_);
    if (!got) return damaged(got.error().rule);
    end_ += *got;
    return *got > 0;
}

Result<std::optional<std::string_view>> TextLines::next() {
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
