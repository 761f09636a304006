#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/desk/records.hpp"

namespace slipcast::desk::detail {

/// How the forecasts of champion and challenger fared, parent by parent.
class Scores {
public:
    void add(const Outcome& outcome, const Lesson& lesson);
    /// desk_scores.
    [[nodiscard]] Table table() const;
    /// desk_scorecards.
    [[nodiscard]] Table cards() const;

private:
    struct Row {
        Timestamp time;
        std::uint64_t order = 0;
        double cost_bps = 0.0;
        std::string_view role{};
        ModelScore score{};
    };
    std::vector<Row> rows_;
};

}  // namespace slipcast::desk::detail
