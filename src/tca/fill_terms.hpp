#pragma once

#include "blocks.hpp"

namespace slipcast::tca::detail {

/// Fill-level terms of the ratio-of-sums metrics, for groups that cut through orders.
class FillTerms {
public:
    FillTerms(const Context& context, const Records& records);
    /// Fills of included orders, and the rows of their orders.
    [[nodiscard]] const std::vector<std::size_t>& fills() const { return fills_; }
    [[nodiscard]] const std::vector<std::size_t>& order_of_fill() const { return order_of_fill_; }

    [[nodiscard]] RatioOf arrival_cost() const;
    [[nodiscard]] RatioOf half_spread() const;
    [[nodiscard]] RatioOf fees() const;
    [[nodiscard]] RatioOf price_improvement() const;
    /// Fill-anchored, one minute later.
    [[nodiscard]] RatioOf markout_1min() const;
    /// The mark-outs of a fill at every horizon h, absent where it was not seen: at [2 h] s (mid at h - fill price)
    /// over the fill price, at [2 h + 1] s (mid at h - mid before the fill) over that mid.
    void markouts(std::size_t row, std::span<std::optional<RatioTerm>> out) const;

private:
    [[nodiscard]] const market::Fill& fill(std::size_t row) const { return context_.dataset.fills[row]; }
    [[nodiscard]] const market::Order& order(std::size_t row) const {
        return context_.dataset.orders[order_of_fill_[row]];
    }
    [[nodiscard]] std::optional<Price> mid(std::size_t row) const;
    [[nodiscard]] const std::optional<Price>& arrival(std::size_t row) const {
        return records_.orders[order_of_fill_[row]].benchmark(Benchmark::arrival);
    }
    /// s (to - from) x quantity over reference x quantity, in cash.
    [[nodiscard]] std::optional<RatioTerm> term(std::size_t row, Price from, Price to, Price reference) const;

    const Context& context_;
    const Records& records_;
    std::vector<std::size_t> fills_;
    std::vector<std::size_t> order_of_fill_;  ///< by fill row
};

}  // namespace slipcast::tca::detail
