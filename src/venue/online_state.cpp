#include <algorithm>
#include <cmath>

#include "slipcast/venue/online.hpp"

namespace slipcast::venue {
namespace {

/// The knots with weight and their weights, in the order in which they were first touched: the order of the sums.
void put(std::vector<double>& state, const std::vector<std::uint32_t>& used, const std::vector<double>& weights) {
    state.push_back(static_cast<double>(used.size()));
    for (const std::uint32_t knot : used) {
        state.push_back(static_cast<double>(knot));
        state.push_back(weights[knot]);
    }
}

/// Reads the same back; false when it does not fit.
bool take(std::span<const double>& state, std::vector<std::uint32_t>& used, std::vector<double>& weights) {
    if (state.empty() || !(state[0] >= 0.0 && state[0] <= static_cast<double>(weights.size()))) return false;
    const auto count = static_cast<std::size_t>(state[0]);
    if (state.size() < 1 + 2 * count) return false;
    used.clear();
    std::fill(weights.begin(), weights.end(), 0.0);
    for (std::size_t i = 0; i < count; ++i) {
        const double knot = state[1 + 2 * i];
        if (!(knot >= 0.0 && knot < static_cast<double>(weights.size()))) return false;
        used.push_back(static_cast<std::uint32_t>(knot));
        weights[used.back()] = state[2 + 2 * i];
    }
    state = state.subspan(1 + 2 * count);
    return true;
}

}  // namespace

std::vector<double> OnlinePowerLaw::state() const {
    std::vector<double> state{scale_, misses_, minimum_misses_, partial_, full_, log_sizes_};
    put(state, miss_used_, miss_knots_);
    put(state, touched_, pending_);
    state.insert(state.end(), tails_.begin(), tails_.end());
    return state;
}

Result<void> OnlinePowerLaw::restore(std::span<const double> state) {
    const auto refused = [] { return invalid_value("state", "", "must be what this kind of estimator saved"); };
    if (!std::all_of(state.begin(), state.end(), [](double x) { return std::isfinite(x); })) return refused();
    OnlinePowerLaw made{grid_};
    if (state.size() < 6 || !(state[0] > 0.0)) return refused();
    made.scale_ = state[0];
    made.misses_ = state[1];
    made.minimum_misses_ = state[2];
    made.partial_ = state[3];
    made.full_ = state[4];
    made.log_sizes_ = state[5];
    std::span<const double> rest = state.subspan(6);
    if (!take(rest, made.miss_used_, made.miss_knots_) || !take(rest, made.touched_, made.pending_)) return refused();
    if (rest.size() != kExponents) return refused();
    std::copy(rest.begin(), rest.end(), made.tails_.begin());
    *this = std::move(made);
    return {};
}

}  // namespace slipcast::venue
