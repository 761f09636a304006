#include "slipcast/venue/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "crossed_effects.hpp"
#include "fit_problem.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/fit.hpp"

namespace slipcast::venue {
namespace {

using detail::GridDensity;
using detail::GridLikelihood;

constexpr std::size_t kPoints = 101;
constexpr double kWidestExponents = 6.0;  ///< around the prior's center
constexpr double kWidestLogits = 11.0;
constexpr double kLargestExponent = 20.0;  ///< of a power law

double logistic(double x) {
    return 1.0 / (1.0 + std::exp(-x));
}

/// Eight standard errors around an estimate that has one, else all that the prior allows.
GridLikelihood grid(double widest, const PoolPrior& prior, double center, std::optional<double> error) {
    const bool is_sharp = error && 8.0 * *error < widest && std::abs(center - prior.center) < widest;
    const double reach = is_sharp ? 8.0 * *error : widest;
    return {.first = (is_sharp ? center : prior.center) - reach,
            .step = 2.0 * reach / static_cast<double>(kPoints - 1),
            .values = std::vector<double>(kPoints, 0.0)};
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        names.push_back(name);
        return names.size() - 1;
    }
    return static_cast<std::size_t>(found - names.begin());
}

std::optional<std::size_t> place_in(const std::vector<std::string>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

/// ln of the density, but for a constant, that the prior gives a pair by itself.
double log_prior(const PoolPrior& prior, double x) {
    const double gap = x - prior.center;
    return -0.5 * gap * gap / (prior.deviation * prior.deviation + 3.0 * prior.spread * prior.spread);
}

/// ln of a sum of exponentials that comes term by term.
struct LogSumExp {
    double largest = -std::numeric_limits<double>::infinity();
    double sum = 0.0;

    void add(double term) {
        if (term > largest) {
            sum = sum * std::exp(largest - term) + 1.0;
            largest = term;
        } else {
            sum += std::exp(term - largest);
        }
    }
    [[nodiscard]] double value() const { return largest + std::log(sum); }
};

/// Both likelihoods of a log. Without minimum sizes they are factors; with them each is integrated over the other.
void fill_likelihoods(const detail::FitProblem& problem, GridLikelihood& logits, GridLikelihood& exponents) {
    std::vector<double> zero_bins;
    for (std::size_t i = 0; i < kPoints; ++i) zero_bins.push_back(logistic(logits.point(i)));
    if (!problem.has_minimums()) {
        logits.values = problem.likelihoods(exponents.point(0), zero_bins);
        for (std::size_t i = 0; i < kPoints; ++i) exponents.values[i] = problem.profile(exponents.point(i));
        return;
    }
    std::vector<LogSumExp> by_logit(kPoints);
    for (std::size_t i = 0; i < kPoints; ++i) {
        const std::vector<double> joint = problem.likelihoods(exponents.point(i), zero_bins);
        LogSumExp total;
        for (std::size_t j = 0; j < kPoints; ++j) {
            total.add(joint[j] + log_prior(kZeroBinPrior, logits.point(j)));
            by_logit[j].add(joint[j] + log_prior(kExponentPrior, exponents.point(i)));
        }
        exponents.values[i] = total.value();
    }
    for (std::size_t j = 0; j < kPoints; ++j) logits.values[j] = by_logit[j].value();
}

/// What two densities say of zero bin and exponent.
void describe(Pool::Member& member, const GridDensity& logits, const GridDensity& exponents, double confidence) {
    const double outside = 0.5 * (1.0 - confidence);
    double first = 0.0;
    double second = 0.0;
    for (std::size_t i = 0; i < logits.weights.size(); ++i) first += logits.weights[i] * logistic(logits.point(i));
    for (std::size_t i = 0; i < logits.weights.size(); ++i) {
        const double gap = logistic(logits.point(i)) - first;
        second += logits.weights[i] * gap * gap;
    }
    member.zero_bin = first;
    member.zero_bin_deviation = std::sqrt(second);
    member.zero_bin_low = logistic(logits.quantile(outside));
    member.zero_bin_high = logistic(logits.quantile(1.0 - outside));
    const detail::Gaussian moments = exponents.moments();
    member.exponent = moments.mean;
    member.exponent_deviation = std::sqrt(moments.variance);
    member.exponent_low = exponents.quantile(outside);
    member.exponent_high = exponents.quantile(1.0 - outside);
}

}  // namespace

Result<Pool> Pool::estimate(std::span<const PairLog> logs, std::int64_t max_liquidity, double confidence) {
    if (!(confidence > 0.0 && confidence < 1.0)) {
        return invalid_value("confidence", fmt::format("{}", confidence), "must be in (0, 1)");
    }
    if (logs.empty()) {
        return Error{.code = ErrorCode::not_identified,
                     .field = "logs",
                     .value = "0",
                     .rule = "needs at least one",
                     .place = {}};
    }
    Pool made;
    made.max_liquidity_ = max_liquidity;
    made.confidence_ = confidence;
    for (const PairLog& log : logs) {
        if (max_liquidity == 0)
            made.max_liquidity_ = std::max(made.max_liquidity_, default_max_liquidity(log.observations));
    }
    std::vector<GridLikelihood> logits;
    std::vector<GridLikelihood> exponents;
    std::vector<detail::CrossedEffects::Place> places;
    std::set<detail::CrossedEffects::Place> seen;
    for (const PairLog& log : logs) {
        const std::pair place{index_of(made.symbols_, log.symbol), index_of(made.venues_, log.venue)};
        const std::string pair = fmt::format("{} at {}", log.symbol, log.venue);
        if (!seen.insert(place).second) return invalid_value("logs", pair, "must hold each pair once");
        const auto fitted = fit(log.observations, {.shape = Shape::power_law, .max_liquidity = made.max_liquidity_});
        if (!fitted) {
            Error error = fitted.error();
            error.place.file = pair;
            return error;
        }
        const double zero_bin = fitted->zero_bin();
        std::optional<double> logit_error = fitted->zero_bin_std_error();
        if (logit_error) *logit_error /= zero_bin * (1.0 - zero_bin);
        logits.push_back(grid(kWidestLogits, kZeroBinPrior, std::log(zero_bin / (1.0 - zero_bin)), logit_error));
        exponents.push_back(grid(kWidestExponents, kExponentPrior, fitted->parameter(), fitted->parameter_std_error()));
        places.push_back(place);
        const detail::FitProblem problem(log.observations, Shape::power_law, made.max_liquidity_);
        fill_likelihoods(problem, logits.back(), exponents.back());
    }
    const std::size_t symbols = made.symbols_.size();
    const std::size_t venues = made.venues_.size();
    made.zero_bins_ =
        std::make_shared<const detail::CrossedEffects>(std::move(logits), places, symbols, venues, kZeroBinPrior);
    made.exponents_ =
        std::make_shared<const detail::CrossedEffects>(std::move(exponents), places, symbols, venues, kExponentPrior);
    for (std::size_t pair = 0; pair < logs.size(); ++pair) {
        made.members_.push_back({.symbol = logs[pair].symbol,
                                 .venue = logs[pair].venue,
                                 .observations = static_cast<std::int64_t>(logs[pair].observations.size())});
        describe(made.members_.back(), made.zero_bins_->member(pair), made.exponents_->member(pair), confidence);
    }
    return made;
}

Pool::Member Pool::belief(std::string_view symbol, std::string_view venue) const {
    const auto member = std::find_if(members_.begin(), members_.end(),
                                     [&](const Member& one) { return one.symbol == symbol && one.venue == venue; });
    if (member != members_.end()) return *member;
    Member made{.symbol = std::string{symbol}, .venue = std::string{venue}};
    const std::optional<std::size_t> of_symbol = place_in(symbols_, symbol);
    const std::optional<std::size_t> of_venue = place_in(venues_, venue);
    describe(made, zero_bins_->unseen(of_symbol, of_venue), exponents_->unseen(of_symbol, of_venue), confidence_);
    return made;
}

Liquidity Pool::liquidity(std::string_view symbol, std::string_view venue) const {
    const Member believed = belief(symbol, venue);
    const auto made = Liquidity::power_law(
        believed.zero_bin, std::clamp(believed.exponent, -kLargestExponent, kLargestExponent), max_liquidity_);
    SLIPCAST_ASSERT(made.has_value(), "posterior means are in range");
    return *made;
}

std::string_view name(Termination termination) {
    return termination == Termination::converged ? "converged" : "sweep_limit";
}

Pool::Spread Pool::zero_bin_spread() const {
    return zero_bins_->spread();
}

Pool::Spread Pool::exponent_spread() const {
    return exponents_->spread();
}

Pool::Propagation Pool::zero_bin_propagation() const {
    return zero_bins_->propagation();
}

Pool::Propagation Pool::exponent_propagation() const {
    return exponents_->propagation();
}

Termination Pool::termination() const {
    const bool is_done = zero_bin_propagation().termination == Termination::converged &&
                         exponent_propagation().termination == Termination::converged;
    return is_done ? Termination::converged : Termination::sweep_limit;
}

Table Pool::diagnostics() const {
    const std::vector<std::string> quantities{"zero_bin", "exponent"};
    const std::vector<Spread> spreads{zero_bin_spread(), exponent_spread()};
    const std::vector<Propagation> ends{zero_bin_propagation(), exponent_propagation()};
    return TableBuilder("pool_diagnostics", quantities.size())
        .add(plain("quantity", "zero_bin: its logit"), of(quantities, std::identity{}))
        .add(plain("spread_symbol", "Between symbols, a standard deviation, posterior mean"),
             of(spreads, &Spread::symbol))
        .add(plain("spread_venue", "Between venues"), of(spreads, &Spread::venue))
        .add(plain("spread_pair", "Between pairs beyond both"), of(spreads, &Spread::pair))
        .add(plain("termination", "converged, or sweep_limit: use with care"),
             of(ends, [](const Propagation& end) { return std::string(name(end.termination)); }))
        .add(plain("sweeps", "At the point of the lattice that took most"), of(ends, &Propagation::sweeps))
        .add(plain("largest_change", "Of a pair's mean or variance in the last sweep, in deviations"),
             of(ends, &Propagation::largest_change))
        .add(plain("unsettled_weight", "Posterior weight of the points where moments still moved"),
             of(ends, &Propagation::unsettled_weight))
        .add(plain("lattice_points", "That carry the posterior of the spreads"), of(ends, &Propagation::lattice_points))
        .add(plain("held_sites", "Pairs whose likelihood bends upwards: the effects lean on them too much"),
             of(ends, &Propagation::held_sites))
        .take();
}

Table Pool::table() const {
    const std::string interval = fmt::format("Of its central {:g} % interval", 100.0 * confidence_);
    return TableBuilder("pooled", members_.size())
        .add(plain("symbol", "Symbol"), of(members_, &Member::symbol))
        .add(plain("venue", "Venue"), of(members_, &Member::venue))
        .add(plain("observations", "Routes"), of(members_, &Member::observations))
        .add(plain("zero_bin", "P(no liquidity), posterior mean"), of(members_, &Member::zero_bin))
        .add(plain("zero_bin_deviation", "Posterior standard deviation"), of(members_, &Member::zero_bin_deviation))
        .add(plain("zero_bin_low", interval), of(members_, &Member::zero_bin_low))
        .add(plain("zero_bin_high", interval), of(members_, &Member::zero_bin_high))
        .add(plain("exponent", "Of the power law, posterior mean"), of(members_, &Member::exponent))
        .add(plain("exponent_deviation", "Posterior standard deviation"), of(members_, &Member::exponent_deviation))
        .add(plain("exponent_low", interval), of(members_, &Member::exponent_low))
        .add(plain("exponent_high", interval), of(members_, &Member::exponent_high))
        .take();
}

}  // namespace slipcast::venue
