#pragma once

#include "json.hpp"
#include "masthead.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/report/page.hpp"
#include "slipcast/tca/measure.hpp"

namespace slipcast::report {

// Each function makes one part of the page's payload from the result tables; report/web/src/payload.ts is the other
// side of this contract. A part whose table is absent is empty or null, and the page leaves its section out.

/// Currency of the measurement's cash, from the orders table; empty when unknown.
[[nodiscard]] std::string currency(const tca::Measurement& measurement);
/// What a reader must know before the first number: what was measured, its data, assumptions and digests.
[[nodiscard]] Masthead cost_masthead(const tca::Measurement& measurement, const market::Dataset& dataset,
                                     const PageOptions& options);
/// Row counts, broken rules with their first example, degradations.
[[nodiscard]] Json quality_json(const tca::Measurement& measurement);
/// Table `summary`, row by row.
[[nodiscard]] Json headline_json(const tca::Measurement& measurement);
/// Table `shortfall`: one waterfall per basis; cash of one basis has the digits that show it exactly.
[[nodiscard]] Json shortfall_json(const tca::Measurement& measurement);
/// Table `size_bins` and the orders behind it as points.
[[nodiscard]] Json size_json(const tca::Measurement& measurement);
/// Histogram and quantiles of the orders' arrival cost, by count and by notional.
[[nodiscard]] Json distribution_json(const tca::Measurement& measurement);
/// Table `markout_curves`, one entry per clock and group.
[[nodiscard]] Json markouts_json(const tca::Measurement& measurement);
/// Tables `venues`, `brokers`, `algos`, `symbols`.
[[nodiscard]] Json groups_json(const tca::Measurement& measurement);
/// The worst orders: list, facts, and execution charts of the first `options.execution_charts` of them.
[[nodiscard]] Result<Json> orders_json(const tca::Measurement& measurement, const market::Dataset& dataset,
                                       const PageOptions& options);

}  // namespace slipcast::report
