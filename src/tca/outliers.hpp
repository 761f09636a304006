#pragma once

#include "context.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::tca::detail {

/// Scores how far each order's arrival cost, and each fill's price against the mid before it, lies from the middle of
/// its symbol:
///   score = (x - median) / max(1.4826 MAD, one tick)     [x in bps; median and MAD over the symbol's included rows]
/// the modified z-score of Iglewicz and Hoaglin (1993) with a tick as its least deviation: prices move in ticks, and
/// where most costs are equal the MAD is zero. No score without a cost or with fewer than ten in the symbol.
void score_outliers(const Context& context, Records& records);
/// Adds how many orders and fills score beyond the option's limit, with the farthest as example.
void note_outliers(const Context& context, const Records& records, market::QualityReport& quality);

[[nodiscard]] inline bool is_outlier(const std::optional<double>& score, const MeasureOptions& options) {
    return score && (*score > options.outlier_score || *score < -options.outlier_score);
}

}  // namespace slipcast::tca::detail
