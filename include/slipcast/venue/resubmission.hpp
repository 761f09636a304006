#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/liquidity.hpp"

namespace slipcast::venue {

struct ResubmissionOptions {
    double share = 0.5;  ///< of the order: done when more than this is filled, in (0, 1)
    int levels = 64;     ///< steps of progress that the plan tells apart, in 4..512

    [[nodiscard]] Settings settings();
};

/// How to split what is left of an order, round after round, so that more than a share of it is done in the fewest
/// expected rounds (the order's half-life at share one half). Every round the remainder is sent again and liquidity is
/// drawn afresh. The split of largest expected fill is not best for that: fills beyond the target are worth nothing and
/// a round without any fill costs a whole round, so it pays to spread. With J(d) the expected rounds from d lots done,
///   J(d) = min over splits v of 1 + E[J(d + sum of min(S_i, v_i))],   J = 0 beyond the target,
/// solved from the target down on a grid of progress; at each level the split is found by moving lots between pairs of
/// venues, from the greedy and the equal split, as long as that helps. So the plan is at least as good as always
/// splitting greedily, on its grid; it is a local optimum, not proven the global one.
class ResubmissionPlan {
public:
    /// Refused: no venue, volume outside 1..2^40, options out of range, venues that can never fill anything.
    [[nodiscard]] static Result<ResubmissionPlan> create(std::int64_t volume, std::vector<Liquidity> venues,
                                                         ResubmissionOptions options = {});

    /// Lots for each venue once `done` lots are filled (0 <= done < volume, asserted), adding up to volume - done.
    [[nodiscard]] std::vector<std::int64_t> quantity(std::int64_t done) const;
    /// J(0) on the grid.
    [[nodiscard]] double expected_rounds() const { return planned_.front(); }
    /// The same of the greedy split every round.
    [[nodiscard]] double greedy_rounds() const { return greedy_.front(); }
    /// The least number of lots that counts as done.
    [[nodiscard]] std::int64_t target() const { return target_; }
    /// A row a level of progress and venue: lots done, venue, lots to send, rounds still expected from there. `names`:
    /// one a venue (asserted).
    [[nodiscard]] Table table(std::span<const std::string> names) const;

private:
    ResubmissionPlan() = default;

    [[nodiscard]] double reach(std::size_t venue, std::size_t level, std::size_t steps, std::int64_t sent) const;
    [[nodiscard]] double rounds(std::size_t level, std::span<const std::int64_t> quantity,
                                std::span<const double> later) const;
    [[nodiscard]] std::vector<std::int64_t> improved(std::size_t level, std::vector<std::int64_t> quantity) const;

    std::int64_t volume_ = 0;
    std::int64_t target_ = 0;
    std::vector<Liquidity> venues_;
    std::vector<std::int64_t> edges_;                ///< lots done at each level; the last is the target
    std::vector<std::vector<double>> fills_;         ///< expected fill of each venue at the edges
    std::vector<std::vector<std::int64_t>> splits_;  ///< by level
    std::vector<double> planned_;                    ///< J by level
    std::vector<double> greedy_;
};

}  // namespace slipcast::venue
