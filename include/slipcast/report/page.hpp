#pragma once

#include <cstdint>
#include <string>

#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/tca/measure.hpp"

namespace slipcast::report {

struct PageOptions {
    std::string title = "Execution cost";
    std::int64_t execution_charts = 200;  ///< at most so many of the worst orders drawn, in [0, 200]
};

/// One self-contained HTML page of a measurement: data quality first, headline with intervals, shortfall waterfall,
/// size bins, mark-out curves, venue and broker tables, worst orders each with its execution chart (read from the
/// dataset's tape). Loads nothing from a network; the same inputs give the same bytes. Numbers on the page are the
/// tables' own.
[[nodiscard]] Result<std::string> page(const tca::Measurement& measurement, const market::Dataset& dataset,
                                       const PageOptions& options = {});

}  // namespace slipcast::report
