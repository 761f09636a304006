#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/desk/records.hpp"

namespace slipcast::desk::detail {

/// One parent order as a journal tells it.
struct OrderStory {
    std::uint64_t order = 0;
    market::OrderKind kind = market::OrderKind::work;
    Side side = Side::buy;
    Timestamp first, last;
    std::int64_t steps = 0;
    std::int64_t children = 0;  ///< orders that were to go out, lit and dark
    std::int64_t held = 0;      ///< steps at which a guard acted
    std::int64_t refused = 0;   ///< outcomes told of it that cannot have been
    std::int64_t quantity = 0;
    std::int64_t filled = 0;        ///< as the last step's context said
    std::int64_t filled_since = 0;  ///< and by outcomes after it
    std::array<std::int64_t, 3> rungs{};
    bool has_place = false;     ///< the desk took it up: a step was no bad context and found room
    LadderReading ladder{};     ///< at its last step that came to choose
    std::int64_t cancels = 0;   ///< steps that called in all that worked
    bool is_canceling = false;  ///< the last step does
    bool has_forecast = false;
    Forecast forecast{};
    double miss_risk = std::numeric_limits<double>::quiet_NaN();  ///< as the choice weighed it
    bool is_finished = false;
    std::optional<bool> is_complete = {};
    bool is_discretionary = false;
    double cost_bps = std::numeric_limits<double>::quiet_NaN();

    [[nodiscard]] bool has_planned() const { return rungs != decltype(rungs){}; }
    [[nodiscard]] bool is_open() const { return has_place && !is_finished; }
    [[nodiscard]] bool is_scored() const { return is_finished && has_forecast && std::isfinite(cost_bps); }
};

/// Parents in the order of their first step. A key that comes back after its order finished is another order.
class OrderStories {
public:
    void add(const Context& context, const Decision& decision);
    void add(const Outcome& outcome, const Lesson& lesson);
    [[nodiscard]] const std::vector<OrderStory>& all() const { return all_; }

private:
    std::vector<OrderStory> all_;
    std::unordered_map<std::uint64_t, std::size_t> open_;
};

/// True when the step came to choose among candidates: only then rung, tactic and forecast mean anything.
[[nodiscard]] inline bool has_plan(const Decision& decision) {
    return decision.candidates.size > 0;
}
/// True when the guards looked at the child.
[[nodiscard]] bool has_readings(const Decision& decision);
[[nodiscard]] std::string_view kind_name(market::OrderKind kind);
/// Orders that the decision sends, lit and dark.
[[nodiscard]] std::int64_t children_of(const Decision& decision);

/// desk_orders.
[[nodiscard]] Table orders_table(const std::vector<OrderStory>& orders);
/// desk_calibration, desk_quantile_bins, desk_bias, desk_miss_risk.
[[nodiscard]] std::vector<Table> calibration_tables(const std::vector<OrderStory>& orders);

}  // namespace slipcast::desk::detail
