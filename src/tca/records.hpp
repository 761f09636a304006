#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/tca/asof.hpp"
#include "slipcast/tca/benchmarks.hpp"
#include "slipcast/tca/shortfall.hpp"

// What is measured of one order and of one fill, before it becomes columns. Absent is missing.

namespace slipcast::tca::detail {

/// Only what was known at the decision.
struct Features {
    std::optional<double> spread_bps;
    std::optional<double> depth;           ///< mean of the two touches [whole units]
    std::optional<double> imbalance;       ///< s (bid size - ask size) / their sum, in [-1, 1]
    std::optional<double> book_depth;      ///< mean of the two sides over all levels shown [whole units]
    std::optional<double> book_imbalance;  ///< the same as imbalance, over all levels shown
    std::optional<double> volatility_bps;
    std::optional<std::int64_t> time_bucket;
    std::optional<double> minutes_from_open;
    std::optional<double> minutes_to_close;
    std::string event;
    std::optional<double> forecast_volume;
    std::optional<double> forecast_volatility_bps;
    std::optional<double> forecast_spread_bps;
    std::optional<double> forecast_participation;
    std::optional<double> sector_net_flow;
    std::optional<double> concurrent_overlap;
};

/// What an order's size is a share of, best first.
inline constexpr std::array<std::string_view, 3> kSizeBases{"forecast", "adv", "realized session volume"};

struct OrderRecord {
    bool included = true;
    std::string excluded_because;
    std::optional<Timestamp> first_fill_time;
    std::optional<Timestamp> last_fill_time;
    Executed executed;
    std::int64_t fills = 0;
    std::array<std::optional<Price>, kBenchmarks> benchmarks;
    std::vector<std::optional<Price>> pwp;  ///< by rate
    std::optional<Price> end_price;
    std::string end_price_policy;
    Shortfall ledger;
    std::optional<Money> notional;  ///< executed quantity at the arrival price
    // Sums over fills whose quote has a mid [cash].
    Money effective_spread, quoted_spread, marked_notional;
    std::int64_t marked_fills = 0;
    Money realized_spread, realized_notional;  ///< over those whose mid one minute later was observed
    Money price_improvement, touch_notional;
    std::optional<double> reversion_bps;
    std::optional<double> participation;
    std::optional<double> size;
    std::string_view size_basis;  ///< of kSizeBases; empty without a size
    std::optional<double> duration_s;
    std::optional<double> completion;
    Quantity sent, sent_filled;  ///< of its placements
    std::optional<double> time_to_first_fill_s;
    std::optional<double> relative_performance;
    bool spread_indicative = false;
    std::optional<double> outlier_score;
    bool own_volume_added = false;      ///< to the market volume of its interval
    bool crosses_split = false;         ///< between its arrival and its end: its prices are of different shares
    bool decided_before_split = false;  ///< one lies between its decision and its arrival
    Features features;

    [[nodiscard]] const std::optional<Price>& benchmark(Benchmark which) const {
        return benchmarks[static_cast<std::size_t>(which)];
    }
};

struct FillRecord {
    QuoteAt quote;
    MidAt mid_1min;
    std::optional<double> outlier_score;
    bool observed_1min = false;
    bool corrected = false;
    bool spread_indicative = false;
};

/// The mid at a mark-out's horizon.
struct MarkoutRecord {
    Price mid;
    bool observed = false;
};

/// Mark-outs as columns, which the table of mark-outs takes over: there are several to a fill.
struct MarkoutColumns {
    std::vector<Price> mid;
    std::vector<std::uint8_t> observed;

    void resize(std::size_t rows) {
        mid.resize(rows);
        observed.resize(rows);
    }
    void set(std::size_t row, const MarkoutRecord& record) {
        mid[row] = record.mid;
        observed[row] = record.observed ? 1 : 0;
    }
    [[nodiscard]] MarkoutRecord operator[](std::size_t row) const { return {mid[row], observed[row] != 0}; }
};

}  // namespace slipcast::tca::detail
