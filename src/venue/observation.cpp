#include "slipcast/venue/observation.hpp"

#include <fmt/format.h>

namespace slipcast::venue {
namespace {

Error refused(const char* field, std::int64_t value, const char* rule, std::int64_t row) {
    Error error = invalid_value(field, fmt::format("{}", value), rule);
    error.place.row = row;
    return error;
}

}  // namespace

Result<void> Observation::validate(std::int64_t row) const {
    if (sent <= 0) return refused("sent", sent, "must be > 0", row);
    if (filled < 0) return refused("filled", filled, "must be >= 0", row);
    if (filled > sent) return refused("filled", filled, "must not exceed what was sent", row);
    if (min_quantity < 1) return refused("min_quantity", min_quantity, "must be >= 1", row);
    if (min_quantity > sent) return refused("min_quantity", min_quantity, "must not exceed what was sent", row);
    if (filled > 0 && filled < min_quantity) {
        return refused("filled", filled, "must be zero or at least min_quantity", row);
    }
    return {};
}

}  // namespace slipcast::venue
