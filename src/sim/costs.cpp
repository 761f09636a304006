#include "slipcast/sim/costs.hpp"

#include <fmt/format.h>

#include <cmath>

#include "slipcast/core/assert.hpp"

namespace slipcast::sim {

Result<void> LatencyOptions::validate(std::string_view field) const {
    if (minimum < Duration{})
        return invalid_value(fmt::format("{}.minimum", field), to_string(minimum), "must be >= 0s");
    if (mean_extra < Duration{}) {
        return invalid_value(fmt::format("{}.mean_extra", field), to_string(mean_extra), "must be >= 0s");
    }
    return {};
}

Duration latency(const LatencyOptions& options, double u) {
    SLIPCAST_ASSERT(u > 0.0 && u < 1.0, "a latency is drawn from an open uniform");
    const double extra = -std::log(u) * static_cast<double>(options.mean_extra.count());
    return options.minimum + Duration{std::llround(extra)};
}

Result<void> VenueTerms::validate() const {
    if (name.empty()) return invalid_value("venue.name", name, "must not be empty");
    if (!std::isfinite(weight) || weight <= 0.0) {
        return invalid_value("venue.weight", fmt::format("{}", weight), "must be finite and > 0");
    }
    if (!(reject_rate >= 0.0 && reject_rate < 1.0)) {
        return invalid_value("venue.reject_rate", fmt::format("{}", reject_rate), "must be in [0, 1)");
    }
    return {};
}

std::vector<VenueTerms> default_venues() {
    const auto mils = [](std::int64_t tenths) { return PriceMove::from_units(tenths * 100'000); };
    return {{.name = "LIT1", .weight = 0.5, .remove_fee = mils(30), .add_fee = mils(-20), .reject_rate = 0.002},
            {.name = "LIT2", .weight = 0.3, .remove_fee = mils(28), .add_fee = mils(-22), .reject_rate = 0.002},
            {.name = "LIT3", .weight = 0.2, .remove_fee = mils(-2), .add_fee = mils(9), .reject_rate = 0.004}};
}

}  // namespace slipcast::sim
