#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "slipcast/core/price.hpp"

namespace slipcast::tca::detail {

/// Running volume below and above each of a few prices, in logarithmic time a print and a question: a tree of partial
/// sums (Fenwick 1994) over the gaps between the prices and the prices themselves.
class VolumeByPrice {
public:
    /// prices: sorted, distinct.
    explicit VolumeByPrice(std::span<const Price> prices) : prices_(prices), sums_(2 * prices.size() + 2) {}
    void add(Price price, std::int64_t size) {
        if (prices_.empty()) return;
        total_ += size;
        for (std::size_t i = slot(price) + 1; i < sums_.size(); i += i & (~i + 1)) sums_[i] += size;
    }
    [[nodiscard]] std::int64_t below(std::size_t price) const { return sum_before(2 * price + 1); }
    [[nodiscard]] std::int64_t above(std::size_t price) const { return total_ - sum_before(2 * price + 2); }

private:
    /// Slot 2 k + 1 is price k itself, slot 2 k the gap below it.
    [[nodiscard]] std::size_t slot(Price price) const {
        const auto found = std::lower_bound(prices_.begin(), prices_.end(), price);
        const auto rank = static_cast<std::size_t>(found - prices_.begin());
        return 2 * rank + (found != prices_.end() && *found == price ? 1 : 0);
    }
    [[nodiscard]] std::int64_t sum_before(std::size_t slots) const {
        std::int64_t sum = 0;
        for (std::size_t i = slots; i > 0; i -= i & (~i + 1)) sum += sums_[i];
        return sum;
    }

    std::span<const Price> prices_;
    std::vector<std::int64_t> sums_;  ///< 1-based
    std::int64_t total_ = 0;
};

}  // namespace slipcast::tca::detail
