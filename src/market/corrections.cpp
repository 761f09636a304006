#include "slipcast/market/corrections.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "slipcast/core/assert.hpp"

namespace slipcast::market {

namespace {

constexpr std::int32_t kNoRow = -1;

std::vector<std::int32_t> rows_by_id(std::span<const Fill> fills) {
    std::vector<std::int32_t> row_of;
    for (std::size_t row = 0; row < fills.size(); ++row) {
        SLIPCAST_ASSERT(!fills[row].id.is_none(), "a fill has an id");
        const auto id = static_cast<std::size_t>(fills[row].id.index());
        if (row_of.size() <= id) row_of.resize(id + 1, kNoRow);
        SLIPCAST_ASSERT(row_of[id] == kNoRow, "fill ids are distinct");
        row_of[id] = static_cast<std::int32_t>(row);
    }
    return row_of;
}

Error refuse(const char* field, std::string value, const char* rule) {
    return Error{ErrorCode::inconsistent, field, std::move(value), rule, {}};
}

std::optional<Error> refusal(const FillEvent& event, const Fill& fill, bool is_busted) {
    if (is_busted) return refuse("fill_id", {}, "the fill was busted before this event");
    if (event.time < fill.time) {
        return refuse("time", event.time.to_string(), "a correction or bust must not come before its fill");
    }
    if (event.kind == FillEventKind::bust) return std::nullopt;
    if (!event.price && !event.quantity)
        return refuse("event", "correct", "a correction must carry a price or a quantity");
    if (event.quantity && *event.quantity <= Quantity{}) {
        return refuse("quantity", {}, "a corrected quantity must be > 0 (taking a fill back is a bust)");
    }
    return std::nullopt;
}

}  // namespace

CorrectionOutcome apply_corrections(std::span<Fill> fills, std::span<const FillEvent> events) {
    const std::vector<std::int32_t> row_of = rows_by_id(fills);
    std::vector<std::size_t> in_time(events.size());
    std::iota(in_time.begin(), in_time.end(), std::size_t{0});
    std::stable_sort(in_time.begin(), in_time.end(),
                     [&](std::size_t a, std::size_t b) { return events[a].time < events[b].time; });

    CorrectionOutcome outcome;
    std::vector<bool> is_busted(fills.size(), false);
    for (const std::size_t position : in_time) {
        const FillEvent& event = events[position];
        const auto id = static_cast<std::size_t>(event.fill.index());
        if (event.fill.is_none() || id >= row_of.size() || row_of[id] == kNoRow) {
            outcome.refused.push_back({position, refuse("fill_id", {}, "must name an accepted row of fills")});
            continue;
        }
        const auto row = static_cast<std::size_t>(row_of[id]);
        Fill& fill = fills[row];
        if (auto error = refusal(event, fill, is_busted[row])) {
            outcome.refused.push_back({position, std::move(*error)});
        } else if (event.kind == FillEventKind::bust) {
            is_busted[row] = true;
            outcome.busted.push_back(row);
        } else {
            if (event.price) fill.price = *event.price;
            if (event.quantity) fill.quantity = *event.quantity;
        }
    }
    std::sort(outcome.busted.begin(), outcome.busted.end());
    std::sort(outcome.refused.begin(), outcome.refused.end(),
              [](const auto& a, const auto& b) { return a.event < b.event; });
    return outcome;
}

}  // namespace slipcast::market
