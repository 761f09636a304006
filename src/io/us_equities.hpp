#pragma once

#include <set>
#include <string>

#include "local_time.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::io::detail {

/// A US stock as of a day: dollars, tick 0.01, lot 100. Its sources say no more.
[[nodiscard]] Result<market::Instrument> us_stock(market::Names& names, const std::string& symbol, LabelId market,
                                                  Date as_of);

/// Sets the sessions of `dates` in the calendar of US exchanges, which share it; a date without one is quarantined.
Result<void> add_us_sessions(const std::set<Date>& dates, const LocalZone& new_york, LabelId market,
                             market::Dataset& dataset);

/// The instant of midnight on the wall clock of `date`, counted back from noon: clocks change on Sundays at 02:00, when
/// nothing trades, so a day's offset is the one it has at noon.
[[nodiscard]] Result<Timestamp> trading_midnight(const LocalZone& zone, Date date);

}  // namespace slipcast::io::detail
