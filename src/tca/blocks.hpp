#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "slipcast/math/resample.hpp"

namespace slipcast::tca::detail {

/// At least this many symbol-days, and they are the blocks; below, symbol-hours, which sit within a day.
inline constexpr std::size_t kMinSymbolDays = 20;

/// One row's share of a ratio of sums; absent when the row cannot say.
struct RatioTerm {
    double numerator = 0.0;
    double denominator = 0.0;
};
using RatioOf = std::function<std::optional<RatioTerm>(std::size_t item)>;

/// A ratio of sums over items with its interval.
struct Aggregate {
    math::RatioInterval interval;
    std::int64_t count = 0;       ///< items that had a say
    std::string_view block_kind;  ///< "symbol-day", or "symbol-hour (within-day)"
};

/// When an order's path began: its arrival, else its decision, else its first fill.
[[nodiscard]] std::optional<Timestamp> block_time(const market::Order& order, const OrderRecord& record);
/// The date of the session that holds `time`, else its UTC date.
[[nodiscard]] Date trading_day(const market::Dataset& dataset, LabelId market, Timestamp time);

/// How many groups are looked at together, and how sure one wants to be that none is told apart by chance.
struct Comparison {
    double confidence = 0.95;
    std::size_t groups = 1;
};
/// Whether a group's cost differs from that of all, when several are looked at together. Bonferroni: of groups that are
/// all alike, any is called separable with probability at most 1 - confidence. The interval is widened about its
/// estimate as a normal one would be, because resamples cannot reach far into the tails. Missing without an interval.
[[nodiscard]] std::optional<bool> separable(const math::RatioInterval& own, const std::optional<double>& overall,
                                            const Comparison& comparison);

/// Sums of several metrics by block over one group of items, which `Blocks` turns into ratios with intervals.
struct BlockSums {
    std::vector<std::uint32_t> block_of;  ///< by item
    bool by_day = false;
    std::vector<std::vector<double>> numerators, denominators;  ///< by metric, then block
    std::vector<std::int64_t> counts;                           ///< by metric

    void add(std::size_t metric, std::size_t item, const RatioTerm& term) {
        numerators[metric][block_of[item]] += term.numerator;
        denominators[metric][block_of[item]] += term.denominator;
        ++counts[metric];
    }
};

/// Orders of one symbol and day (or hour) share a path: they are drawn together.
class Blocks {
public:
    Blocks(const Context& context, const Records& records);
    /// Blocks of rows that say their symbol, day and hour themselves.
    struct Key {
        std::int64_t day = 0;   ///< of symbol and day
        std::int64_t hour = 0;  ///< of symbol and hour
    };
    Blocks(std::vector<Key> keys, const math::ResampleOptions& resample)
        : resample_(resample), keys_(std::move(keys)) {}
    /// The ratio of sums of each metric over `items`, whose orders stand in `orders` (parallel): from the same
    /// resampled blocks, so parts that add up do so in their intervals.
    [[nodiscard]] std::vector<Aggregate> aggregates(std::span<const std::size_t> items,
                                                    std::span<const std::size_t> orders,
                                                    std::span<const RatioOf> metrics) const;
    /// The same in steps, for those who find the terms of many groups at once: the sums of a group, still empty, whose
    /// items' orders stand in `orders`, and what follows from them once every term was added.
    [[nodiscard]] BlockSums empty_sums(std::span<const std::size_t> orders, std::size_t metrics) const;
    [[nodiscard]] std::vector<Aggregate> aggregates(const BlockSums& sums) const;

private:
    math::ResampleOptions resample_;
    std::vector<Key> keys_;  ///< parallel to the orders
};

}  // namespace slipcast::tca::detail
