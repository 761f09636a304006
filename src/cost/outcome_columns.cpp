#include "outcome_columns.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace slipcast::cost::detail {

bool is_outcome(const ColumnMeta& meta) {
    if (meta.sign != SignTag::none) return true;
    static constexpr std::array<std::string_view, 39> kKnownAfter{"filled_quantity",
                                                                  "increased_quantity",
                                                                  "withdrawn_quantity",
                                                                  "amended_end_time",
                                                                  "quarantined_fills",
                                                                  "fills",
                                                                  "notional_cash",
                                                                  "paper_notional_cash",
                                                                  "has_limit",
                                                                  "average_price",
                                                                  "interval_vwap",
                                                                  "day_vwap",
                                                                  "interval_twap",
                                                                  "close",
                                                                  "end_price",
                                                                  "unmarked_fills",
                                                                  "participation",
                                                                  "duration_s",
                                                                  "completion",
                                                                  "fill_rate",
                                                                  "time_to_first_fill_s",
                                                                  "rpm",
                                                                  "first_fill_time",
                                                                  "last_fill_time",
                                                                  "end_price_policy",
                                                                  "cancel_time",
                                                                  "interval_vwap_ex_own",
                                                                  "spread_indicative",
                                                                  "delay_bps",
                                                                  "drift_bps",
                                                                  "opportunity_bps",
                                                                  "fees_bps",
                                                                  "unmarked_bps",
                                                                  "shortfall_bps",
                                                                  "effective_spread_bps",
                                                                  "quoted_spread_bps",
                                                                  "realized_spread_1min_bps",
                                                                  "price_improvement_bps",
                                                                  "reversion_bps"};
    if (std::find(kKnownAfter.begin(), kKnownAfter.end(), meta.name) != kKnownAfter.end()) return true;
    const auto ends_in = [&](std::string_view ending) { return std::string_view(meta.name).ends_with(ending); };
    return ends_in("_cost_bps") || ends_in("_cost_cash") || ends_in("_cost_ticks") || ends_in("slippage_bps");
}

}  // namespace slipcast::cost::detail
