#pragma once

#include <optional>
#include <span>
#include <vector>

#include "level.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/market/depth.hpp"

namespace slipcast::sim {

/// One side of the book, best first: the touch, and the levels behind it where the tape has them. What is gone from a
/// price stays gone while the price stands, whichever level it is.
class BookSide {
public:
    explicit BookSide(Side side) : side_(side) {}

    /// The tape shows the side: `touch` (price 0 = absent) and the levels behind it.
    void show(const market::BookLevel& touch, std::span<const market::BookLevel> behind);
    /// A print at `price` takes from the level of that price, or from the last one better than it.
    void print(Price price, Quantity size);

    [[nodiscard]] const Level& touch() const { return levels_.front(); }
    [[nodiscard]] std::span<const Level> levels() const { return levels_; }
    /// The levels as they were before the last `show`.
    [[nodiscard]] std::span<const Level> before() const { return before_; }
    [[nodiscard]] std::span<Level> levels() { return levels_; }
    /// The last `show` brought a new price or another displayed size.
    [[nodiscard]] bool has_changed() const;
    /// A level can still give something.
    [[nodiscard]] bool has_left() const;
    /// Something stands at a price strictly worse than `price`, or nothing at all: nobody can be at `price` unseen.
    [[nodiscard]] bool shows_beyond(Price price) const;

private:
    Side side_;
    std::vector<Level> levels_ = std::vector<Level>(1);  ///< never empty: an absent touch has price 0
    std::vector<Level> before_ = std::vector<Level>(1);
};

/// The level of `levels` at `price`, or null.
[[nodiscard]] const Level* find_level(std::span<const Level> levels, Price price);

}  // namespace slipcast::sim
