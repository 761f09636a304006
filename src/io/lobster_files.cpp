#include "lobster_files.hpp"

#include <utility>

#include "csv_fields.hpp"
#include "folder.hpp"
#include "slipcast/market/depth.hpp"

namespace slipcast::io::detail {

namespace {

using std::filesystem::path;

constexpr const char* kNameRule = "must be TICKER_YYYY-MM-DD_START_END_{message,orderbook}_LEVELS.csv";

Error refused(ErrorCode code, const std::string& value, const char* rule) {
    return Error{code, "file", value, rule, {value, 0, {}}};
}

/// Halves found so far.
class Finder {
public:
    Result<void> add_source(const path& source) {
        std::error_code failed;
        if (std::filesystem::is_directory(source, failed)) return add_folder(source);
        const std::string shown = source.filename().string();
        if (!std::filesystem::is_regular_file(source, failed))
            return refused(ErrorCode::not_found, source.string(), "must be a file or folder");
        if (source.extension() == ".zip") {
            SLIPCAST_TRY(found, add_archive(source));
            if (!found) return refused(ErrorCode::not_found, shown, "must hold a message and an orderbook file");
            return {};
        }
        const auto name = parse_lobster_name(shown);
        if (!name) return refused(ErrorCode::invalid_value, shown, kNameRule);
        return add(*name, {source, "", shown});
    }
    Result<LobsterTree> take() {
        for (auto& [symbol, days] : tree_) {
            for (auto& [date, day] : days) {
                if (!day.messages.shown.empty() && !day.book.shown.empty()) continue;
                const bool has_messages = day.book.shown.empty();
                return refused(ErrorCode::not_found, has_messages ? day.messages.shown : day.book.shown,
                               has_messages ? "has no orderbook file beside it" : "has no message file beside it");
            }
        }
        return std::move(tree_);
    }

private:
    Result<void> add_folder(const path& folder) {
        SLIPCAST_TRY(files, entries(folder));
        bool any = false;
        for (const path& file : files) {
            const std::string shown = file.filename().string();
            if (file.extension() == ".zip") {
                SLIPCAST_TRY(found, add_archive(file));
                any = any || found;
            } else if (const auto name = parse_lobster_name(shown)) {
                SLIPCAST_CHECK(add(*name, {file, "", shown}));
                any = true;
            }
        }
        if (any) return {};
        return refused(ErrorCode::not_found, folder.string(), "must hold LOBSTER message and orderbook files");
    }
    Result<bool> add_archive(const path& file) {
        const std::string shown = file.filename().string();
        SLIPCAST_TRY(names, zip_entries(file, shown));
        bool any = false;
        for (const std::string& entry : names) {
            const auto name = parse_lobster_name(path(entry).filename().string());
            if (!name) continue;
            SLIPCAST_CHECK(add(*name, {file, entry, shown + "/" + path(entry).filename().string()}));
            any = true;
        }
        return any;
    }
    Result<void> add(const LobsterName& name, LobsterFile file) {
        LobsterDay& day = tree_[name.symbol][name.date];
        if (day.levels != 0 && day.levels != name.levels)
            return refused(ErrorCode::inconsistent, file.shown, "another file of this day has other levels");
        day.levels = name.levels;
        LobsterFile& slot = name.is_message ? day.messages : day.book;
        if (!slot.shown.empty()) return refused(ErrorCode::inconsistent, file.shown, "this day is given twice");
        slot = std::move(file);
        return {};
    }
    LobsterTree tree_;
};

}  // namespace

Result<TextLines> LobsterFile::open() const {
    return entry.empty() ? TextLines::open_file(file, shown) : TextLines::open_entry(file, entry, shown);
}

std::optional<LobsterName> parse_lobster_name(std::string_view name) {
    if (!name.ends_with(".csv")) return std::nullopt;
    name.remove_suffix(4);
    // From the right, because a ticker may hold the separator.
    std::string_view parts[5];
    for (std::string_view& part : parts) {
        const std::size_t at = name.rfind('_');
        if (at == std::string_view::npos) return std::nullopt;
        part = name.substr(at + 1);
        name = name.substr(0, at);
    }
    const auto levels = whole_number(parts[0], "levels", 1, static_cast<std::int64_t>(market::kMaxLevels));
    const bool is_message = parts[1] == "message";
    const bool is_window =
        whole_number(parts[2], "end", 0, 86'400'000) && whole_number(parts[3], "start", 0, 86'400'000);
    const auto date = Date::parse(std::string(parts[4]));
    if (name.empty() || !levels || !date || !is_window || (!is_message && parts[1] != "orderbook")) return std::nullopt;
    return LobsterName{std::string(name), *date, is_message, static_cast<std::size_t>(*levels)};
}

Result<LobsterTree> find_lobster_files(const std::vector<path>& sources) {
    if (sources.empty()) return Error{ErrorCode::missing_field, "sources", "", "must be at least one file", {}};
    Finder finder;
    for (const path& source : sources) SLIPCAST_CHECK(finder.add_source(source));
    return finder.take();
}

}  // namespace slipcast::io::detail
