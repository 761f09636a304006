#pragma once

#include <span>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::venue {

/// What fills at one venue were worth, in bps of traded value: means over fills, as TCA measures them
/// (measured_economics.hpp reads them there). A positive mark-out helps.
struct VenueEconomics {
    std::string venue;
    double spread_saved = 0.0;       ///< half the quoted spread less what was paid of it; >= 0 inside the spread
    double rebate = 0.0;             ///< received
    double fee = 0.0;                ///< paid
    double markout = 0.0;            ///< mean move of the mid after the fill, in the direction traded; no spread in it
    double markout_std_error = 0.0;  ///< of that mean, >= 0
};

/// The worth of a filled lot at each venue, in bps, in the order given.
struct VenueValues {
    std::vector<double> value;    ///< spread_saved + rebate - fee + markout, the last one shrunk
    std::vector<double> markout;  ///< shrunk: mean of all + weight x (own - mean of all)
    double spread_between = 0.0;  ///< standard deviation of true mark-outs between venues, estimated
};

/// Mark-outs of single venues are noisy and the split would chase the noise, so each is drawn towards the mean of all
/// by the share of its variance that is noise: weight = between / (between + std_error^2), with the variance between
/// venues by the method of moments (DerSimonian and Laird 1986, "Meta-analysis in clinical trials"). One venue, or no
/// more spread than the errors explain: all take the common mean. Standard errors of 0 are taken as exact. Refused: no
/// venue, non-finite numbers, negative fees, rebates or errors, by row.
[[nodiscard]] Result<VenueValues> venue_values(std::span<const VenueEconomics> venues);

/// The same as a table: a row a venue with its mark-out as measured and shrunk, and the value of a lot. `made` is of
/// these `venues` (asserted).
[[nodiscard]] Table values_table(std::span<const VenueEconomics> venues, const VenueValues& made);

}  // namespace slipcast::venue
