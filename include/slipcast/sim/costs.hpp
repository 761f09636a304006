#pragma once

#include <string>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::sim {

/// Delay of one message: `minimum` plus an exponential of mean `mean_extra`.
struct LatencyOptions {
    Duration minimum = std::chrono::microseconds{200};
    Duration mean_extra = std::chrono::microseconds{300};
    [[nodiscard]] Result<void> validate(std::string_view field) const;
};
/// The delay for one uniform draw u in (0, 1): minimum - mean_extra ln(u).
[[nodiscard]] Duration latency(const LatencyOptions& options, double u);

/// What a venue charges per unit of quantity, in price terms (0.003 USD a share); a rebate is negative.
struct VenueTerms {
    std::string name;
    double weight = 1.0;  ///< share of placements routed there, > 0
    PriceMove remove_fee{};
    PriceMove add_fee{};
    double reject_rate = 0.0;  ///< probability that a placement is refused on arrival, in [0, 1)
    [[nodiscard]] Result<void> validate() const;
};

/// Three lit venues with a US maker-taker schedule: the default of a replay, declared in its provenance.
[[nodiscard]] std::vector<VenueTerms> default_venues();

}  // namespace slipcast::sim
