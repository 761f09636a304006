#pragma once

#include <vector>

#include "blocks.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca::detail {

/// Order-level terms of the ratio-of-sums metrics; each is absent where the order cannot say.
class OrderTerms {
public:
    OrderTerms(const Context& context, const Records& records) : context_(context), records_(records) {}
    [[nodiscard]] RatioOf slippage_against(Benchmark benchmark) const;
    /// A part of the ledger over the paper notional, for orders whose total is known; a part that the order cannot have
    /// (delay without a decision price) is zero there.
    [[nodiscard]] RatioOf ledger_part(std::optional<Money> (*part)(const Shortfall&)) const;
    [[nodiscard]] RatioOf cash_over(Money OrderRecord::* part, Money OrderRecord::* whole) const;
    /// Mean of a per-order number, weighted with the executed notional.
    [[nodiscard]] RatioOf notional_weighted(std::optional<double> OrderRecord::* field) const;
    [[nodiscard]] RatioOf fees() const;
    [[nodiscard]] RatioOf half_spread() const;
    /// Filled by the deadline over ordered, both at the arrival price.
    [[nodiscard]] RatioOf completion() const;
    /// Filled over sent quantity of placements, in units as in the tables of groups.
    [[nodiscard]] RatioOf fill_rate() const;

private:
    const OrderRecord& record(std::size_t row) const { return records_.orders[row]; }
    const market::Order& order(std::size_t row) const { return context_.dataset.orders[row]; }
    const market::Instrument& instrument(std::size_t row) const {
        return context_.dataset.instrument(order(row).instrument);
    }
    const Context& context_;
    const Records& records_;
};

/// Rows of the orders that pass the filters.
[[nodiscard]] std::vector<std::size_t> included_orders(const Records& records);

/// Headline metrics with intervals.
[[nodiscard]] Table summary_table(const Context& context, const Records& records, const Blocks& blocks);
/// The waterfall: every part in cash and bps on both bases.
[[nodiscard]] Table shortfall_table(const Context& context, const Records& records, const Blocks& blocks);
/// Arrival cost by log-size bin.
[[nodiscard]] Table size_bins_table(const Context& context, const Records& records, const Blocks& blocks);
[[nodiscard]] Table baskets_table(const Context& context, const Records& records);
/// Mark-outs by horizon: all fills, and by venue, broker and liquidity.
[[nodiscard]] Table markout_curves_table(const Context& context, const Records& records, const Blocks& blocks);
/// brokers, venues, symbols, algos.
[[nodiscard]] std::vector<Table> group_tables(const Context& context, const Records& records, const Blocks& blocks);

}  // namespace slipcast::tca::detail
