#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "slipcast/venue/allocate.hpp"

// Venues that take nothing or at least a minimum make the split a search over which venues to use. Branch and bound:
// ignoring the minimums of undecided venues can only help, so that split's value bounds the branch. Without a
// reservation value every lot is sent, which one venue alone can always do when its minimum is within the order.
namespace slipcast::venue {
namespace {

enum class Choice : std::uint8_t { open, closed, used };

struct Node {
    std::vector<Choice> choice;
    double bound = std::numeric_limits<double>::infinity();
};

}  // namespace

Split Allocator::simplest(std::int64_t volume) const {
    Split best{.quantity = std::vector<std::int64_t>(venues_.size(), 0),
               .outside = volume,
               .threshold = std::numeric_limits<double>::quiet_NaN(),
               .gap = 0.0};
    if (options_.reservation_value) return best;
    double largest = -std::numeric_limits<double>::infinity();
    const Split none = best;
    for (std::size_t i = 0; i < venues_.size(); ++i) {
        if (venues_[i].min_quantity > volume) continue;
        Split alone = none;
        alone.quantity[i] = std::exchange(alone.outside, 0);
        alone.threshold = marginal(i, volume);
        const double value = expected_value(alone);
        if (value > largest) largest = value, best = std::move(alone);
    }
    return best;
}

void Allocator::solve_minimums(std::int64_t volume, Split& split) {
    Split best = simplest(volume);
    // Whatever the search finds replaces a venue by itself, also at equal worth: ties are shared.
    const bool is_kept = options_.reservation_value.has_value() || best.outside > 0;
    double incumbent = is_kept ? expected_value(best) : -std::numeric_limits<double>::infinity();
    std::vector<Node> nodes{{std::vector<Choice>(venues_.size(), Choice::open)}};
    for (std::int64_t count = 0; !nodes.empty() && count < options_.max_nodes; ++count) {
        Node node = std::move(nodes.back());
        nodes.pop_back();
        if (node.bound <= incumbent) continue;
        seat(volume);
        std::int64_t forced = 0;
        bool is_open = false;
        for (std::size_t i = 0; i < venues_.size(); ++i) {
            const std::int64_t least = venues_[i].min_quantity;
            if (node.choice[i] == Choice::closed || least > volume) seats_[i].most = 0;
            if (node.choice[i] == Choice::used) forced += seats_[i].least = least;
            is_open = is_open || seats_[i].most > 0;
        }
        if (forced > volume || (!is_open && !options_.reservation_value)) continue;
        solve(volume, split);
        node.bound = expected_value(split);
        if (node.bound <= incumbent) continue;
        // The venue furthest below its minimum decides next; its likelier side is looked at first.
        std::size_t branch = venues_.size();
        double missing = 0.0;
        for (std::size_t i = 0; i < venues_.size(); ++i) {
            const std::int64_t least = venues_[i].min_quantity;
            if (split.quantity[i] == 0 || split.quantity[i] >= least) continue;
            const double share = 1.0 - static_cast<double>(split.quantity[i]) / static_cast<double>(least);
            if (share > missing) {
                missing = share;
                branch = i;
            }
        }
        if (branch == venues_.size()) {
            incumbent = node.bound;
            best = split;
            continue;
        }
        const Choice likely = missing < 0.5 ? Choice::used : Choice::closed;
        node.choice[branch] = likely == Choice::used ? Choice::closed : Choice::used;
        nodes.push_back(node);
        node.choice[branch] = likely;
        nodes.push_back(std::move(node));
    }
    if (incumbent == -std::numeric_limits<double>::infinity()) incumbent = expected_value(best);
    split = std::move(best);
    split.gap = 0.0;
    for (const Node& node : nodes) split.gap = std::max(split.gap, node.bound - incumbent);
}

}  // namespace slipcast::venue
