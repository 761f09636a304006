#pragma once

#include <vector>

#include "slipcast/core/table_builder.hpp"
#include "slipcast/desk/records.hpp"

namespace slipcast::desk::detail {

/// desk_decisions, column by column as the steps come.
class DecisionTable {
public:
    void add(const Context& context, const Decision& decision);
    [[nodiscard]] Table table() const;

private:
    void add_choice(const Decision& decision);
    void add_forecast(const Decision& decision);
    void add_ladder(const Decision& decision);
    void add_ladder_to(TableBuilder& table) const;
    void add_to(TableBuilder& table) const;
    void add_forecast_to(TableBuilder& table) const;

    std::vector<Timestamp> time_;
    Words order_, kind_, action_, reason_, tactic_, side_, rung_, rung_reason_, binding_, runner_up_, model_, field_,
        portfolio_;
    std::vector<std::int64_t> step_, quantity_, lit_, dark_, filled_, working_, updates_;
    std::vector<std::optional<std::int64_t>> observations_;
    std::vector<std::optional<bool>> stressed_;
    std::vector<Price> price_, bid_, ask_;
    std::vector<char> cancels_;
    std::vector<double> participation_, interval_, stress_, score_, runner_up_score_, mean_, p50_, p90_, p95_, p99_,
        epistemic_, aleatoric_, miss_risk_, ladder_p95_, tier_median_, ladder_epistemic_, ladder_aleatoric_;
};

}  // namespace slipcast::desk::detail
