#include "slipcast/interchange/tape_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace slipcast::interchange {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Error bad_metadata(std::string_view key, std::string_view value, const char* rule) {
    return Error{ErrorCode::malformed, std::string(key), std::string(value), rule, {}};
}

Result<std::vector<market::FeedGap>> parse_gaps(std::string_view text) {
    std::vector<market::FeedGap> gaps;
    for (const std::string_view part : split(text, ';')) {
        const std::vector<std::string_view> ends = split(part, ',');
        const auto begin = ends.size() == 2 ? whole_number(ends[0]) : std::nullopt;
        const auto end = ends.size() == 2 ? whole_number(ends[1]) : std::nullopt;
        if (!begin || !end || *begin > *end) return bad_metadata("gaps", part, "must be begin,end in nanoseconds");
        gaps.push_back({Timestamp::from_ns(*begin), Timestamp::from_ns(*end)});
    }
    return gaps;
}

}  // namespace

std::map<std::string, std::string> TapeMetadata::to_map() const {
    std::string gap_text, venue_text;
    for (const market::FeedGap& gap : gaps) gap_text += fmt::format("{},{};", gap.begin.ns(), gap.end.ns());
    for (const std::string& venue : venues) venue_text += venue + '\n';
    return {{std::string(kTapeFormatKey), std::string(kTapeFormat)},
            {"symbol", symbol},
            {"indicative", indicative ? "true" : "false"},
            {"gaps", gap_text},
            {"venues", venue_text},
            {"crossed", std::to_string(crossed)},
            {"locked", std::to_string(locked)},
            {"digest", digest}};
}

Result<TapeMetadata> TapeMetadata::from_map(const std::map<std::string, std::string>& metadata) {
    const auto value = [&](std::string_view key) {
        const auto found = metadata.find(std::string(key));
        return found == metadata.end() ? std::string_view{} : std::string_view{found->second};
    };
    if (value(kTapeFormatKey) != kTapeFormat) return bad_metadata(kTapeFormatKey, value(kTapeFormatKey), "must be 1");
    TapeMetadata out;
    out.symbol = value("symbol");
    if (out.symbol.empty()) return bad_metadata("symbol", "", "must not be empty");
    out.indicative = value("indicative") == "true";
    SLIPCAST_TRY(gaps, parse_gaps(value("gaps")));
    out.gaps = std::move(gaps);
    for (const std::string_view venue : split(value("venues"), '\n')) out.venues.emplace_back(venue);
    const auto crossed = whole_number(value("crossed"));
    const auto locked = whole_number(value("locked"));
    if (!crossed || *crossed < 0) return bad_metadata("crossed", value("crossed"), "must be a count");
    if (!locked || *locked < 0) return bad_metadata("locked", value("locked"), "must be a count");
    out.crossed = *crossed;
    out.locked = *locked;
    out.digest = value("digest");
    return out;
}

}  // namespace slipcast::interchange
