#include "asof_index.hpp"

#include <algorithm>
#include <bit>

namespace slipcast::tca::detail {

AsofIndex::AsofIndex(std::span<const Timestamp> rows, std::size_t questions) : rows_(rows) {
    constexpr std::size_t kShortest = 16;  // two cache lines
    const std::size_t rows_each = rows.size() / std::max<std::size_t>(questions, 1);
    stretch_ = std::max(kShortest, std::bit_floor(std::max<std::size_t>(rows_each, 1)));
    const std::size_t stretches = rows.size() / stretch_;
    if (stretches == 0) return;
    // At least two buckets a stretch, so that few hold the ends of two.
    const std::uint64_t span = since_first(rows.back());
    while ((span >> shift_) >= 4 * stretches) ++shift_;
    past_.resize((span >> shift_) + 2);
    std::size_t bucket = 0;
    for (std::size_t at = 0; at < stretches; ++at) {
        const std::uint64_t own = since_first(rows[at * stretch_ + stretch_ - 1]) >> shift_;
        for (; bucket <= own; ++bucket) past_[bucket] = static_cast<std::uint32_t>(at);
    }
    for (; bucket < past_.size(); ++bucket) past_[bucket] = static_cast<std::uint32_t>(stretches);
}

std::size_t AsofIndex::rows_before(Timestamp time) const {
    if (rows_.empty() || time <= rows_.front()) return 0;
    if (rows_.back() < time) return rows_.size();
    std::size_t at = 0;
    if (!past_.empty()) {
        const std::uint64_t bucket = since_first(time) >> shift_;
        at = past_[bucket];
        std::size_t undecided = past_[bucket + 1] - at;
        for (; undecided > 1; undecided -= undecided / 2)
            at += is_past(at + undecided / 2 - 1, time) ? undecided / 2 : 0;
        if (undecided > 0 && is_past(at, time)) ++at;
    }
    std::size_t row = at * stretch_;
    if (row + stretch_ > rows_.size()) {
        const auto rest = rows_.subspan(row);
        return row + static_cast<std::size_t>(std::lower_bound(rest.begin(), rest.end(), time) - rest.begin());
    }
    // Branchless halving: the last row of the stretch is known not to be before `time`.
    for (std::size_t half = stretch_ / 2; half > 0; half /= 2) row += rows_[row + half - 1] < time ? half : 0;
    return row;
}

}  // namespace slipcast::tca::detail
