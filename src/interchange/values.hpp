#pragma once

#include <string>
#include <string_view>

#include "column_view.hpp"
#include "slipcast/core/money.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/time.hpp"

// From cells to the engine's types: exactly, or refused with field, value and rule. A cell is not null here.

namespace slipcast::interchange::detail {

/// Integer nanoseconds, a timestamp with a zone (an instant in UTC), or text with a zone.
[[nodiscard]] Result<Timestamp> to_time(const Cell& cell, std::string_view field);
/// A date, ISO text, or a timestamp without a zone at midnight.
[[nodiscard]] Result<Date> to_date(const Cell& cell, std::string_view field);
/// A duration, integer nanoseconds, or text with a unit.
[[nodiscard]] Result<Duration> to_duration(const Cell& cell, std::string_view field);
/// The integer n with n x 10^-decimals equal to the cell. An integer cell is n itself.
[[nodiscard]] Result<std::int64_t> to_units(const Cell& cell, int decimals, std::string_view field);
[[nodiscard]] Result<Price> to_price(const Cell& cell, std::string_view field);
/// The same of a tick size, a rate or a ratio. Refused as well: whole numbers below 1,000 units (1e-6) of a column that
/// names no unit, which must be meant as they stand.
[[nodiscard]] Result<Price> to_fixed_point(const Cell& cell, std::string_view field);
/// A decimal, float (that round-trips) or text amount at 1e-18. An integer is refused: its scale would be a guess.
[[nodiscard]] Result<Int128> to_money_units(const Cell& cell, std::string_view field);
/// The number as decimal text, integers as whole numbers.
[[nodiscard]] Result<std::string> to_decimal_text(const Cell& cell, std::string_view field);
[[nodiscard]] Result<std::int64_t> to_whole_number(const Cell& cell, std::string_view field);
/// Model world: any number, finite.
[[nodiscard]] Result<double> to_real(const Cell& cell, std::string_view field);
/// true, false, 1, 0.
[[nodiscard]] Result<bool> to_bool(const Cell& cell, std::string_view field);
/// Text in UTF-8 or a whole number (ids are often numbers).
[[nodiscard]] Result<std::string> to_label(const Cell& cell, std::string_view field);
/// +1, -1 or what parse_side takes.
[[nodiscard]] Result<Side> to_side(const Cell& cell, std::string_view field);
[[nodiscard]] Result<Currency> to_currency(const Cell& cell, std::string_view field);

/// The cell as people read it, for refusals.
[[nodiscard]] std::string shown(const Cell& cell);

}  // namespace slipcast::interchange::detail
