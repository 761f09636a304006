#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "slipcast/venue/allocate.hpp"

namespace slipcast::test {

/// The greedy split as published (Ganchev et al. 2010, Fig. 1): each lot in turn goes where it adds most, kept in a
/// heap; of equal ones to the first venue. O(V log K).
inline std::vector<std::int64_t> greedy_split(const venue::Allocator& allocator, std::int64_t volume) {
    std::vector<std::int64_t> quantity(allocator.venues().size(), 0);
    using Entry = std::pair<double, std::int64_t>;  // marginal value, minus the venue
    std::priority_queue<Entry> heap;
    const auto push = [&](std::size_t venue) {
        heap.emplace(allocator.marginal(venue, quantity[venue] + 1), -static_cast<std::int64_t>(venue));
    };
    for (std::size_t i = 0; i < quantity.size(); ++i) push(i);
    for (std::int64_t lot = 0; lot < volume; ++lot) {
        const auto venue = static_cast<std::size_t>(-heap.top().second);
        heap.pop();
        ++quantity[venue];
        push(venue);
    }
    return quantity;
}

/// Calls `visit` with every way to split `volume` lots over `venues`.
inline void for_each_split(std::size_t venues, std::int64_t volume,
                           const std::function<void(const std::vector<std::int64_t>&)>& visit) {
    std::vector<std::int64_t> quantity(venues, 0);
    const std::function<void(std::size_t, std::int64_t)> fill = [&](std::size_t venue, std::int64_t left) {
        if (venue + 1 == venues) {
            quantity[venue] = left;
            visit(quantity);
            return;
        }
        for (std::int64_t lots = 0; lots <= left; ++lots) {
            quantity[venue] = lots;
            fill(venue + 1, left - lots);
        }
    };
    fill(0, volume);
}

}  // namespace slipcast::test
