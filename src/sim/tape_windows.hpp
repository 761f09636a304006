#pragma once

#include <functional>
#include <optional>

#include "slipcast/market/dataset.hpp"

namespace slipcast::sim {

/// Calls `visit` with the slices of `instrument` in `range`, one `step` after the other; stops when it returns false.
Result<void> for_each_window(const market::TapeSource& tape, InstrumentId instrument, TimeRange range, Duration step,
                             const std::function<bool(const market::TapeSlice&)>& visit);

/// Market volume printed in `range`, in whole units (flag in_volume).
[[nodiscard]] Result<double> printed_volume(const market::Dataset& market, InstrumentId instrument, TimeRange range);

/// Whether a print with these flags can have met an order in the lit book: not off exchange, hidden, an auction or
/// late.
[[nodiscard]] bool is_lit_print(market::TradeFlags flags);

/// The sessions that trade `instrument`: its market's, or the whole extent of its tape when the calendar has none.
[[nodiscard]] std::vector<market::Session> sessions_of(const market::Dataset& market, InstrumentId instrument);

/// Mean printed volume of the sessions, or nullopt when none printed.
[[nodiscard]] Result<std::optional<double>> mean_session_volume(const market::Dataset& market, InstrumentId instrument);

}  // namespace slipcast::sim
