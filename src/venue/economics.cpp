#include "slipcast/venue/economics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::venue {
namespace {

Result<void> valid(const VenueEconomics& venue, std::int64_t row) {
    const auto check = [row](const char* field, double value, bool is_signed) -> Result<void> {
        if (std::isfinite(value) && (is_signed || value >= 0.0)) return {};
        Error error =
            invalid_value(field, fmt::format("{}", value), is_signed ? "must be finite" : "must be finite and >= 0");
        error.place.row = row;
        return error;
    };
    SLIPCAST_CHECK(check("spread_saved", venue.spread_saved, true));
    SLIPCAST_CHECK(check("rebate", venue.rebate, false));
    SLIPCAST_CHECK(check("fee", venue.fee, false));
    SLIPCAST_CHECK(check("markout", venue.markout, true));
    return check("markout_std_error", venue.markout_std_error, false);
}

/// Exact means (standard error 0) get the weight of a very small error, so that nothing is divided by zero.
double precision(const VenueEconomics& venue) {
    constexpr double kSmallest = 1e-9;
    const double error = std::max(venue.markout_std_error, kSmallest);
    return 1.0 / (error * error);
}

}  // namespace

Result<VenueValues> venue_values(std::span<const VenueEconomics> venues) {
    if (venues.empty()) return invalid_value("venues", "0", "must be at least one");
    double weight = 0.0;
    double squared = 0.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < venues.size(); ++i) {
        SLIPCAST_CHECK(valid(venues[i], static_cast<std::int64_t>(i) + 1));
        const double w = precision(venues[i]);
        weight += w;
        squared += w * w;
        sum += w * venues[i].markout;
    }
    const double fixed_mean = sum / weight;
    double scatter = 0.0;
    for (const VenueEconomics& venue : venues) {
        scatter += precision(venue) * (venue.markout - fixed_mean) * (venue.markout - fixed_mean);
    }
    const double freedom = static_cast<double>(venues.size()) - 1.0;
    const double scale = weight - squared / weight;
    const double between = scale > 0.0 ? std::max(0.0, (scatter - freedom) / scale) : 0.0;
    double total = 0.0;
    double mean = 0.0;
    for (const VenueEconomics& venue : venues) {
        const double w = 1.0 / (between + 1.0 / precision(venue));
        total += w;
        mean += w * venue.markout;
    }
    mean /= total;
    VenueValues made;
    made.spread_between = std::sqrt(between);
    for (const VenueEconomics& venue : venues) {
        const double own = between / (between + 1.0 / precision(venue));
        made.markout.push_back(mean + own * (venue.markout - mean));
        made.value.push_back(venue.spread_saved + venue.rebate - venue.fee + made.markout.back());
    }
    return made;
}

Table values_table(std::span<const VenueEconomics> venues, const VenueValues& made) {
    SLIPCAST_ASSERT(venues.size() == made.value.size(), "values of these venues");
    return TableBuilder("values", venues.size())
        .add(plain("venue", "Venue"), of(venues, &VenueEconomics::venue))
        .add(plain("markout", "As measured; positive helps", "bps"), of(venues, known(&VenueEconomics::markout)))
        .add(plain("markout_std_error", "Of that mean", "bps"), of(venues, known(&VenueEconomics::markout_std_error)))
        .add(plain("markout_shrunk", "Drawn towards the mean of all by its share of noise", "bps"), known(made.markout))
        .add(plain("value", "Spread saved + rebate - fee + shrunk mark-out: worth of a filled lot", "bps"),
             known(made.value))
        .take();
}

}  // namespace slipcast::venue
