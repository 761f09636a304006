#include "slipcast/core/quantity.hpp"

#include "slipcast/core/decimal.hpp"

namespace slipcast {

Result<Quantity> Quantity::parse(std::string_view text, int decimals, std::string_view field) {
    SLIPCAST_TRY(units, parse_decimal(text, decimals, field));
    return from_units(units);
}

double Quantity::to_double(int decimals) const {
    return static_cast<double>(units_) / static_cast<double>(power_of_ten(decimals));
}

std::string Quantity::to_string(int decimals) const {
    return format_decimal(units_, decimals);
}

}  // namespace slipcast
