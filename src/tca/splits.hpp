#pragma once

#include <optional>
#include <vector>

#include "slipcast/market/dataset.hpp"

namespace slipcast::tca::detail {

/// The declared splits of one instrument: prices on two sides of one are prices of different shares.
class Splits {
public:
    Splits() = default;
    Splits(const market::Dataset& dataset, InstrumentId instrument);

    /// Whether a split took effect after `before` and not after `after`.
    [[nodiscard]] bool lie_between(Timestamp before, Timestamp after) const;
    /// False where either instant is not known.
    [[nodiscard]] bool lie_between(const std::optional<Timestamp>& before, const std::optional<Timestamp>& after) const;
    /// A price of a share at `before` as a price of what that share is at `after`: divided by each ratio between them,
    /// rounded half to even at 1e-9.
    [[nodiscard]] Price carried(Price price, Timestamp before, Timestamp after) const;

private:
    std::vector<market::CorporateAction> splits_;  ///< by ex_time
};

}  // namespace slipcast::tca::detail
