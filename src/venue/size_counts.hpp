#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace slipcast::venue::detail {

struct SizeCount {
    std::int64_t size = 0;
    std::int64_t count = 0;
};

/// How often each size >= 0 occurs. Sizes that are not much larger than their number are counted in place, one counter
/// a size; others are sorted.
class SizeCounter {
public:
    /// For about `expected` sizes of at most `largest`.
    SizeCounter(std::int64_t largest, std::size_t expected)
        : is_dense_(largest <= kFewSizes + 4 * static_cast<std::int64_t>(expected)) {
        if (is_dense_) counters_.resize(static_cast<std::size_t>(largest) + 1);
    }

    void add(std::int64_t size) {
        if (size == 0) {
            ++zeros_;  // most routes miss
        } else if (is_dense_) {
            ++counters_[static_cast<std::size_t>(size)];
        } else {
            sizes_.push_back(size);
        }
    }

    /// The distinct sizes, ascending.
    [[nodiscard]] std::vector<SizeCount> counts() {
        std::vector<SizeCount> counts;
        if (zeros_ > 0) counts.push_back({0, zeros_});
        for (std::size_t size = 1; size < counters_.size(); ++size) {
            if (counters_[size] > 0) counts.push_back({static_cast<std::int64_t>(size), counters_[size]});
        }
        std::sort(sizes_.begin(), sizes_.end());
        for (const std::int64_t size : sizes_) {
            if (counts.empty() || counts.back().size != size) counts.push_back({size, 0});
            ++counts.back().count;
        }
        return counts;
    }

private:
    static constexpr std::int64_t kFewSizes = 1 << 12;

    bool is_dense_;
    std::int64_t zeros_ = 0;
    std::vector<std::int64_t> counters_;
    std::vector<std::int64_t> sizes_;
};

}  // namespace slipcast::venue::detail
