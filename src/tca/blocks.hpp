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

/// Orders of one symbol and day (or hour) share a path: they are drawn together.
class Blocks {
public:
    Blocks(const Context& context, const Records& records);
    /// The ratio of sums of each metric over `items`, whose orders stand in `orders` (parallel): from the same
    /// resampled blocks, so parts that add up do so in their intervals.
    [[nodiscard]] std::vector<Aggregate> aggregates(std::span<const std::size_t> items,
                                                    std::span<const std::size_t> orders,
                                                    std::span<const RatioOf> metrics) const;

private:
    struct Key {
        std::int64_t day = 0;
        std::int64_t hour = 0;
    };
    math::ResampleOptions resample_;
    std::vector<Key> keys_;  ///< parallel to the orders
};

}  // namespace slipcast::tca::detail
