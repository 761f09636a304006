#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <span>
#include <vector>

#include "tape_walk.hpp"

namespace slipcast::tca::detail {

/// Follows counts that are to reach a target: those ahead wait in a queue by target, those behind are looked up in
/// the prints kept for as long as the farthest look back needs.
class ReachTracker {
public:
    explicit ReachTracker(std::span<const ReachQuestion> questions);
    /// Opens question `index` at its instant; `before` is the state strictly before it.
    void open(std::size_t index, const TapeState& before);
    /// A print arrived: `before` and `after` are the sums around it.
    void take_print(Timestamp time, Price price, const TapeState& before, const TapeState& after);
    [[nodiscard]] bool is_needed() const { return !questions_.empty(); }
    [[nodiscard]] std::vector<Reach> take_answers() { return std::move(answers_); }

private:
    struct Waiting {
        std::int64_t target = 0;
        std::size_t index = 0;
        Int128 notional_before = 0;
        bool operator>(const Waiting& other) const {
            return target != other.target ? target > other.target : index > other.index;
        }
    };
    using Queue = std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>>;
    /// A print already seen: the counts before it.
    struct Seen {
        Timestamp time;
        MidAt mid;
        std::int64_t before = 0;
    };
    struct History {
        std::deque<Seen> prints;
        std::int64_t reach = 0;  ///< the farthest look back
    };

    std::span<const ReachQuestion> questions_;
    std::vector<Reach> answers_;
    std::array<Queue, 3> waiting_;
    std::array<History, 3> history_;
};

}  // namespace slipcast::tca::detail
