#include "slipcast/venue/online.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "presence.hpp"
#include "refusals.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::venue {
namespace {

constexpr double kLargestUnit = 1e100;  ///< of 1 / scale, before the sums are brought back to scale 1
constexpr int kNodes = 7;               ///< of the polynomial around the best grid point

/// Coefficients, in powers of t, of the polynomial through values at t = 0, 1, ..., 6.
std::array<double, kNodes> polynomial(std::span<const double, kNodes> values) {
    std::array<double, kNodes> difference{};
    std::copy(values.begin(), values.end(), difference.begin());
    for (int order = 1; order < kNodes; ++order) {
        for (int i = kNodes - 1; i >= order; --i) {
            const auto at = static_cast<std::size_t>(i);
            difference[at] = (difference[at] - difference[at - 1]) / order;
        }
    }
    // Horner on Newton's form: multiply by (t - i), add the next difference.
    std::array<double, kNodes> coefficient{};
    for (int i = kNodes - 1; i >= 0; --i) {
        for (std::size_t k = kNodes - 1; k > 0; --k) coefficient[k] = coefficient[k - 1] - i * coefficient[k];
        coefficient[0] = -i * coefficient[0] + difference[static_cast<std::size_t>(i)];
    }
    return coefficient;
}

/// The first of the nodes around a grid point.
std::size_t window(std::size_t best) {
    return std::clamp<std::size_t>(best, kNodes / 2, OnlinePowerLaw::kExponents - 1 - kNodes / 2) - kNodes / 2;
}

/// Where the polynomial stops rising between low and high, in units of the node distance.
double summit(const std::array<double, kNodes>& coefficient, double low, double high) {
    const auto slope = [&](double t) {
        double sum = 0.0;
        for (std::size_t k = kNodes - 1; k > 0; --k) sum = sum * t + static_cast<double>(k) * coefficient[k];
        return sum;
    };
    for (int step = 0; step < 50; ++step) {
        const double middle = 0.5 * (low + high);
        (slope(middle) > 0.0 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace

OnlinePowerLaw::OnlinePowerLaw(std::shared_ptr<const PowerLawGrid> grid)
    : grid_(std::move(grid)), miss_knots_(grid_->knots(), 0.0), pending_(grid_->knots(), 0.0) {}

Result<void> OnlinePowerLaw::observe(const Observation& observation, double weight) {
    SLIPCAST_ASSERT(weight > 0.0, "an observation counts for something");
    SLIPCAST_CHECK(observation.validate());
    if (observation.sent > grid_->max_liquidity()) return detail::beyond_max_liquidity("sent", observation.sent);
    weight /= scale_;
    fresh_ = false;
    if (observation.filled == 0) {
        if (observation.min_quantity == 1) {
            misses_ += weight;
            return {};
        }
        minimum_misses_ += weight;
        const PowerLawGrid::Position at = grid_->position(observation.min_quantity);
        for (std::uint32_t i = 0; i < at.count; ++i) {
            if (miss_knots_[at.first + i] == 0.0) miss_used_.push_back(at.first + i);
            miss_knots_[at.first + i] += weight * at.weight[i];
        }
    } else if (observation.is_censored()) {
        full_ += weight;
        const PowerLawGrid::Position at = grid_->position(observation.sent);
        for (std::uint32_t i = 0; i < at.count; ++i) {
            if (pending_[at.first + i] == 0.0) touched_.push_back(at.first + i);
            pending_[at.first + i] += weight * at.weight[i];
        }
    } else {
        partial_ += weight;
        log_sizes_ += weight * std::log(static_cast<double>(observation.filled));
    }
    return {};
}

void OnlinePowerLaw::discount(double factor) {
    SLIPCAST_ASSERT(factor > 0.0 && factor <= 1.0, "a discount factor is in (0, 1]");
    scale_ *= factor;
    fresh_ = false;
    if (scale_ < 1.0 / kLargestUnit) rescale();
}

void OnlinePowerLaw::rescale() {
    for (double* sum : {&misses_, &minimum_misses_, &partial_, &full_, &log_sizes_}) *sum *= scale_;
    for (double& sum : miss_knots_) sum *= scale_;
    for (double& sum : pending_) sum *= scale_;
    for (double& sum : tails_) sum *= scale_;
    scale_ = 1.0;
}

double OnlinePowerLaw::best_presence(std::size_t index, double start) const {
    const double filled = partial_ + full_;
    const double all = filled + misses_ + minimum_misses_;
    if (all == 0.0) return 1.0;
    if (miss_used_.empty() || filled == 0.0) return filled / all;
    const detail::PresenceCounts counts{.filled = filled, .misses = misses_, .minimum_misses = minimum_misses_};
    return detail::best_presence(counts, start, [&](const auto& add) {
        for (const std::uint32_t knot : miss_used_) add(miss_knots_[knot], grid_->tail(knot)[index]);
    });
}

double OnlinePowerLaw::presence_likelihood(std::size_t index, double presence) const {
    double sum = (partial_ + full_) * std::log(presence);
    if (misses_ > 0.0) sum += misses_ * std::log1p(-presence);
    for (const std::uint32_t knot : miss_used_) {
        sum += miss_knots_[knot] * std::log1p(-presence * grid_->tail(knot)[index]);
    }
    return sum;
}

void OnlinePowerLaw::absorb() const {
    for (const std::uint32_t knot : touched_) {
        const double weight = pending_[knot];
        const PowerLawGrid::Row row = grid_->log_tail(knot);
        for (std::size_t j = 0; j < kExponents; ++j) tails_[j] += weight * row[j];
        pending_[knot] = 0.0;
    }
    touched_.clear();
}

double OnlinePowerLaw::fills_likelihood(std::size_t index) const {
    return scale_ *
           (tails_[index] - grid_->exponents()[index] * log_sizes_ - partial_ * grid_->log_normalizer()[index]);
}

void OnlinePowerLaw::refresh() const {
    if (fresh_) return;
    absorb();
    for (std::size_t j = 0; j < kExponents; ++j) likelihood_[j] = fills_likelihood(j);
    if (!miss_used_.empty() && partial_ + full_ > 0.0) {
        double presence = 0.5;
        for (std::size_t j = 0; j < kExponents; ++j) {
            presence = best_presence(j, presence);
            likelihood_[j] += scale_ * presence_likelihood(j, presence);
        }
    }
    fresh_ = true;
}

std::size_t OnlinePowerLaw::top(std::span<double, kExponents> values) const {
    if (fresh_ || miss_used_.empty() || partial_ + full_ == 0.0) {
        refresh();
        std::copy(likelihood_.begin(), likelihood_.end(), values.begin());
        return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
    }
    // With minimum sizes each point costs a search for the zero bin: every eighth first, then all around the best. The
    // likelihood is smooth over eight steps of the grid.
    constexpr std::size_t kStride = 8;
    absorb();
    std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
    double presence = 0.5;
    std::size_t best = 0;
    const auto look = [&](std::size_t j) {
        if (std::isnan(values[j])) {
            presence = best_presence(j, presence);
            values[j] = fills_likelihood(j) + scale_ * presence_likelihood(j, presence);
        }
        if (values[j] > values[best]) best = j;
    };
    for (std::size_t j = 0; j < kExponents; j += kStride) look(j);
    look(kExponents - 1);
    const std::size_t center = best;
    const std::size_t first = center >= kStride ? center - kStride : 0;
    for (std::size_t j = first; j <= std::min(center + kStride, kExponents - 1); ++j) look(j);
    for (std::size_t j = window(best); j < window(best) + kNodes; ++j) look(j);
    return best;
}

std::span<const double, OnlinePowerLaw::kExponents> OnlinePowerLaw::log_likelihood() const {
    refresh();
    return likelihood_;
}

double OnlinePowerLaw::zero_bin_at(std::size_t index) const {
    return 1.0 - best_presence(index, 0.5);
}

OnlinePowerLaw::Estimate OnlinePowerLaw::estimate() const {
    std::array<double, kExponents> values{};
    const std::size_t best = top(values);
    const PowerLawGrid::Row exponents = grid_->exponents();
    Estimate estimate{.zero_bin = zero_bin_at(best),
                      .exponent = exponents[best],
                      .has_shape = partial_ + full_ > 0.0,
                      .at_edge = best == 0 || best == kExponents - 1};
    if (!estimate.has_shape || estimate.at_edge) return estimate;
    const std::size_t first = window(best);
    const std::span<const double, kNodes> around{values.data() + first, kNodes};
    const auto at = static_cast<double>(best - first);
    const double t = summit(polynomial(around), at - 1.0, at + 1.0);
    estimate.exponent = exponents[first] + t * (exponents[1] - exponents[0]);
    if (miss_used_.empty()) return estimate;
    std::array<double, kNodes> zero_bins{};
    for (std::size_t i = 0; i < kNodes; ++i) zero_bins[i] = zero_bin_at(first + i);
    const std::array<double, kNodes> coefficient = polynomial(zero_bins);
    double zero_bin = 0.0;
    for (std::size_t k = kNodes; k-- > 0;) zero_bin = zero_bin * t + coefficient[k];
    estimate.zero_bin = std::clamp(zero_bin, 0.0, 1.0);
    return estimate;
}

double OnlinePowerLaw::drawn_presence(std::size_t index, RandomStream& stream) const {
    if (miss_used_.empty()) {
        const double filled = math::draw_gamma(stream, filled_weight() + 1.0, 1.0);
        const double missed = math::draw_gamma(stream, zero_weight() + 1.0, 1.0);
        return filled / (filled + missed);
    }
    // With minimum sizes the density has no name: inversion on cells around its mode, which is the only one.
    constexpr std::size_t kCells = 200;
    const double mode = best_presence(index, 0.5);
    const double spread = 8.0 * std::sqrt(mode * (1.0 - mode) / (total_weight() + 1.0)) + 4.0 / (total_weight() + 1.0);
    const double low = std::max(0.0, mode - spread);
    const double width = (std::min(1.0, mode + spread) - low) / kCells;
    std::array<double, kCells> density{};
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < kCells; ++i) {
        density[i] = scale_ * presence_likelihood(index, low + (static_cast<double>(i) + 0.5) * width);
        largest = std::max(largest, density[i]);
    }
    double sum = 0.0;
    for (double& value : density) sum += value = std::exp(value - largest);
    double left = stream.next_uniform() * sum;
    std::size_t cell = 0;
    while (cell + 1 < kCells && left >= density[cell]) left -= density[cell++];
    return low + (static_cast<double>(cell) + stream.next_uniform()) * width;
}

OnlinePowerLaw::Estimate OnlinePowerLaw::draw(RandomStream& stream) const {
    refresh();
    const double largest = *std::max_element(likelihood_.begin(), likelihood_.end());
    double sum = 0.0;
    std::array<double, kExponents> density{};
    for (std::size_t j = 0; j < kExponents; ++j) sum += density[j] = std::exp(likelihood_[j] - largest);
    double left = stream.next_uniform() * sum;
    std::size_t j = 0;
    while (j + 1 < kExponents && left >= density[j]) left -= density[j++];
    const PowerLawGrid::Row exponents = grid_->exponents();
    const double cell = exponents[1] - exponents[0];
    const double exponent = exponents[j] + (stream.next_uniform() - 0.5) * cell;
    return {.zero_bin = 1.0 - drawn_presence(j, stream),
            .exponent = std::clamp(exponent, exponents.front(), exponents.back()),
            .has_shape = partial_ + full_ > 0.0,
            .at_edge = j == 0 || j == kExponents - 1};
}

}  // namespace slipcast::venue
