#include "slipcast/venue/belief.hpp"

#include <algorithm>
#include <cmath>

#include "refusals.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/math/sampling.hpp"

// What a belief holds and what it answers; the posterior itself is in belief_posterior.cpp.
namespace slipcast::venue {

Belief::Belief(std::shared_ptr<const PowerLawFamily> family, const BeliefOptions& options)
    : family_(std::move(family)),
      options_(options),
      presence_(options.prior_fills, options.prior_misses, options.forgetting),
      mantissa_(family_->lengths() * kExponents),
      power_(family_->lengths() * kExponents) {
    minimums_.reserve(kMostMinimums);
    pending_.reserve(kMostPending);
    forget();
}

void Belief::forget() {
    misses_ = minimum_misses_ = partial_ = full_ = log_sizes_ = 0.0;
    largest_ = 0;
    first_ = 0;
    minimums_.clear();
    presence_.forget();
    pending_.clear();
    std::fill(mantissa_.begin(), mantissa_.end(), 1.0);
    std::fill(power_.begin(), power_.end(), 0.0);
    is_shape_fresh_ = is_fresh_ = false;
}

Result<void> Belief::observe(const Observation& observation) {
    SLIPCAST_CHECK(observation.validate());
    if (observation.sent > family_->longest()) return detail::beyond_max_liquidity("sent", observation.sent);
    is_fresh_ = false;
    if (observation.filled == 0 && observation.min_quantity > 1) {
        minimum_misses_ += 1.0;
        count_minimum(observation.min_quantity);
        is_shape_fresh_ = false;
        return {};
    }
    presence_.observe(observation.filled > 0);
    if (observation.filled == 0) {
        misses_ += 1.0;
        // With minimum sizes the zero bin and the shape hang together.
        is_shape_fresh_ = is_shape_fresh_ && minimums_.empty();
        return {};
    }
    is_shape_fresh_ = false;
    filled(observation.filled);
    if (observation.is_censored()) {
        full_ += 1.0;
        if (observation.sent == 1) return {};
        pending_.push_back(observation.sent);
        if (pending_.size() == kMostPending) fold();
    } else {
        partial_ += 1.0;
        log_sizes_ += std::log(static_cast<double>(observation.filled));
    }
    return {};
}

void Belief::filled(std::int64_t lots) {
    largest_ = std::max(largest_, lots);
    while (family_->length(first_) < largest_) ++first_;
}

// No logarithm a cell: mantissas and powers of two.
void Belief::fold() const {
    if (pending_.empty()) return;
    std::array<Row, kMostPending> sums{};
    for (std::size_t k = 0; k < pending_.size(); ++k) sums[k] = family_->sums(pending_[k]);
    for (std::size_t j = first_; j < family_->lengths(); ++j) {
        const std::span<double, kExponents> mantissa{mantissa_.data() + j * kExponents, kExponents};
        const std::span<double, kExponents> power{power_.data() + j * kExponents, kExponents};
        family_->multiply_tails(j, std::span{sums}.first(pending_.size()), mantissa, power);
    }
    pending_.clear();
}

// Distinct minimum sizes are few; should they not be, neighbors are merged.
void Belief::count_minimum(std::int64_t minimum) {
    auto place = std::lower_bound(minimums_.begin(), minimums_.end(), minimum,
                                  [](const MinimumMiss& one, std::int64_t size) { return one.size < size; });
    if (place != minimums_.end() && place->size == minimum) {
        place->count += 1.0;
        return;
    }
    if (minimums_.size() < kMostMinimums) {
        minimums_.insert(place, {.size = minimum, .count = 1.0});
        return;
    }
    if (place == minimums_.end()) --place;
    const double size =
        (static_cast<double>(place->size) * place->count + static_cast<double>(minimum)) / (place->count + 1.0);
    place->count += 1.0;
    place->size = static_cast<std::int64_t>(size);
}

Liquidity Belief::power_law(double zero_bin, double exponent, std::int64_t length) const {
    return *Liquidity::power_law(std::clamp(zero_bin, 0.0, 1.0),
                                 std::clamp(exponent, PowerLawFamily::kLowest, PowerLawFamily::kHighest), length);
}

// Zero bin and exponent move apart when minimum sizes tie them: each a deviation out on its own would be a pair that
// the fills exclude. So the zero bin follows the exponent, and goes out by what remains unknown of it then.
Liquidity Belief::optimistic() const {
    const Summary& at = summary();
    const Point median = point(0.5);
    const Ridge& there = median.ridge;
    const double out = -options_.exponent_optimism * there.deviation;
    const double zero_bin = minimums_.empty() ? at.zero_bin - options_.zero_bin_optimism * at.zero_bin_deviation
                                              : there.zero_bin + there.zero_bin_slope * out -
                                                    options_.zero_bin_optimism * there.zero_bin_rest;
    return power_law(zero_bin, there.exponent + out, median.length);
}

Liquidity Belief::expected() const {
    const double zero_bin = summary().zero_bin;
    const Point there = point(0.5);
    return power_law(zero_bin, there.ridge.exponent, there.length);
}

Liquidity Belief::drawn(RandomStream& stream) const {
    static_cast<void>(summary());
    const Point at = point(stream.next_uniform());
    const double out = at.ridge.deviation * math::draw_normal(stream);
    const double exponent = at.ridge.exponent + out;
    if (!minimums_.empty()) {
        const double zero_bin = at.ridge.zero_bin + at.ridge.zero_bin_slope * out;
        return power_law(zero_bin + at.ridge.zero_bin_rest * math::draw_normal(stream), exponent, at.length);
    }
    return power_law(1.0 - presence_.drawn(stream), exponent, at.length);
}

std::vector<double> Belief::state() const {
    fold();
    std::vector<double> state{misses_, minimum_misses_, partial_, full_, log_sizes_, static_cast<double>(largest_)};
    const auto presence = presence_.state();
    state.insert(state.end(), presence.begin(), presence.end());
    state.push_back(static_cast<double>(minimums_.size()));
    for (const MinimumMiss& one : minimums_) {
        state.push_back(static_cast<double>(one.size));
        state.push_back(one.count);
    }
    const auto dead = static_cast<std::ptrdiff_t>(first_ * kExponents);
    state.insert(state.end(), mantissa_.begin() + dead, mantissa_.end());
    state.insert(state.end(), power_.begin() + dead, power_.end());
    return state;
}

Result<void> Belief::restore(std::span<const double> state) {
    const auto refused = [] { return invalid_value("state", "", "must be what this kind of belief saved"); };
    if (!std::all_of(state.begin(), state.end(), [](double x) { return std::isfinite(x); })) return refused();
    std::size_t at = 0;
    const auto left = [&] { return state.size() - at; };
    const auto longest = static_cast<double>(family_->longest());
    const auto is_size = [&](double size) { return size >= 1.0 && size <= longest; };
    Belief made{family_, options_};
    constexpr std::size_t kNumbers = 7 + PresenceMemory::kNumbers;
    if (state.size() < kNumbers) return refused();
    for (double* number : {&made.misses_, &made.minimum_misses_, &made.partial_, &made.full_, &made.log_sizes_}) {
        *number = state[at++];
    }
    if (state[at] != 0.0 && !is_size(state[at])) return refused();
    made.filled(static_cast<std::int64_t>(state[at++]));
    const auto presence = state.subspan(at).first<PresenceMemory::kNumbers>();
    if (!made.presence_.restore(presence)) return refused();
    at += PresenceMemory::kNumbers;
    if (!(state[at] >= 0.0 && state[at] <= static_cast<double>(kMostMinimums))) return refused();
    const auto minimums = static_cast<std::size_t>(state[at++]);
    if (left() < 2 * minimums) return refused();
    for (std::size_t i = 0; i < minimums; ++i, at += 2) {
        if (!is_size(state[at])) return refused();
        made.minimums_.push_back({.size = static_cast<std::int64_t>(state[at]), .count = state[at + 1]});
    }
    const std::size_t dead = made.first_ * kExponents;
    const std::size_t alive = made.mantissa_.size() - dead;
    if (left() != 2 * alive) return refused();
    std::copy_n(state.begin() + static_cast<std::ptrdiff_t>(at), alive,
                made.mantissa_.begin() + static_cast<std::ptrdiff_t>(dead));
    std::copy_n(state.begin() + static_cast<std::ptrdiff_t>(at + alive), alive,
                made.power_.begin() + static_cast<std::ptrdiff_t>(dead));
    *this = std::move(made);
    return {};
}

}  // namespace slipcast::venue
