#include "lean_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "folder.hpp"

namespace slipcast::io::detail {

namespace {

constexpr std::pair<const char*, LeanResolution> kFolders[] = {
    {"tick", LeanResolution::tick}, {"second", LeanResolution::second}, {"minute", LeanResolution::minute}};

struct FileName {
    Date date;
    bool is_quotes = false;
};

Result<FileName> parse_name(const std::string& name, const std::string& shown) {
    const bool is_quotes = name.ends_with("_quote.zip");
    const bool is_named = name.size() == 18 && (is_quotes || name.ends_with("_trade.zip"));
    if (is_named) {
        const std::string iso = name.substr(0, 4) + "-" + name.substr(4, 2) + "-" + name.substr(6, 2);
        if (const auto date = Date::parse(iso)) return FileName{*date, is_quotes};
    }
    return Error{
        ErrorCode::invalid_value, "file", name, "must be YYYYMMDD_trade.zip or YYYYMMDD_quote.zip", {shown, 0, {}}};
}

std::string upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

Result<void> find_symbol_files(const std::filesystem::path& folder, const std::string& shown_folder,
                               LeanResolution resolution, LeanTree& tree) {
    SLIPCAST_TRY(files, entries(folder));
    for (const std::filesystem::path& file : files) {
        if (file.extension() != ".zip") continue;
        const std::string name = file.filename().string();
        const std::string shown = fmt::format("{}/{}", shown_folder, name);
        SLIPCAST_TRY(parsed, parse_name(name, shown));
        LeanDay& day = tree[upper(folder.filename().string())][parsed.date];
        std::vector<LeanFile>& slot = parsed.is_quotes ? day.quotes : day.trades;
        if (slot.empty()) slot.push_back({file, shown, resolution});
    }
    return {};
}

}  // namespace

Result<LeanTree> find_lean_files(const std::filesystem::path& root) {
    LeanTree tree;
    // Finest first: what is found later only fills what is still missing.
    for (const auto& [name, resolution] : kFolders) {
        std::error_code failed;
        if (!std::filesystem::is_directory(root / name, failed)) continue;
        SLIPCAST_TRY(symbols, entries(root / name));
        for (const std::filesystem::path& symbol : symbols) {
            if (!std::filesystem::is_directory(symbol, failed)) continue;
            const std::string shown = std::string(name) + "/" + symbol.filename().string();
            SLIPCAST_CHECK(find_symbol_files(symbol, shown, resolution, tree));
        }
    }
    if (!tree.empty()) return tree;
    return Error{ErrorCode::not_found,
                 "folder",
                 root.string(),
                 "must hold {tick,second,minute}/SYMBOL/YYYYMMDD_{trade,quote}.zip",
                 {root.string(), 0, {}}};
}

}  // namespace slipcast::io::detail
