#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/cost/options.hpp"

namespace slipcast::cost::detail {

/// What one row of a table says of the cost. A partly filled order may say two things.
struct Outcome {
    std::size_t row = 0;  ///< of the table
    double target = 0.0;
    double weight = 1.0;
    bool censored = false;  ///< the cost is above `target`
};

/// What finished orders say, in the order of the table.
struct Outcomes {
    std::vector<Outcome> costs;
    std::vector<std::int8_t> completed;  ///< by row: 1 finished by the deadline, 0 missed it, -1 unknown or cancelled
    bool has_completion = false;
    std::vector<std::int64_t> decided;   ///< ns; empty without that column
    std::vector<std::int64_t> finished;  ///< ns, never before `decided`; empty without that column
    std::int64_t whole = 0;
    std::int64_t filled_parts = 0;
    std::int64_t censored = 0;
    std::int64_t cancelled_rests = 0;
    std::map<std::string, std::int64_t> left_out;
};

/// Reads costs, weights, censoring and completion as the options say. A rest that the market or the deadline left
/// unfilled costs more than the far touch at the end: the mid then (end_price) plus half the spread quoted at the
/// decision. Weights of an order's rows sum to its weight, except where a discretionary cancel takes the rest away.
[[nodiscard]] Result<Outcomes> read_outcomes(const Table& table, const FitOptions& options);

}  // namespace slipcast::cost::detail
