#include "slipcast/venue/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fit_problem.hpp"
#include "refusals.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/venue/turnbull.hpp"

namespace slipcast::venue {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The distribution at coordinate x.
Result<Liquidity> at_coordinate(const detail::FitProblem& problem, const FitOptions& options, double zero_bin,
                                double x) {
    const double parameter = problem.parameter(x);
    switch (options.shape) {
        case Shape::power_law:
            return Liquidity::power_law(zero_bin, parameter, *options.max_liquidity);
        case Shape::uniform:
            return Liquidity::uniform(zero_bin, static_cast<std::int64_t>(parameter));
        case Shape::poisson:
            return Liquidity::poisson(zero_bin, parameter);
        case Shape::exponential:
            return Liquidity::exponential(zero_bin, parameter);
        case Shape::empirical:
            break;
    }
    SLIPCAST_ASSERT(false, "an empirical shape has no coordinate");
}

/// Unlimited liquidity: T(s) = 1 - zero bin up to max_liquidity.
Result<Liquidity> unlimited(const FitOptions& options, double zero_bin) {
    if (options.shape == Shape::uniform) return Liquidity::uniform(zero_bin, *options.max_liquidity);
    if (options.shape == Shape::exponential) return Liquidity::exponential(zero_bin, 1.0);
    return Liquidity::empirical({*options.max_liquidity}, {1.0 - zero_bin});
}

double unlimited_parameter(const FitOptions& options) {
    if (options.shape == Shape::power_law) return -kInfinity;
    if (options.shape == Shape::poisson) return kInfinity;
    return options.shape == Shape::exponential ? 1.0 : static_cast<double>(*options.max_liquidity);
}

/// -d2 of f at x by a central difference, on a step that loses about a tenth of a log-likelihood.
double curvature(const detail::Objective& f, double x, double step, double reach) {
    const double top = f(x);
    double value = 0.0;
    for (int trial = 0; trial < 40; ++trial) {
        const double h = std::min(step, reach);
        value = (2.0 * top - f(x + h) - f(x - h)) / (h * h);
        const double loss = 0.5 * value * h * h;
        if (loss > 0.3 && std::isfinite(loss)) {
            step *= std::sqrt(0.1 / loss);
        } else if (loss < 0.03 && h < reach) {
            step *= loss > 1e-8 ? std::min(10.0, std::sqrt(0.1 / loss)) : 10.0;
        } else if (std::isfinite(loss)) {
            break;
        } else {
            step *= 0.1;
        }
    }
    return value;
}

Error with_row(Error error, std::int64_t row) {
    error.place.row = row;
    return error;
}

Result<void> check_all(std::span<const Observation> observations, std::int64_t max_liquidity) {
    if (observations.empty()) return detail::no_observations();
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i) + 1;
        if (!observations[i].is_possible()) return observations[i].validate(row);
        if (observations[i].sent > max_liquidity) {
            return with_row(detail::beyond_max_liquidity("sent", observations[i].sent), row);
        }
    }
    return {};
}

std::int64_t largest_sent_of(std::span<const Observation> observations) {
    std::int64_t largest = 0;
    for (const Observation& one : observations) largest = std::max(largest, one.sent);
    return largest;
}

/// Kaplan-Meier, or Turnbull's estimate where misses carry a minimum.
Result<Liquidity> step_function(std::span<const Observation> observations, const ObservationCounts& counts,
                                std::int64_t max_liquidity) {
    if (counts.minimum_misses > 0) {
        SLIPCAST_TRY(intervals, Turnbull::estimate(observations, max_liquidity));
        return intervals.liquidity();
    }
    SLIPCAST_TRY(product, KaplanMeier::estimate(observations, max_liquidity));
    return product.liquidity();
}

double probability(const Liquidity& liquidity, const Observation& one) {
    if (one.filled == 0) return 1.0 - liquidity.prob_at_least(one.min_quantity);
    if (one.is_censored()) return liquidity.prob_at_least(one.sent);
    return std::exp(liquidity.log_prob(one.filled));
}

}  // namespace

std::string_view name(Unidentified reason) {
    switch (reason) {
        case Unidentified::none:
            return "identified";
        case Unidentified::no_fill:
            return "no_fill";
        case Unidentified::no_partial_fill:
            return "no_partial_fill";
        case Unidentified::at_bound:
            return "at_bound";
    }
    SLIPCAST_ASSERT(false, "every reason has a name");
    return "";
}

std::int64_t default_max_liquidity(std::span<const Observation> observations) {
    const std::int64_t doubled = 2 * std::min(largest_sent_of(observations), kLargestSize / 2);
    return std::max<std::int64_t>(10'000, doubled);
}

namespace detail {

/// Makes one fit; the order of its questions is the order of `made`.
class FitBuilder {
public:
    FitBuilder(std::span<const Observation> observations, const FitOptions& options)
        : observations_(observations), options_(options) {}

    [[nodiscard]] Result<Fit> made() {
        SLIPCAST_TRY(nothing, Liquidity::empirical({1}, {0.0}));
        Fit fit{options_, std::move(nothing)};
        const bool is_empirical = options_.shape == Shape::empirical;
        // A step function has no parameter; the problem then only counts.
        problem_ = std::make_shared<const FitProblem>(observations_, is_empirical ? Shape::uniform : options_.shape,
                                                      *options_.max_liquidity);
        fit.counts_ = problem_->counts();
        fit.largest_sent_ = problem_->largest_sent();
        fit.parameter_ = kNaN;
        const bool has_fills = fit.counts_.partial + fit.counts_.full > 0;
        if (!is_empirical) fit.problem_ = problem_;
        if (!has_fills) {
            fit.zero_bin_ = 1.0;
            fit.reason_ = Unidentified::no_fill;
            return fit;
        }
        if (is_empirical) {
            SLIPCAST_CHECK(make_steps(fit));
        } else {
            SLIPCAST_CHECK(make_shape(fit));
        }
        return fit;
    }

private:
    Result<void> make_steps(Fit& fit) const {
        SLIPCAST_TRY(steps, step_function(observations_, fit.counts_, *options_.max_liquidity));
        fit.zero_bin_ = steps.zero_bin();
        fit.liquidity_ = std::move(steps);
        if (fit.counts_.partial == 0 && fit.counts_.minimum_misses == 0) fit.reason_ = Unidentified::no_partial_fill;
        return take_likelihood(fit);
    }

    Result<void> make_shape(Fit& fit) const {
        const bool is_uniform = options_.shape == Shape::uniform;
        const bool is_unlimited = fit.counts_.partial == 0 && !problem_->has_minimums();
        if (is_unlimited && !is_uniform) return make_unlimited(fit, 0.0);
        const Peak best = problem_->best();
        const double optimistic_end = options_.shape == Shape::power_law ? problem_->lowest() : problem_->highest();
        if (is_unlimited || (fit.counts_.partial == 0 && best.at == optimistic_end))
            return make_unlimited(fit, best.at);
        fit.zero_bin_ = problem_->zero_bin(best.at);
        fit.parameter_ = problem_->parameter(best.at);
        fit.log_likelihood_ = best.value;
        SLIPCAST_TRY(shaped, at_coordinate(*problem_, options_, fit.zero_bin_, best.at));
        fit.liquidity_ = std::move(shaped);
        // A uniform's smallest upper is where its likelihood usually peaks: a bound of the data, not of the search.
        const bool is_bound = best.at == problem_->highest() || (!is_uniform && best.at == problem_->lowest());
        if (is_bound) {
            fit.reason_ = Unidentified::at_bound;
        } else {
            add_errors(fit, best);
        }
        return {};
    }

    Result<void> make_unlimited(Fit& fit, double x) const {
        const auto missed = static_cast<double>(fit.counts_.misses + fit.counts_.minimum_misses);
        fit.zero_bin_ =
            options_.shape == Shape::uniform ? problem_->zero_bin(x) : missed / static_cast<double>(fit.counts_.all);
        fit.parameter_ = unlimited_parameter(options_);
        fit.reason_ = Unidentified::no_partial_fill;
        SLIPCAST_TRY(limit, unlimited(options_, fit.zero_bin_));
        fit.liquidity_ = std::move(limit);
        return take_likelihood(fit);
    }

    Result<void> take_likelihood(Fit& fit) const {
        SLIPCAST_TRY(
            loss, log_loss(fit.liquidity_, observations_, {.weight = 0.0, .max_liquidity = *options_.max_liquidity}));
        fit.log_likelihood_ = -loss * static_cast<double>(fit.counts_.all);
        return {};
    }

    void add_errors(Fit& fit, const Peak& peak) const {
        const double x = peak.at;
        if (options_.shape != Shape::uniform) {
            const double room = std::min(x - problem_->lowest(), problem_->highest() - x);
            const auto profile = [&](double at) { return problem_->profile(at); };
            const double bend = peak.curvature ? *peak.curvature : curvature(profile, x, 1e-2, room);
            if (bend > 0.0) fit.parameter_std_error_ = problem_->rate(x) / std::sqrt(bend);
        }
        const double room = std::min(fit.zero_bin_, 1.0 - fit.zero_bin_);
        if (room <= 0.0) return;
        if (!problem_->has_minimums()) {
            // A binomial share, whatever the shape.
            fit.zero_bin_std_error_ =
                std::sqrt(fit.zero_bin_ * (1.0 - fit.zero_bin_) / static_cast<double>(fit.counts_.all));
            return;
        }
        const double bend = curvature([&](double at) { return problem_->zero_bin_profile(at, x); }, fit.zero_bin_,
                                      0.05 * room, 0.9 * room);
        if (bend > 0.0) fit.zero_bin_std_error_ = 1.0 / std::sqrt(bend);
    }

    std::span<const Observation> observations_;
    FitOptions options_;
    std::shared_ptr<const FitProblem> problem_;
};

}  // namespace detail

Result<Fit> fit(std::span<const Observation> observations, const FitOptions& options) {
    FitOptions complete = options;
    complete.max_liquidity = options.max_liquidity.value_or(default_max_liquidity(observations));
    if (*complete.max_liquidity < 1 || *complete.max_liquidity > kLargestSize) {
        return invalid_value("max_liquidity", fmt::format("{}", *complete.max_liquidity), "must be in 1..2^40 lots");
    }
    SLIPCAST_CHECK(check_all(observations, *complete.max_liquidity));
    return detail::FitBuilder{observations, complete}.made();
}

namespace {

double allowed_loss(double level) {
    SLIPCAST_ASSERT(level > 0.0 && level < 1.0, "a level is in (0, 1)");
    const double quantile = math::normal_quantile(0.5 * (1.0 + level));
    return 0.5 * quantile * quantile;
}

/// The crossing on one side, looked for in steps that double from `step` so that the nearest one is found.
std::optional<double> side(const detail::Objective& objective, double from, double end, double step, double level) {
    const double direction = end > from ? 1.0 : -1.0;
    double inside = from;
    for (;; step *= 2.0) {
        double outside = from + direction * step;
        const bool is_end = direction * (outside - end) >= 0.0;
        if (is_end) outside = end;
        const double at = detail::crossing(objective, inside, outside, level);
        if (!std::isnan(at)) return at;
        if (is_end) return std::nullopt;
        inside = outside;
    }
}

}  // namespace

ProbabilityBand Fit::zero_bin_interval(double level) const {
    const double loss = allowed_loss(level);
    if (!problem_) return {};
    detail::Objective objective;
    double top = log_likelihood_;
    if (!problem_->has_minimums()) {
        // A binomial share, whatever is known of the shape.
        const auto misses = static_cast<double>(counts_.misses);
        const auto fills = static_cast<double>(counts_.all) - misses;
        objective = [=](double z) {
            return (misses > 0.0 ? misses * std::log(z) : 0.0) + (fills > 0.0 ? fills * std::log1p(-z) : 0.0);
        };
        top = objective(zero_bin_);
    } else if (identified()) {
        const double x = problem_->coordinate(parameter_);
        objective = [this, x](double z) { return problem_->zero_bin_profile(z, x); };
    } else {
        return {};
    }
    const double step = zero_bin_std_error_.value_or(0.01);
    // At 0 and 1 the likelihood of what was observed may be zero: the ends stop a hair short.
    ProbabilityBand band;
    if (zero_bin_ > 0.0) band.low = side(objective, zero_bin_, 1e-12, step, top - loss);
    if (zero_bin_ < 1.0) band.high = side(objective, zero_bin_, 1.0 - 1e-12, step, top - loss);
    return band;
}

ProbabilityBand Fit::parameter_interval(double level) const {
    const double floor = log_likelihood_ - allowed_loss(level);
    if (!problem_ || !identified()) return {};
    const detail::Objective objective = [&](double x) { return problem_->profile(x); };
    if (shape() == Shape::uniform) {
        // Whole numbers: the outermost that still pass.
        const auto passing_end = [&](double outside) {
            double inside = parameter_;
            if (objective(outside) >= floor) return outside;
            while (std::abs(outside - inside) > 1.0) {
                const double middle = std::floor(0.5 * (inside + outside));
                (objective(middle) >= floor ? inside : outside) = middle;
            }
            return inside;
        };
        ProbabilityBand band{.low = passing_end(problem_->lowest()), .high = passing_end(problem_->highest())};
        if (*band.high == problem_->highest()) band.high.reset();
        return band;
    }
    const double x = problem_->coordinate(parameter_);
    const double step = parameter_std_error_ ? *parameter_std_error_ / problem_->rate(x) : 0.1;
    ProbabilityBand band{.low = side(objective, x, problem_->lowest(), step, floor),
                         .high = side(objective, x, problem_->highest(), step, floor)};
    if (band.low) band.low = problem_->parameter(*band.low);
    if (band.high) band.high = problem_->parameter(*band.high);
    return band;
}

Result<double> log_loss(const Liquidity& liquidity, std::span<const Observation> observations,
                        const Smoothing& smoothing) {
    if (!(smoothing.weight >= 0.0 && smoothing.weight <= 1.0)) {
        return invalid_value("smoothing", fmt::format("{}", smoothing.weight), "must be in [0, 1]");
    }
    SLIPCAST_CHECK(check_all(observations, smoothing.max_liquidity));
    const double sizes = static_cast<double>(smoothing.max_liquidity) + 1.0;
    double sum = 0.0;
    for (const Observation& one : observations) {
        if (smoothing.weight == 0.0 && one.filled > 0 && !one.is_censored()) {
            sum -= liquidity.log_prob(one.filled);  // also where the probability is below what a double holds
            continue;
        }
        double even = 1.0;
        if (one.filled == 0) even = static_cast<double>(one.min_quantity);
        if (one.filled > 0 && one.is_censored()) even = sizes - static_cast<double>(one.sent);
        const double mixed = (1.0 - smoothing.weight) * probability(liquidity, one) + smoothing.weight * even / sizes;
        sum -= std::log(mixed);
    }
    return sum / static_cast<double>(observations.size());
}

}  // namespace slipcast::venue
