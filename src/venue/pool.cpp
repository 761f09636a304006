#include "slipcast/venue/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "columns.hpp"
#include "fit_problem.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/venue/fit.hpp"

namespace slipcast::venue {
namespace {

constexpr std::size_t kPoints = 161;
constexpr double kLargestExponent = 4.0;
constexpr double kLargestLogit = 8.0;
constexpr double kLeastVariance = 1e-4;  ///< of an effect: below it pairs count as equal
constexpr int kSweeps = 500;

double logistic(double x) {
    return 1.0 / (1.0 + std::exp(-x));
}

/// Equally spaced points: eight standard errors around an estimate that has one, else everything within +-largest.
std::vector<double> grid(double largest, double center, std::optional<double> error) {
    double reach = largest;
    if (error && 8.0 * *error < largest && std::abs(center) + 8.0 * *error < 20.0) {
        reach = 8.0 * *error;
    } else {
        center = 0.0;
    }
    std::vector<double> points;
    for (std::size_t i = 0; i < kPoints; ++i) {
        points.push_back(center + reach * (2.0 * static_cast<double>(i) / static_cast<double>(kPoints - 1) - 1.0));
    }
    return points;
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        names.push_back(name);
        return names.size() - 1;
    }
    return static_cast<std::size_t>(found - names.begin());
}

/// ln likelihood of the logit of the zero bin; with minimum sizes at the best exponent.
std::vector<double> logit_likelihood(const detail::FitProblem& problem, const std::vector<double>& logits) {
    std::vector<double> values;
    for (const double logit : logits) {
        const double zero_bin = logistic(logit);
        if (!problem.has_minimums()) {
            values.push_back(problem.likelihood(0.0, zero_bin));
            continue;
        }
        double best = -std::numeric_limits<double>::infinity();
        for (double b = -kLargestExponent; b <= kLargestExponent; b += 0.25) {
            best = std::max(best, problem.likelihood(b, zero_bin));
        }
        values.push_back(best);
    }
    return values;
}

}  // namespace

/// One quantity of every pair, its effects and the sweeps over them.
struct Pool::Ascent {
    std::vector<std::vector<double>> points;                  ///< by pair
    std::vector<std::vector<double>> likelihood;              ///< by pair, at its points
    std::vector<std::pair<std::size_t, std::size_t>> places;  ///< by pair: symbol, venue
    Effects effects;
    std::vector<double> mean;      ///< posterior, by pair
    std::vector<double> variance;  ///< posterior, by pair
    std::vector<double> symbol_variance;
    std::vector<double> venue_variance;

    void start(std::size_t symbols, std::size_t venues) {
        effects.symbol.assign(symbols, 0.0);
        effects.venue.assign(venues, 0.0);
        symbol_variance.assign(symbols, 0.0);
        venue_variance.assign(venues, 0.0);
        effects.spread = {.symbol = 0.5, .venue = 0.5, .pair = 0.5};
        mean.assign(places.size(), 0.0);
        variance.assign(places.size(), 0.0);
    }

    [[nodiscard]] double prior_mean(std::size_t pair) const {
        const auto& [symbol, venue] = places[pair];
        return effects.common + effects.symbol[symbol] + effects.venue[venue];
    }

    /// Posterior weights of a pair over the points.
    [[nodiscard]] std::vector<double> posterior(std::size_t pair) const {
        const std::vector<double>& at = points[pair];
        std::vector<double> weights(at.size());
        const double precision = 1.0 / (effects.spread.pair * effects.spread.pair);
        const double center = prior_mean(pair);
        double largest = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < at.size(); ++i) {
            const double gap = at[i] - center;
            weights[i] = likelihood[pair][i] - 0.5 * precision * gap * gap;
            largest = std::max(largest, weights[i]);
        }
        double sum = 0.0;
        for (double& weight : weights) sum += weight = std::exp(weight - largest);
        for (double& weight : weights) weight /= sum;
        return weights;
    }

    void update_pairs() {
        for (std::size_t pair = 0; pair < places.size(); ++pair) {
            const std::vector<double> weights = posterior(pair);
            const std::vector<double>& at = points[pair];
            double first = 0.0;
            double second = 0.0;
            for (std::size_t i = 0; i < at.size(); ++i) first += weights[i] * at[i];
            for (std::size_t i = 0; i < at.size(); ++i) second += weights[i] * (at[i] - first) * (at[i] - first);
            mean[pair] = first;
            variance[pair] = second;
        }
    }

    /// The effects of one kind given everything else: means shrunk to 0 by their spread.
    void update_effects(bool of_symbols) {
        std::vector<double>& effect = of_symbols ? effects.symbol : effects.venue;
        std::vector<double>& left = of_symbols ? symbol_variance : venue_variance;
        double& spread = of_symbols ? effects.spread.symbol : effects.spread.venue;
        const double noise = effects.spread.pair * effects.spread.pair;
        std::vector<double> sum(effect.size(), 0.0);
        std::vector<double> count(effect.size(), 0.0);
        for (std::size_t pair = 0; pair < places.size(); ++pair) {
            const std::size_t at = of_symbols ? places[pair].first : places[pair].second;
            sum[at] += mean[pair] - (prior_mean(pair) - effect[at]);
            count[at] += 1.0;
        }
        double squares = 0.0;
        for (std::size_t i = 0; i < effect.size(); ++i) {
            left[i] = 1.0 / (count[i] / noise + 1.0 / (spread * spread));
            effect[i] = left[i] * sum[i] / noise;
            squares += effect[i] * effect[i] + left[i];
        }
        spread = std::sqrt(std::max(kLeastVariance, squares / static_cast<double>(effect.size())));
    }

    void update_common() {
        double sum = 0.0;
        for (std::size_t pair = 0; pair < places.size(); ++pair) {
            sum += mean[pair] - (prior_mean(pair) - effects.common);
        }
        effects.common = sum / static_cast<double>(places.size());
        double squares = 0.0;
        for (std::size_t pair = 0; pair < places.size(); ++pair) {
            const double gap = mean[pair] - prior_mean(pair);
            squares +=
                gap * gap + variance[pair] + symbol_variance[places[pair].first] + venue_variance[places[pair].second];
        }
        effects.spread.pair = std::sqrt(std::max(kLeastVariance, squares / static_cast<double>(places.size())));
    }

    void climb() {
        for (int sweep = 0; sweep < kSweeps; ++sweep) {
            const Spread before = effects.spread;
            update_pairs();
            update_effects(true);
            update_effects(false);
            update_common();
            const double change = std::abs(effects.spread.pair - before.pair) +
                                  std::abs(effects.spread.symbol - before.symbol) +
                                  std::abs(effects.spread.venue - before.venue);
            if (change < 1e-7) break;
        }
        update_pairs();
    }
};

Result<Pool> Pool::estimate(std::span<const PairLog> logs, std::int64_t max_liquidity) {
    if (logs.empty()) {
        return Error{.code = ErrorCode::not_identified,
                     .field = "logs",
                     .value = "0",
                     .rule = "needs at least one",
                     .place = {}};
    }
    Pool made;
    made.max_liquidity_ = max_liquidity;
    for (const PairLog& log : logs) {
        if (max_liquidity == 0)
            made.max_liquidity_ = std::max(made.max_liquidity_, default_max_liquidity(log.observations));
    }
    Ascent exponents;
    Ascent logits;
    std::set<std::pair<std::size_t, std::size_t>> seen;
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
        exponents.points.push_back(grid(kLargestExponent, fitted->parameter(), fitted->parameter_std_error()));
        logits.points.push_back(grid(kLargestLogit, std::log(zero_bin / (1.0 - zero_bin)), logit_error));
        const detail::FitProblem problem(log.observations, Shape::power_law, made.max_liquidity_);
        std::vector<double> likelihood;
        for (const double b : exponents.points.back()) likelihood.push_back(problem.profile(b));
        exponents.likelihood.push_back(std::move(likelihood));
        logits.likelihood.push_back(logit_likelihood(problem, logits.points.back()));
        exponents.places.push_back(place);
        logits.places.push_back(place);
    }
    for (Ascent* ascent : {&exponents, &logits}) {
        ascent->start(made.symbols_.size(), made.venues_.size());
        ascent->climb();
    }
    for (std::size_t pair = 0; pair < logs.size(); ++pair) {
        const std::vector<double> weights = logits.posterior(pair);
        double first = 0.0;
        double second = 0.0;
        for (std::size_t i = 0; i < kPoints; ++i) {
            const double zero_bin = logistic(logits.points[pair][i]);
            first += weights[i] * zero_bin;
            second += weights[i] * zero_bin * zero_bin;
        }
        made.members_.push_back({.symbol = logs[pair].symbol,
                                 .venue = logs[pair].venue,
                                 .observations = static_cast<std::int64_t>(logs[pair].observations.size()),
                                 .zero_bin = first,
                                 .zero_bin_deviation = std::sqrt(std::max(0.0, second - first * first)),
                                 .exponent = exponents.mean[pair],
                                 .exponent_deviation = std::sqrt(exponents.variance[pair])});
    }
    made.exponent_ = std::move(exponents.effects);
    made.zero_bin_ = std::move(logits.effects);
    return made;
}

Liquidity Pool::liquidity(std::string_view symbol, std::string_view venue) const {
    double zero_bin = 0.0;
    double exponent = 0.0;
    const auto member = std::find_if(members_.begin(), members_.end(),
                                     [&](const Member& one) { return one.symbol == symbol && one.venue == venue; });
    if (member != members_.end()) {
        zero_bin = member->zero_bin;
        exponent = member->exponent;
    } else {
        const auto effect = [](const std::vector<std::string>& names, std::string_view name,
                               const std::vector<double>& effects) {
            const auto found = std::find(names.begin(), names.end(), name);
            return found == names.end() ? 0.0 : effects[static_cast<std::size_t>(found - names.begin())];
        };
        zero_bin = logistic(zero_bin_.common + effect(symbols_, symbol, zero_bin_.symbol) +
                            effect(venues_, venue, zero_bin_.venue));
        exponent =
            exponent_.common + effect(symbols_, symbol, exponent_.symbol) + effect(venues_, venue, exponent_.venue);
    }
    const auto made =
        Liquidity::power_law(zero_bin, std::clamp(exponent, -kLargestExponent, kLargestExponent), max_liquidity_);
    SLIPCAST_ASSERT(made.has_value(), "posterior means are in range");
    return *made;
}

Table Pool::table() const {
    std::vector<std::string> symbols;
    std::vector<std::string> venues;
    std::vector<std::int64_t> observations;
    std::vector<double> numbers[4];
    for (const Member& one : members_) {
        symbols.push_back(one.symbol);
        venues.push_back(one.venue);
        observations.push_back(one.observations);
        const double values[4] = {one.zero_bin, one.zero_bin_deviation, one.exponent, one.exponent_deviation};
        for (std::size_t i = 0; i < 4; ++i) numbers[i].push_back(values[i]);
    }
    Table table("pooled");
    table.add(detail::column("symbol", "", std::move(symbols), "Symbol"));
    table.add(detail::column("venue", "", std::move(venues), "Venue"));
    table.add(detail::column("observations", "", std::move(observations), "Routes"));
    table.add(detail::column("zero_bin", "", std::move(numbers[0]), "P(no liquidity), posterior mean"));
    table.add(detail::column("zero_bin_deviation", "", std::move(numbers[1]), "Posterior standard deviation"));
    table.add(detail::column("exponent", "", std::move(numbers[2]), "Of the power law, posterior mean"));
    table.add(detail::column("exponent_deviation", "", std::move(numbers[3]), "Posterior standard deviation"));
    return table;
}

}  // namespace slipcast::venue
