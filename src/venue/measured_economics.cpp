#include "slipcast/venue/measured_economics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "slipcast/core/nearest.hpp"
#include "slipcast/core/table_values.hpp"

namespace slipcast::venue {
namespace {

constexpr std::size_t kEnoughDays = 20;
constexpr std::size_t kLeastBlocks = 2;
constexpr std::int64_t kHour = 3'600'000'000'000;
constexpr std::int64_t kDay = 24 * kHour;

Result<std::vector<double>> numbers(const Table& table, const char* name) {
    SLIPCAST_TRY(column, column_of(table, table.name(), name));
    return numbers_of(*column);
}

Result<DictionaryColumn> labels(const Table& table, const char* name) {
    SLIPCAST_TRY(column, column_of(table, table.name(), name));
    return labels_of(*column);
}

std::string label(const DictionaryColumn& column, std::size_t row) {
    const std::int32_t code = column.code[row];
    return code < 0 ? std::string{} : column.labels[static_cast<std::size_t>(code)];
}

/// The observed moves of the mid by fill.
using Moves = std::unordered_map<std::string, double>;

Result<Moves> moves_at(const Table& markouts, const std::string& horizon) {
    SLIPCAST_TRY(ids, labels(markouts, "fill_id"));
    SLIPCAST_TRY(horizons, labels(markouts, "horizon"));
    SLIPCAST_TRY(moves, numbers(markouts, "mid_anchored_bps"));
    SLIPCAST_TRY(observed, numbers(markouts, "observed"));
    std::vector<std::string> after;
    for (const std::string& known : horizons.labels) {
        if (!known.starts_with('-')) after.push_back(known);
    }
    if (std::find(after.begin(), after.end(), horizon) == after.end()) {
        std::string rule = "must be a horizon after the fill of this measurement";
        if (!after.empty()) rule += "; did you mean '" + nearest_name(horizon, after) + "'?";
        return Error{ErrorCode::not_found, "horizon", horizon, std::move(rule), {}};
    }
    const auto wanted = static_cast<std::int32_t>(std::find(horizons.labels.begin(), horizons.labels.end(), horizon) -
                                                  horizons.labels.begin());
    Moves out;
    for (std::size_t row = 0; row < moves.size(); ++row) {
        if (horizons.code[row] == wanted && observed[row] == 1.0) out.emplace(label(ids, row), moves[row]);
    }
    return out;
}

/// Sums over the fills of one venue.
struct Sums {
    double weight = 0.0, saved = 0.0, fee = 0.0, move = 0.0;
    std::int64_t fills = 0;
    /// Weight and weighted move by symbol and day, and by symbol and hour.
    std::map<std::pair<std::string, std::int64_t>, std::pair<double, double>> days, hours;
};

VenueEconomics economics_of(const std::string& name, const Sums& sums) {
    const auto& blocks = sums.days.size() >= kEnoughDays ? sums.days : sums.hours;
    const double mean = sums.move / sums.weight;
    double squares = 0.0;
    for (const auto& [key, block] : blocks) {
        const double off = block.second - mean * block.first;
        squares += off * off;
    }
    const auto count = static_cast<double>(blocks.size());
    const double paid = sums.fee / sums.weight;
    return {.venue = name,
            .spread_saved = sums.saved / sums.weight,
            .rebate = std::max(0.0, -paid),
            .fee = std::max(0.0, paid),
            .markout = mean,
            .markout_std_error = std::sqrt(squares * count / (count - 1.0)) / sums.weight};
}

/// The columns of `fills` that count.
struct Fills {
    DictionaryColumn ids, venues, symbols;
    std::vector<std::int64_t> times;
    std::vector<double> price, quantity, fee, effective, quoted;

    static Result<Fills> of(const Table& table) {
        SLIPCAST_TRY(ids, labels(table, "fill_id"));
        SLIPCAST_TRY(venues, labels(table, "venue"));
        SLIPCAST_TRY(symbols, labels(table, "symbol"));
        SLIPCAST_TRY(time, column_of(table, table.name(), "time"));
        SLIPCAST_TRY(times, times_of(*time));
        SLIPCAST_TRY(price, numbers(table, "price"));
        SLIPCAST_TRY(quantity, numbers(table, "quantity"));
        SLIPCAST_TRY(fee, numbers(table, "fee_cash"));
        SLIPCAST_TRY(effective, numbers(table, "effective_spread_bps"));
        SLIPCAST_TRY(quoted, numbers(table, "quoted_spread_bps"));
        return Fills{std::move(ids),      std::move(venues), std::move(symbols),   std::move(times), std::move(price),
                     std::move(quantity), std::move(fee),    std::move(effective), std::move(quoted)};
    }

    /// Adds one fill to its venue's sums, when it has all that they need.
    void add(std::size_t row, const Moves& moves, Sums& sums) const {
        const auto move = moves.find(label(ids, row));
        const double value = price[row] * quantity[row];
        const double saved = 0.5 * (quoted[row] - effective[row]);
        if (move == moves.end() || !std::isfinite(move->second + value + saved + fee[row]) || !(value > 0.0)) return;
        sums.weight += value;
        sums.saved += value * saved;
        sums.fee += 1e4 * fee[row];
        sums.move += value * move->second;
        ++sums.fills;
        for (auto& [blocks, length] : {std::pair{&sums.days, kDay}, std::pair{&sums.hours, kHour}}) {
            auto& [weight, moved] = (*blocks)[{label(symbols, row), times[row] / length}];
            weight += value;
            moved += value * move->second;
        }
    }
};

}  // namespace

Result<MeasuredEconomics> measured_economics(const Table& fills, const Table& markouts, const std::string& horizon) {
    SLIPCAST_TRY(moves, moves_at(markouts, horizon));
    SLIPCAST_TRY(columns, Fills::of(fills));
    std::map<std::string, Sums> by_venue;
    for (std::size_t row = 0; row < columns.price.size(); ++row) {
        const std::string venue = label(columns.venues, row);
        if (!venue.empty()) columns.add(row, moves, by_venue[venue]);
    }
    MeasuredEconomics out;
    for (const auto& [venue, sums] : by_venue) {
        if (sums.hours.size() >= kLeastBlocks) {
            out.venues.push_back(economics_of(venue, sums));
            continue;
        }
        out.left_out.push_back(
            fmt::format("{}: {} fills with a mid and a mark-out at {}, in {} symbol-hours; an error "
                        "needs {}",
                        venue, sums.fills, horizon, sums.hours.size(), kLeastBlocks));
    }
    if (!out.venues.empty()) return out;
    return Error{ErrorCode::not_identified,
                 "venue",
                 "",
                 out.left_out.empty() ? "no fill names its venue" : out.left_out.front(),
                 {}};
}

}  // namespace slipcast::venue
