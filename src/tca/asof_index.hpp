#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "slipcast/core/time.hpp"

namespace slipcast::tca::detail {

/// Finds rows of a sorted time column by cutting its span into even buckets: a question looks at one bucket's few rows,
/// whatever was asked before it, so that many are under way at once. Faster than an AsofCursor where the column is in
/// cache, as a row group just decoded is; slower where it comes from memory, which the cursor reads once and in order.
/// Made for about as many questions as are named: with fewer it samples the column more sparsely, and each question
/// halves a longer stretch.
class AsofIndex {
public:
    /// Borrows `rows`, which run forward; `questions` affects only the time it takes.
    AsofIndex(std::span<const Timestamp> rows, std::size_t questions);
    /// The number of rows strictly before `time`.
    [[nodiscard]] std::size_t rows_before(Timestamp time) const;

private:
    [[nodiscard]] std::uint64_t since_first(Timestamp time) const {
        return static_cast<std::uint64_t>(time.ns()) - static_cast<std::uint64_t>(rows_.front().ns());
    }
    /// Whether every row of stretch `at` is before `time`.
    [[nodiscard]] bool is_past(std::size_t at, Timestamp time) const {
        return rows_[at * stretch_ + stretch_ - 1] < time;
    }

    std::span<const Timestamp> rows_;
    std::size_t stretch_ = 16;         ///< rows; a power of two
    unsigned shift_ = 0;               ///< a bucket is 2^shift ns
    std::vector<std::uint32_t> past_;  ///< by bucket: whole stretches that end before it begins; one more for the last
};

}  // namespace slipcast::tca::detail
