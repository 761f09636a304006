#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/side.hpp"

namespace slipcast::market {

/// Most levels of a side that a tape may show.
inline constexpr std::size_t kMaxLevels = 1000;

/// One price of one side of a book and what is displayed there. An absent level has price 0 and size 0.
struct BookLevel {
    Price price;
    Quantity size;
    [[nodiscard]] constexpr bool is_there() const { return size > Quantity{}; }
    friend constexpr bool operator==(const BookLevel&, const BookLevel&) = default;
};

/// One level behind the touch as parallel columns, as long as the quotes they belong to. Views, like QuoteColumns.
struct DepthColumns {
    std::span<const Price> bid, ask;
    std::span<const Quantity> bid_size, ask_size;
};

/// Columns of one level that own their bytes.
struct DepthTable {
    std::vector<Price> bid, ask;
    std::vector<Quantity> bid_size, ask_size;
    [[nodiscard]] DepthColumns view() const { return {bid, ask, bid_size, ask_size}; }
    void push(const BookLevel& b, const BookLevel& a) {
        bid.push_back(b.price);
        ask.push_back(a.price);
        bid_size.push_back(b.size);
        ask_size.push_back(a.size);
    }
};

/// The contract's name of a level's column: "bid", "ask_size", "bid_2", "ask_size_5". level >= 1, 1 being the touch.
[[nodiscard]] std::string level_column(Side side, bool is_size, std::size_t level);
/// The level (>= 2) that a column name speaks of, or nothing when it is no depth column of at most kMaxLevels.
[[nodiscard]] std::optional<std::size_t> depth_level(std::string_view column);

/// The first rule that a side's `levels` break, the touch first, naming the contract's column; nothing when they are
/// sound. Behind the touch a level has a positive price and size or is absent; none stands behind an absent one; each
/// is strictly worse than the one before, so no level crosses unless the touch does. `any_price` allows prices at and
/// below zero (spread contracts). The touch itself is judged elsewhere.
[[nodiscard]] std::optional<Error> broken_levels(Side side, std::span<const BookLevel> levels, bool any_price);

}  // namespace slipcast::market
