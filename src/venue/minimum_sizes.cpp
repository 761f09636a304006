#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "slipcast/venue/allocate.hpp"

// Venues that take nothing or at least a minimum make the split a search over which venues to use. Branch and bound:
// ignoring the minimums of undecided venues can only help, so that split's value bounds the branch.
namespace slipcast::venue {
namespace {

enum class Choice : std::uint8_t { open, closed, used };

struct Node {
    std::vector<Choice> choice;
    double bound = std::numeric_limits<double>::infinity();
};

}  // namespace

void Allocator::solve_minimums(std::int64_t volume, Split& split) {
    Split best = split;
    best.quantity.assign(venues_.size(), 0);
    best.outside = volume;
    best.threshold = std::numeric_limits<double>::quiet_NaN();
    double incumbent = expected_value(best);
    std::vector<Node> nodes{{std::vector<Choice>(venues_.size(), Choice::open)}};
    for (std::int64_t count = 0; !nodes.empty() && count < options_.max_nodes; ++count) {
        Node node = std::move(nodes.back());
        nodes.pop_back();
        if (node.bound <= incumbent) continue;
        seat(volume);
        std::int64_t forced = 0;
        for (std::size_t i = 0; i < venues_.size(); ++i) {
            if (node.choice[i] == Choice::closed) seats_[i].most = 0;
            if (node.choice[i] == Choice::used) forced += seats_[i].least = venues_[i].min_quantity;
        }
        if (forced > volume) continue;
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
    split = std::move(best);
    split.gap = 0.0;
    for (const Node& node : nodes) split.gap = std::max(split.gap, node.bound - incumbent);
}

}  // namespace slipcast::venue
