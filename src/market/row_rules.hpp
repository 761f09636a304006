#pragma once

#include <optional>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"

// Rules that one row must keep by itself, table by table. `broken_rule` gives the first rule that the row breaks (it is
// quarantined), `remarks` what is odd about a row that stays.

namespace slipcast::market::detail {

using BrokenRule = std::optional<Error>;

[[nodiscard]] BrokenRule broken_rule(const Instrument& row);
[[nodiscard]] BrokenRule broken_rule(const Session& row);
[[nodiscard]] BrokenRule broken_rule(const Order& row, const Instrument& instrument);
[[nodiscard]] BrokenRule broken_rule(const OrderEvent& row, const Instrument& instrument);
[[nodiscard]] BrokenRule broken_rule(const Placement& row, const Instrument& instrument);
[[nodiscard]] BrokenRule broken_rule(const Fill& row, const Instrument& instrument);
[[nodiscard]] BrokenRule broken_rule(const FillEvent& row, const Instrument& instrument);
[[nodiscard]] BrokenRule broken_rule(const MarketEvent& row);
[[nodiscard]] BrokenRule broken_rule(const FxRate& row);
[[nodiscard]] BrokenRule broken_rule(const CorporateAction& row);

/// Off-tick prices and odd lots; `instrument` is the row of the day.
[[nodiscard]] std::vector<Error> remarks(const Order& row, const Instrument& instrument);
[[nodiscard]] std::vector<Error> remarks(const Placement& row, const Order& order, const Instrument& instrument);
[[nodiscard]] std::vector<Error> remarks(const Fill& row, const Instrument& instrument);

}  // namespace slipcast::market::detail
