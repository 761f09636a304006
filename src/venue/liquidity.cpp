#include "slipcast/venue/liquidity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "poisson_tail.hpp"
#include "power_sum.hpp"
#include "slipcast/core/assert.hpp"

namespace slipcast::venue {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Result<void> zero_bin_valid(double zero_bin) {
    if (!(zero_bin >= 0.0 && zero_bin <= 1.0)) {
        return invalid_value("zero_bin", fmt::format("{}", zero_bin), "must be in [0, 1]");
    }
    return {};
}

Result<void> size_valid(const char* field, std::int64_t size) {
    if (size < 1 || size > kLargestSize) return invalid_value(field, fmt::format("{}", size), "must be in 1..2^40");
    return {};
}

}  // namespace

std::string_view name(Shape shape) {
    switch (shape) {
        case Shape::uniform:
            return "uniform";
        case Shape::power_law:
            return "power_law";
        case Shape::poisson:
            return "poisson";
        case Shape::exponential:
            return "exponential";
        case Shape::empirical:
            return "empirical";
    }
    SLIPCAST_ASSERT(false, "every shape has a name");
    return "";
}

std::string_view parameter_name(Shape shape) {
    switch (shape) {
        case Shape::power_law:
            return "exponent";
        case Shape::uniform:
            return "upper";
        case Shape::poisson:
            return "mean";
        case Shape::exponential:
            return "ratio";
        case Shape::empirical:
            break;
    }
    return "";
}

Result<Liquidity> Liquidity::uniform(double zero_bin, std::int64_t upper) {
    SLIPCAST_CHECK(zero_bin_valid(zero_bin));
    SLIPCAST_CHECK(size_valid("upper", upper));
    Liquidity liquidity;
    liquidity.shape_ = Shape::uniform;
    liquidity.zero_bin_ = zero_bin;
    liquidity.presence_ = 1.0 - zero_bin;
    liquidity.parameter_ = static_cast<double>(upper);
    liquidity.max_liquidity_ = upper;
    return liquidity;
}

Result<Liquidity> Liquidity::power_law(double zero_bin, double exponent, std::int64_t max_liquidity) {
    SLIPCAST_CHECK(zero_bin_valid(zero_bin));
    SLIPCAST_CHECK(size_valid("max_liquidity", max_liquidity));
    if (!(std::abs(exponent) <= 20.0)) {
        return invalid_value("exponent", fmt::format("{}", exponent), "must be in [-20, 20]");
    }
    Liquidity liquidity;
    liquidity.shape_ = Shape::power_law;
    liquidity.zero_bin_ = zero_bin;
    liquidity.presence_ = 1.0 - zero_bin;
    liquidity.parameter_ = exponent;
    liquidity.max_liquidity_ = max_liquidity;
    liquidity.prepare_power_law();
    return liquidity;
}

Result<Liquidity> Liquidity::poisson(double zero_bin, double mean) {
    SLIPCAST_CHECK(zero_bin_valid(zero_bin));
    if (!(mean > 0.0 && mean <= 1e9)) return invalid_value("mean", fmt::format("{}", mean), "must be in (0, 1e9]");
    Liquidity liquidity;
    liquidity.shape_ = Shape::poisson;
    liquidity.zero_bin_ = zero_bin;
    liquidity.presence_ = 1.0 - zero_bin;
    liquidity.parameter_ = mean;
    liquidity.max_liquidity_ = kLargestSize;
    return liquidity;
}

Result<Liquidity> Liquidity::exponential(double zero_bin, double ratio) {
    SLIPCAST_CHECK(zero_bin_valid(zero_bin));
    if (!(ratio >= 0.0 && ratio <= 1.0)) return invalid_value("ratio", fmt::format("{}", ratio), "must be in [0, 1]");
    Liquidity liquidity;
    liquidity.shape_ = Shape::exponential;
    liquidity.zero_bin_ = zero_bin;
    liquidity.presence_ = 1.0 - zero_bin;
    liquidity.parameter_ = ratio;
    liquidity.max_liquidity_ = ratio == 0.0 ? 1 : kLargestSize;
    return liquidity;
}

Result<Liquidity> Liquidity::empirical(std::vector<std::int64_t> sizes, std::vector<double> prob_at_least) {
    if (sizes.empty() || sizes.size() != prob_at_least.size()) {
        return invalid_value("sizes", fmt::format("{}", sizes.size()),
                             "must be as many as probabilities, at least one");
    }
    Liquidity liquidity;
    double filled = 0.0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::int64_t before = i == 0 ? 0 : sizes[i - 1];
        if (sizes[i] <= before || sizes[i] > kLargestSize) {
            return invalid_value("sizes", fmt::format("{}", sizes[i]), "must ascend within 1..2^40");
        }
        const double bound = i == 0 ? 1.0 : prob_at_least[i - 1];
        if (!(prob_at_least[i] >= 0.0 && prob_at_least[i] <= bound)) {
            return invalid_value("prob_at_least", fmt::format("{}", prob_at_least[i]), "must fall within [0, 1]");
        }
        filled += prob_at_least[i] * static_cast<double>(sizes[i] - before);
        liquidity.sums_.push_back(filled);
    }
    liquidity.shape_ = Shape::empirical;
    liquidity.presence_ = prob_at_least.front();
    liquidity.zero_bin_ = 1.0 - liquidity.presence_;
    liquidity.parameter_ = kNaN;
    liquidity.max_liquidity_ = sizes.back();
    liquidity.sizes_ = std::move(sizes);
    liquidity.tails_ = std::move(prob_at_least);
    return liquidity;
}

double Liquidity::prob_at_least(std::int64_t size) const {
    if (size <= 0) return 1.0;
    if (size > max_liquidity_) return 0.0;
    if (shape_ == Shape::empirical) {
        const auto step = std::lower_bound(sizes_.begin(), sizes_.end(), size);
        return tails_[static_cast<std::size_t>(step - sizes_.begin())];
    }
    return presence_ * conditional_tail(size);
}

double Liquidity::conditional_tail(std::int64_t size) const {
    if (size == 1) return 1.0;
    switch (shape_) {
        case Shape::uniform:
            return static_cast<double>(max_liquidity_ - size + 1) / static_cast<double>(max_liquidity_);
        case Shape::power_law:
            return power_tail(size);
        case Shape::poisson:
            return std::min(1.0, detail::poisson_tail(size, parameter_) / -std::expm1(-parameter_));
        case Shape::exponential:
            return std::pow(parameter_, static_cast<double>(size - 1));
        case Shape::empirical:
            break;
    }
    SLIPCAST_ASSERT(false, "a step function is looked up");
    return 0.0;
}

double Liquidity::log_prob(std::int64_t size) const {
    if (size < 0 || size > max_liquidity_) return -std::numeric_limits<double>::infinity();
    if (size == 0) return std::log(zero_bin_);
    const double log_presence = std::log(presence_);
    switch (shape_) {
        case Shape::uniform:
            return log_presence - std::log(parameter_);
        case Shape::power_law:
            return log_presence - parameter_ * std::log(static_cast<double>(size)) - std::log(power_.total);
        case Shape::poisson:
            return log_presence + detail::log_poisson(size, parameter_) - std::log(-std::expm1(-parameter_));
        case Shape::exponential:
            return log_presence + std::log1p(-parameter_) +
                   (size == 1 ? 0.0 : static_cast<double>(size - 1) * std::log(parameter_));
        case Shape::empirical:
            break;
    }
    return std::log(prob_at_least(size) - prob_at_least(size + 1));
}

std::int64_t Liquidity::sizes_above(double threshold, std::int64_t at_most) const {
    if (at_most <= 0 || threshold >= 1.0) return 0;
    if (threshold < 0.0) return at_most;
    at_most = std::min(at_most, max_liquidity_);
    if (threshold >= presence_) return 0;
    if (shape_ == Shape::empirical) {
        const auto step = std::partition_point(tails_.begin(), tails_.end(), [&](double t) { return t > threshold; });
        return std::min(at_most, sizes_[static_cast<std::size_t>(step - tails_.begin()) - 1]);
    }
    if (shape_ == Shape::power_law && power_.first > 1) {
        const double tail = threshold / presence_;
        const std::span<const double> head = power_head();
        if (tail >= head.back()) {
            const auto last =
                std::partition_point(head.begin(), head.end(), [&](double t) { return presence_ * t > threshold; });
            return std::min<std::int64_t>(at_most, last - head.begin());
        }
    }
    double guess = 1.0;
    if (shape_ == Shape::poisson) {
        guess = parameter_;
    } else if (threshold > 0.0) {
        guess = crossing(threshold).size;
    } else {
        guess = static_cast<double>(at_most);
    }
    const double limit = static_cast<double>(at_most);
    return settled(static_cast<std::int64_t>(std::clamp(guess, 1.0, limit)), threshold, at_most);
}

std::int64_t Liquidity::settled(std::int64_t guess, double threshold, std::int64_t at_most) const {
    // Double the step away from the guess until the threshold lies between, then halve.
    std::int64_t low = 1;  // T(low) > threshold, known of 1
    std::int64_t high = at_most + 1;
    std::int64_t step = 1;
    if (guess == 1 || prob_at_least(guess) > threshold) {
        low = guess;
        while (low + step < high && prob_at_least(low + step) > threshold) {
            low += step;
            step *= 2;
        }
        high = std::min(high, low + step);
    } else {
        high = guess;
        while (high - step > low && !(prob_at_least(high - step) > threshold)) {
            high -= step;
            step *= 2;
        }
        low = std::max(low, high - step);
    }
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (prob_at_least(middle) > threshold ? low : high) = middle;
    }
    return low;
}

double Liquidity::expected_fill(std::int64_t sent) const {
    if (sent <= 0) return 0.0;
    const std::int64_t reached = std::min(sent, max_liquidity_);
    const auto n = static_cast<double>(reached);
    switch (shape_) {
        case Shape::uniform:
            return presence_ * n * (1.0 - 0.5 * (n - 1.0) / parameter_);
        case Shape::power_law: {
            // E[min(S, n)] = E[S; S <= n] + n P(S > n).
            const double within = std::exp(detail::log_power_sum(parameter_ - 1.0, 1, reached)) / power_.total;
            const double beyond = reached < max_liquidity_ ? n * conditional_tail(reached + 1) : 0.0;
            return presence_ * (within + beyond);
        }
        case Shape::poisson: {
            // s P(N = s) = mean P(N = s - 1).
            const double positive = -std::expm1(-parameter_);
            const double within =
                reached == 1 ? std::exp(-parameter_) : 1.0 - detail::poisson_tail(reached, parameter_);
            return presence_ * (parameter_ * within + n * detail::poisson_tail(reached + 1, parameter_)) / positive;
        }
        case Shape::exponential:
            if (parameter_ == 1.0) return presence_ * n;
            return presence_ * -std::expm1(n * std::log(parameter_)) / (1.0 - parameter_);
        case Shape::empirical:
            break;
    }
    const auto step =
        static_cast<std::size_t>(std::lower_bound(sizes_.begin(), sizes_.end(), reached) - sizes_.begin());
    return sums_[step] - tails_[step] * static_cast<double>(sizes_[step] - reached);
}

std::int64_t Liquidity::draw(RandomStream& stream) const {
    return sizes_above(stream.next_uniform(), kLargestSize);
}

Liquidity::Crossing Liquidity::crossing(double threshold) const {
    SLIPCAST_ASSERT(threshold > 0.0, "tails cross positive thresholds");
    const double tail = threshold / presence_;
    if (!(tail < 1.0)) return {};
    switch (shape_) {
        case Shape::uniform:
            return {.size = parameter_ * (1.0 - tail) + 1.0, .per_log_threshold = -tail * parameter_};
        case Shape::power_law:
            return power_crossing(tail);
        case Shape::exponential: {
            if (parameter_ == 1.0) return {.size = static_cast<double>(kLargestSize), .per_log_threshold = 0.0};
            const double per_log = 1.0 / std::log(parameter_);
            return {.size = 1.0 + std::log(tail) * per_log, .per_log_threshold = per_log};
        }
        case Shape::poisson:
        case Shape::empirical:
            break;
    }
    return {.size = static_cast<double>(sizes_above(threshold, kLargestSize)), .per_log_threshold = kNaN};
}

}  // namespace slipcast::venue
