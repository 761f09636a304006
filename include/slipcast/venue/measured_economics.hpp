#pragma once

#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/economics.hpp"

namespace slipcast::venue {

/// What a measurement says of the worth of fills, by venue.
struct MeasuredEconomics {
    std::vector<VenueEconomics> venues;  ///< in order of their names
    std::vector<std::string> left_out;   ///< a sentence for each venue that says too little
};

/// Reads the economics of each venue from the tables `fills` and `markouts` of a measurement (docs/reference/tables.md)
/// at one horizon after the fill, such as "1min" or "50trades". All are means over fills weighted by traded value, of
/// fills with a mid before them and at the horizon:
///   spread_saved = (quoted_spread_bps - effective_spread_bps) / 2, what the far touch would have cost more
///   rebate - fee = - fee_cash / (price x quantity), in bps
///   markout      = mid_anchored_bps, the move of the mid after the fill in the direction traded
/// so that no part of the spread counts twice. The error of the mark-out takes fills of one symbol and day as one
/// observation, or of one symbol and hour (UTC) where a venue has fewer than 20 such days, because they share a path:
///   SE^2 = B/(B-1) sum_blocks (sum w (m - mean))^2 / (sum w)^2
/// A venue with fewer than two blocks is left out. Refused: a column that is missing, a horizon that the table does not
/// have (the nearest is named) or that lies before the fill, no venue left.
/// Source: Huang and Stoll 1996 for the parts; the error is the cluster-robust one of a ratio.
[[nodiscard]] Result<MeasuredEconomics> measured_economics(const Table& fills, const Table& markouts,
                                                           const std::string& horizon);

}  // namespace slipcast::venue
