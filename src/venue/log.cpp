#include "slipcast/venue/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::venue {
namespace {

using PairKey = std::pair<std::string, std::string>;

/// An observation, or why there is none.
struct Reading {
    std::optional<Observation> observation;
    const char* reason = nullptr;
};

bool is_wanted(market::VenueKind kind, int kinds) {
    if (kinds == LogOptions::all) return true;
    if (kinds == LogOptions::dark) return kind == market::VenueKind::dark;
    return kind != market::VenueKind::lit;
}

/// A cancel that does not say whose it was.
bool is_unexplained(const market::Placement& placement) {
    return placement.end == market::PlacementEnd::cancelled && placement.end_reason == market::EndReason::unknown;
}

/// Whether the route stayed long enough to be answered. A cancel without a reason may have been the desk's.
bool is_answered(const market::Placement& placement, Duration patience) {
    switch (placement.end_reason) {
        case market::EndReason::market:
        case market::EndReason::deadline:
            return true;
        case market::EndReason::unknown:
            return !is_unexplained(placement) || placement.done_time - placement.sent_time >= patience;
        case market::EndReason::discretionary:
            return placement.done_time - placement.sent_time >= patience;
        case market::EndReason::venue:
            return false;
    }
    return false;
}

Reading reading_of(const market::Placement& placement, std::int64_t filled, std::int64_t lot, Duration patience) {
    if (placement.end == market::PlacementEnd::rejected) return {.observation = {}, .reason = "rejected"};
    const std::int64_t sent = placement.quantity.units();
    const std::int64_t minimum = placement.min_quantity ? placement.min_quantity->units() : lot;
    if (sent % lot != 0 || filled % lot != 0 || (placement.min_quantity && minimum % lot != 0)) {
        return {.observation = {}, .reason = "not_whole_lots"};
    }
    Observation one{
        .sent = sent / lot, .filled = filled / lot, .min_quantity = std::max<std::int64_t>(1, minimum / lot)};
    if (one.min_quantity > one.sent || one.filled > one.sent) return {.observation = {}, .reason = "inconsistent"};
    if (one.filled > 0 && one.filled < one.min_quantity) return {.observation = {}, .reason = "filled_below_minimum"};
    if (one.filled < one.sent && !is_answered(placement, patience)) {
        if (one.filled == 0) {
            return {.observation = {},
                    .reason = placement.end_reason == market::EndReason::venue ? "ended_by_venue"
                                                                               : "canceled_within_patience"};
        }
        one.sent = one.filled;  // more might have come: S >= filled
    }
    return {.observation = one, .reason = nullptr};
}

/// Filled units by placement, of the placements that fills name.
std::map<PlacementId, std::int64_t> filled_by_placement(const market::Dataset& dataset) {
    std::map<PlacementId, std::int64_t> filled;
    for (const market::Fill& fill : dataset.fills) {
        if (!fill.placement.is_none()) filled[fill.placement] += fill.quantity.units();
    }
    return filled;
}

PairLogs collected(std::map<PairKey, PairLog> logs, const std::map<std::string, std::int64_t>& left_out) {
    PairLogs made;
    for (auto& [key, log] : logs) made.pairs.push_back(std::move(log));
    for (const auto& [reason, count] : left_out) {
        made.left_out.push_back({reason, count});
        made.routes += count;
    }
    made.routes += made.observations();
    return made;
}

/// Why a dataset holds no observation at all: how many routes there were, and what would read them.
Error nothing_said(const std::map<std::string, std::int64_t>& left_out,
                   const std::map<market::VenueKind, std::int64_t>& unwanted) {
    constexpr std::array<const char*, 5> kKinds{"lit", "dark", "auction", "bilateral", "unknown"};
    std::int64_t routes = 0;
    std::string why;
    for (const auto& [kind, count] : unwanted) {
        why += fmt::format("{}{} went to venues of kind {}", why.empty() ? "" : ", ", count,
                           kKinds.at(static_cast<std::size_t>(kind)));
    }
    if (!unwanted.empty()) why += " (--venue-kinds, venue_kinds in Python, says which are read)";
    for (const auto& [reason, count] : left_out) {
        routes += count;
        if (reason == "other_kind_of_venue") continue;
        why += fmt::format("{}{} {}", why.empty() ? "" : ", ", count, reason);
    }
    return Error{.code = ErrorCode::not_identified,
                 .field = "placements",
                 .value = fmt::format("{}", routes),
                 .rule = routes == 0 ? "no route was sent" : "no route says anything about hidden liquidity: " + why,
                 .place = {}};
}

PairLog& pair_of(std::map<PairKey, PairLog>& logs, PairKey key) {
    PairLog& log = logs[key];
    log.symbol = std::move(key.first);
    log.venue = std::move(key.second);
    return log;
}

}  // namespace

Settings LogOptions::settings() {
    Settings settings;
    settings.choice("venue_kinds", venue_kinds, {"dark", "not_lit", "all"},
                    "which venues' placements are read as hidden liquidity");
    settings.duration("patience", patience, Duration{0}, std::chrono::hours{24},
                      "a route canceled by the desk counts as answered when it stayed this long");
    settings.flag("round_lots", round_lots, "count in round lots of the instrument instead of units");
    return settings;
}

std::int64_t PairLogs::observations() const {
    std::int64_t count = 0;
    for (const PairLog& pair : pairs) count += static_cast<std::int64_t>(pair.observations.size());
    return count;
}

Table PairLogs::counts() const {
    std::vector<std::string> names{"routes", "observations"};
    std::vector<std::int64_t> values{routes, observations()};
    if (without_reason > 0) {
        names.emplace_back("canceled, end_reason missing: read by patience");
        values.push_back(without_reason);
    }
    for (const LeftOut& one : left_out) {
        names.push_back("left out: " + one.reason);
        values.push_back(one.count);
    }
    for (const auto& [declared, count] : hypothetical) {
        names.push_back("hypothetical: " + declared);
        values.push_back(count);
    }
    return TableBuilder("log", names.size())
        .add(plain("count_of", "What was counted"), std::move(names))
        .add(plain("routes", "Routes"), std::move(values))
        .take();
}

Result<PairLogs> pair_logs(const market::Dataset& dataset, const LogOptions& options) {
    LogOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    const std::map<PlacementId, std::int64_t> filled = filled_by_placement(dataset);
    std::map<OrderId, InstrumentId> instruments;
    for (const market::Order& order : dataset.orders) instruments.emplace(order.id, order.instrument);
    std::vector<const market::Placement*> placements;
    for (const market::Placement& placement : dataset.placements) placements.push_back(&placement);
    std::stable_sort(placements.begin(), placements.end(),
                     [](const auto* a, const auto* b) { return a->sent_time < b->sent_time; });
    std::map<PairKey, PairLog> logs;
    std::map<std::string, std::int64_t> left_out;
    std::map<market::VenueKind, std::int64_t> unwanted;
    std::int64_t without_reason = 0;
    for (const market::Placement* placement : placements) {
        const InstrumentId instrument = instruments.at(placement->order);
        const std::int64_t lot = options.round_lots ? dataset.instrument(instrument).lot_size.units() : 1;
        const auto of_fills = filled.find(placement->id);
        const std::int64_t got = of_fills == filled.end() ? placement->filled_quantity.units() : of_fills->second;
        if (!is_wanted(placement->venue_kind, options.venue_kinds)) {
            ++unwanted[placement->venue_kind];
            ++left_out["other_kind_of_venue"];
            continue;
        }
        if (is_unexplained(*placement)) ++without_reason;
        const Reading reading = reading_of(*placement, got, lot, options.patience);
        if (!reading.observation) {
            ++left_out[reading.reason];
            continue;
        }
        PairLog& log = pair_of(logs, {std::string(dataset.names.symbols.name(instrument)),
                                      std::string(dataset.names.venues.name(placement->venue))});
        log.lot_size = lot;
        log.observations.push_back(*reading.observation);
    }
    if (logs.empty()) return nothing_said(left_out, unwanted);
    PairLogs made = collected(std::move(logs), left_out);
    made.without_reason = without_reason;
    made.add_quarantined(dataset.quality, "placements");
    return made;
}

PairLogs pair_logs(std::span<const market::Route> routes) {
    std::vector<const market::Route*> rows;
    bool is_timed = true;
    for (const market::Route& route : routes) {
        rows.push_back(&route);
        is_timed = is_timed && route.time.has_value();
    }
    if (is_timed) {
        std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return *a->time < *b->time; });
    }
    std::map<PairKey, PairLog> logs;
    for (const market::Route* route : rows) {
        pair_of(logs, {route->symbol, route->venue})
            .observations.push_back({route->sent, route->filled, route->min_quantity});
    }
    return collected(std::move(logs), {});
}

}  // namespace slipcast::venue
