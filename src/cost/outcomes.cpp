#include "outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "slipcast/core/side.hpp"
#include "slipcast/core/table_values.hpp"

namespace slipcast::cost::detail {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
// A filled fraction this close to one is one: quantities were divided as doubles.
constexpr double kComplete = 1.0 - 1e-9;

using Numbers = std::vector<double>;

Result<std::optional<Numbers>> numbers_if_there(const Table& table, const std::string& name) {
    const Column* column = table.find(name);
    if (column == nullptr) return std::optional<Numbers>{};
    SLIPCAST_TRY(values, numbers_of(*column));
    return std::optional<Numbers>(std::move(values));
}

/// How far above the benchmark the rest of each order would have cost at its end [bps]; NaN where nobody knows.
Result<std::optional<Numbers>> bounds_of_rests(const Table& table, const std::string& target) {
    const std::string stem = target.substr(0, target.rfind("_cost_bps"));
    const char* benchmark = table.find(stem + "_price") != nullptr ? "_price" : "";
    SLIPCAST_TRY(start, numbers_if_there(table, stem + benchmark));
    SLIPCAST_TRY(end, numbers_if_there(table, "end_price"));
    const Column* side = table.find("side");
    if (!start || !end || side == nullptr || stem == target) return std::optional<Numbers>{};
    SLIPCAST_TRY(spread, numbers_if_there(table, "feature_spread_bps"));
    SLIPCAST_TRY(sides, labels_of(*side));
    Numbers bounds(start->size(), kMissing);
    for (std::size_t row = 0; row < bounds.size(); ++row) {
        if (sides.code[row] < 0) continue;
        SLIPCAST_TRY(parsed, parse_side(sides.labels[static_cast<std::size_t>(sides.code[row])], "side"));
        const double half_spread = spread && std::isfinite((*spread)[row]) ? 0.5 * (*spread)[row] : 0.0;
        const double price = (*start)[row];
        if (!(price > 0.0)) continue;
        bounds[row] = static_cast<double>(sign(parsed)) * ((*end)[row] - price) / price * 1e4 + half_spread;
    }
    return std::optional<Numbers>(std::move(bounds));
}

/// Everything read of the table, row by row.
struct Reading {
    Numbers target;
    Numbers weight;
    std::optional<Numbers> censored;
    std::optional<Numbers> completion;
    std::optional<Numbers> bound;
    const Column* cancelled = nullptr;

    [[nodiscard]] bool is_cancelled(std::size_t row) const { return cancelled != nullptr && cancelled->is_valid(row); }
    [[nodiscard]] bool is_partial(std::size_t row) const {
        return completion && !censored && (*completion)[row] < kComplete;
    }
};

void add_partial(const Reading& from, std::size_t row, Outcomes& out) {
    const double filled = std::max(0.0, (*from.completion)[row]);
    if (filled > 0.0 && std::isfinite(from.target[row])) {
        out.costs.push_back({row, from.target[row], from.weight[row] * filled, false});
        ++out.filled_parts;
    }
    if (from.is_cancelled(row)) {
        ++out.cancelled_rests;
    } else if (from.bound && std::isfinite((*from.bound)[row])) {
        out.costs.push_back({row, (*from.bound)[row], from.weight[row] * (1.0 - filled), true});
        ++out.censored;
    } else {
        ++out.left_out["the unfilled rest: no end price"];
    }
}

void add_row(const Reading& from, PartialOrders policy, std::size_t row, Outcomes& out) {
    if (!(from.weight[row] >= 0.0)) {
        ++out.left_out["weight"];
        return;
    }
    if (from.weight[row] == 0.0) {
        ++out.left_out["weight of zero"];
        return;
    }
    if (from.is_partial(row) && policy == PartialOrders::censor) return add_partial(from, row, out);
    if (from.is_partial(row) && policy == PartialOrders::drop) {
        ++out.left_out["filled in part"];
        return;
    }
    if (!std::isfinite(from.target[row])) {
        ++out.left_out["target"];
        return;
    }
    const bool censored = from.censored && (*from.censored)[row] > 0.0;
    out.costs.push_back({row, from.target[row], from.weight[row], censored});
    ++(censored ? out.censored : out.whole);
}

Result<void> read_times(const Table& table, const FitOptions& options, Outcomes& out) {
    if (const Column* column = table.find(options.time)) {
        SLIPCAST_TRY(times, times_of(*column));
        for (std::size_t row = 0; row < times.size(); ++row) {
            if (!column->is_valid(row)) return invalid_value(options.time, "", "must not be missing in a row");
        }
        out.decided = std::move(times);
    }
    const Column* column = table.find(options.finished);
    if (column == nullptr || out.decided.empty()) return {};
    SLIPCAST_TRY(times, times_of(*column));
    for (std::size_t row = 0; row < times.size(); ++row) {
        times[row] = column->is_valid(row) ? std::max(times[row], out.decided[row]) : out.decided[row];
    }
    out.finished = std::move(times);
    return {};
}

Result<void> decay_weights(const FitOptions& options, Outcomes& out) {
    if (options.half_life_days == 0.0) return {};
    if (out.decided.empty()) {
        return Error{ErrorCode::missing_field,
                     "half_life_days",
                     options.time,
                     "weights that fade with age need the column of decision times",
                     {}};
    }
    const std::int64_t last = *std::max_element(out.decided.begin(), out.decided.end());
    for (Outcome& each : out.costs) {
        const double days = static_cast<double>(last - out.decided[each.row]) / 86'400e9;
        each.weight *= std::exp2(-days / options.half_life_days);
    }
    return {};
}

}  // namespace

Result<Outcomes> read_outcomes(const Table& table, const FitOptions& options) {
    Reading from;
    SLIPCAST_TRY(target, column_of(table, "target", options.target));
    SLIPCAST_TRY(target_numbers, numbers_of(*target));
    from.target = std::move(target_numbers);
    from.weight.assign(table.rows(), 1.0);
    if (!options.weight.empty()) {
        SLIPCAST_TRY(weight, column_of(table, "weight", options.weight));
        SLIPCAST_TRY(weights, numbers_of(*weight));
        from.weight = std::move(weights);
    }
    if (!options.censored.empty()) {
        SLIPCAST_TRY(column, column_of(table, "censored", options.censored));
        SLIPCAST_TRY(flags, numbers_of(*column));
        from.censored = std::move(flags);
    }
    SLIPCAST_TRY(completion, numbers_if_there(table, options.completed));
    from.completion = std::move(completion);
    SLIPCAST_TRY(bound, bounds_of_rests(table, options.target));
    from.bound = std::move(bound);
    from.cancelled = table.find("cancel_time");

    Outcomes out;
    SLIPCAST_CHECK(read_times(table, options, out));
    for (std::size_t row = 0; row < table.rows(); ++row) {
        add_row(from, static_cast<PartialOrders>(options.partial), row, out);
        std::int8_t completed = -1;
        if (from.completion && std::isfinite((*from.completion)[row])) {
            const bool done = (*from.completion)[row] >= kComplete;
            if (done || !from.is_cancelled(row)) completed = done ? 1 : 0;
        }
        out.completed.push_back(completed);
    }
    out.has_completion = from.completion.has_value();
    SLIPCAST_CHECK(decay_weights(options, out));
    return out;
}

}  // namespace slipcast::cost::detail
