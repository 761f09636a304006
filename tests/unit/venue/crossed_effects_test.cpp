#include "venue/crossed_effects.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/venue/pool.hpp"
#include "support/false_alarm.hpp"

// The pool's posterior against two that share nothing with it: a dense sum over everything for one symbol at two
// venues, and draws from the prior weighted with the likelihood for two by two.

using namespace slipcast;
using namespace slipcast::venue;

namespace parts = slipcast::venue::detail;

namespace {

constexpr PoolPrior kPrior = kZeroBinPrior;

double log_misses(int misses, int routes, double x) {
    return -misses * std::log1p(std::exp(-x)) - (routes - misses) * std::log1p(std::exp(x));
}

parts::GridLikelihood likelihood(int misses, int routes) {
    parts::GridLikelihood made{.first = -10.0, .step = 0.22, .values = {}};
    for (std::size_t i = 0; i <= 100; ++i) made.values.push_back(log_misses(misses, routes, made.point(i)));
    return made;
}

/// Moments of the x of two pairs of one symbol and of that symbol at a venue without a log.
struct DensePosterior {
    std::array<parts::Gaussian, 2> pairs;
    parts::Gaussian unseen;
};

/// Sum and difference of the two x are independent given the standard deviations: their density is a sum over those.
class Dense {
public:
    Dense() {
        for (auto& table : tables_) table.assign(kWide * kWide, 0.0);
        const auto scale = [](int i) { return (i + 0.5) * 4.5 / kScales * kPrior.spread; };
        for (int code = 0; code < kScales * kScales * kScales; ++code) {
            add(scale(code / (kScales * kScales)), scale(code / kScales % kScales), scale(code % kScales));
        }
    }

    [[nodiscard]] DensePosterior posterior(const std::array<std::array<int, 2>, 2>& logs) const {
        double mass = 0.0;
        std::array<double, 3> first{};
        std::array<double, 3> second{};
        for (int i = 0; i < kPoints; ++i) {
            for (int j = 0; j < kPoints; ++j) {
                const double x = (i - kMiddle) * kStep;  // from the center
                const double y = (j - kMiddle) * kStep;
                const double both = std::exp(log_misses(logs[0][0], logs[0][1], kPrior.center + x) +
                                             log_misses(logs[1][0], logs[1][1], kPrior.center + y));
                const std::size_t at =
                    static_cast<std::size_t>(i + j) * kWide + static_cast<std::size_t>(i - j + kPoints - 1);
                const double density = both * tables_[0][at];
                mass += density;
                first[0] += density * x;
                second[0] += density * x * x;
                first[1] += density * y;
                second[1] += density * y * y;
                first[2] += both * tables_[1][at] * (x + y);
                second[2] += both * (tables_[2][at] * (x + y) * (x + y) + tables_[3][at]);
            }
        }
        const auto moments = [&](std::size_t i) {
            const double mean = first[i] / mass;
            return parts::Gaussian{.mean = kPrior.center + mean, .variance = second[i] / mass - mean * mean};
        };
        return {.pairs = {moments(0), moments(1)}, .unseen = moments(2)};
    }

private:
    static constexpr int kScales = 16;
    static constexpr int kPoints = 97;
    static constexpr int kMiddle = kPoints / 2;
    static constexpr double kStep = 0.24;
    static constexpr std::size_t kWide = 2 * kPoints - 1;

    void add(double symbol, double venue, double pair) {
        const double squares = symbol * symbol + venue * venue + pair * pair;
        const double prior = std::exp(-0.5 * squares / (kPrior.spread * kPrior.spread));
        const double shared = kPrior.deviation * kPrior.deviation + symbol * symbol;
        const double own = venue * venue + pair * pair;
        const double follows = shared / (2.0 * shared + own);
        const std::array<double, 4> factors{1.0, follows, follows * follows, shared + own - 2.0 * shared * follows};
        std::array<double, kWide> sums{};
        std::array<double, kWide> gaps{};
        for (std::size_t k = 0; k < kWide; ++k) {
            const double at = (static_cast<double>(k) - kPoints + 1) * kStep;
            sums[k] = prior * std::exp(-0.25 * at * at / (2.0 * shared + own)) / std::sqrt(2.0 * shared + own);
            gaps[k] = std::exp(-0.25 * at * at / own) / std::sqrt(own);
        }
        for (std::size_t t = 0; t < 4; ++t) {
            for (std::size_t i = 0; i < kWide; ++i) {
                const double weight = sums[i] * factors[t];
                for (std::size_t j = 0; j < kWide; ++j) tables_[t][i * kWide + j] += weight * gaps[j];
            }
        }
    }

    /// By sum and difference: the density; with what of the sum the unseen pair's mean follows, with that squared, with
    /// the unseen pair's variance beside it.
    std::array<std::vector<double>, 4> tables_;
};

void expect_close(const parts::Gaussian& found, const parts::Gaussian& exact, const char* what) {
    const double deviation = std::sqrt(exact.variance);
    EXPECT_NEAR(found.mean, exact.mean, 0.02 * deviation) << what;
    EXPECT_NEAR(std::sqrt(found.variance), deviation, 0.02 * deviation) << what;
}

}  // namespace

TEST(CrossedEffects, EqualTheDensePosteriorOfOneSymbolAtTwoVenues) {
    const std::array<std::array<std::array<int, 2>, 2>, 4> cases{
        {{{{4, 6}, {9, 10}}}, {{{0, 3}, {20, 20}}}, {{{40, 100}, {92, 100}}}, {{{0, 1}, {1, 1}}}}};
    const Dense dense;
    for (const auto& logs : cases) {
        const DensePosterior exact = dense.posterior(logs);
        for (const bool by_symbol : {true, false}) {
            // The same by the other side: which one is eliminated changes nothing.
            using Place = parts::CrossedEffects::Place;
            const std::vector<Place> places =
                by_symbol ? std::vector<Place>{{0, 0}, {0, 1}} : std::vector<Place>{{0, 0}, {1, 0}};
            const parts::CrossedEffects found({likelihood(logs[0][0], logs[0][1]), likelihood(logs[1][0], logs[1][1])},
                                              places, by_symbol ? 1 : 2, by_symbol ? 2 : 1, kPrior);
            expect_close(found.member(0).moments(), exact.pairs[0], "first");
            expect_close(found.member(1).moments(), exact.pairs[1], "second");
            const auto unseen = by_symbol ? found.unseen(0, std::nullopt) : found.unseen(std::nullopt, 0);
            expect_close(unseen.moments(), exact.unseen, "unseen");
        }
    }
}

TEST(CrossedEffects, EqualWeightedDrawsOfTwoSymbolsAtTwoVenues) {
    constexpr std::array<std::array<int, 2>, 3> kLogs{{{2, 5}, {7, 8}, {1, 6}}};  // the fourth pair has none
    constexpr std::int64_t kDraws = 150'000;
    RandomStream stream(5, "test.venue.crossed_effects");
    const auto normal = [&] { return math::draw_normal(stream); };
    std::vector<double> weights;
    std::vector<std::array<double, 4>> draws;
    for (std::int64_t draw = 0; draw < kDraws; ++draw) {
        std::array<double, 3> scales{};
        for (double& scale : scales) scale = std::abs(kPrior.spread * normal());
        const double common = kPrior.center + kPrior.deviation * normal();
        const std::array<double, 2> symbols{scales[0] * normal(), scales[0] * normal()};
        const std::array<double, 2> venues{scales[1] * normal(), scales[1] * normal()};
        std::array<double, 4> x{};
        for (std::size_t i = 0; i < 4; ++i) x[i] = common + symbols[i / 2] + venues[i % 2] + scales[2] * normal();
        double likelihood = 0.0;
        for (std::size_t i = 0; i < 3; ++i) likelihood += log_misses(kLogs[i][0], kLogs[i][1], x[i]);
        weights.push_back(std::exp(likelihood));
        draws.push_back(x);
    }
    const parts::CrossedEffects found({likelihood(2, 5), likelihood(7, 8), likelihood(1, 6)}, {{0, 0}, {0, 1}, {1, 0}},
                                      2, 2, kPrior);
    // Two assertions on each of four pairs. The ratio estimate's error by the delta method; 0.02 deviations beside it
    // are the approximation's, as above.
    const double allowed = math::normal_quantile(1.0 - 0.5 * test::false_alarm_share(8));
    for (std::size_t pair = 0; pair < 4; ++pair) {
        const parts::Gaussian got = pair < 3 ? found.member(pair).moments() : found.unseen(1, 1).moments();
        double sum = 0.0;
        double mean = 0.0;
        double variance = 0.0;
        for (std::size_t i = 0; i < draws.size(); ++i) sum += weights[i], mean += weights[i] * draws[i][pair];
        mean /= sum;
        const auto gap = [&](std::size_t i) { return (draws[i][pair] - mean) * (draws[i][pair] - mean); };
        for (std::size_t i = 0; i < draws.size(); ++i) variance += weights[i] * gap(i);
        variance /= sum;
        double of_mean = 0.0;
        double of_variance = 0.0;
        for (std::size_t i = 0; i < draws.size(); ++i) {
            of_mean += weights[i] * weights[i] * gap(i);
            of_variance += weights[i] * weights[i] * (gap(i) - variance) * (gap(i) - variance);
        }
        EXPECT_NEAR(got.mean, mean, allowed * std::sqrt(of_mean) / sum + 0.02 * std::sqrt(variance)) << pair;
        EXPECT_NEAR(got.variance, variance, allowed * std::sqrt(of_variance) / sum + 0.04 * variance) << pair;
        EXPECT_LT(std::sqrt(of_mean) / sum, 0.02) << "enough draws";
    }
}

TEST(CrossedEffects, WithoutInformationThePriorComesBack) {
    const parts::GridLikelihood flat{.first = -10.0, .step = 1.0, .values = std::vector<double>(21, 3.0)};
    const parts::CrossedEffects found({flat, flat, flat}, {{0, 0}, {0, 1}, {1, 0}}, 2, 2, kPrior);
    const double variance = kPrior.deviation * kPrior.deviation + 3.0 * kPrior.spread * kPrior.spread;
    for (const parts::Gaussian& one :
         {found.member(0).moments(), found.member(2).moments(), found.unseen(1, 1).moments(),
          found.unseen(std::nullopt, std::nullopt).moments()}) {
        EXPECT_NEAR(one.mean, kPrior.center, 1e-3);
        EXPECT_NEAR(std::sqrt(one.variance), std::sqrt(variance), 0.02 * std::sqrt(variance));
    }
    EXPECT_NEAR(found.spread().pair, kPrior.spread * std::sqrt(2.0 / std::acos(-1.0)), 0.02 * kPrior.spread);
}

TEST(CrossedEffects, SayWhenTheMomentsStandAndWhenSweepsRanOut) {
    using parts::CrossedEffects;
    const std::vector<parts::GridLikelihood> logs{likelihood(2, 5), likelihood(7, 8), likelihood(0, 6),
                                                  likelihood(30, 30)};
    const std::vector<CrossedEffects::Place> places{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const CrossedEffects whole(logs, places, 2, 2, kPrior);
    const Pool::Propagation done = whole.propagation();
    EXPECT_EQ(done.termination, Termination::converged);
    EXPECT_LT(done.largest_change, CrossedEffects::kStands);
    EXPECT_EQ(done.unsettled_weight, 0.0);
    EXPECT_EQ(done.held_sites, 0);
    EXPECT_GT(done.sweeps, 2);
    EXPECT_LT(done.sweeps, CrossedEffects::kMostSweeps / 2);
    EXPECT_GT(done.lattice_points, 50);
    const Pool::Propagation cut = CrossedEffects(logs, places, 2, 2, kPrior, 1).propagation();
    EXPECT_EQ(cut.termination, Termination::sweep_limit);
    EXPECT_EQ(cut.sweeps, 1);
    EXPECT_GE(cut.largest_change, CrossedEffects::kStands);
    EXPECT_GT(cut.unsettled_weight, 0.5);
    // The sweeps that it names are those that it takes.
    const auto with = [&](std::int64_t sweeps) {
        return CrossedEffects(logs, places, 2, 2, kPrior, static_cast<int>(sweeps)).propagation().termination;
    };
    EXPECT_EQ(with(done.sweeps), Termination::converged);
    EXPECT_EQ(with(done.sweeps - 1), Termination::sweep_limit);
}

TEST(CrossedEffects, ALikelihoodWithTwoPeaksIsHeldAndCounted) {
    // Either very small or very large, nothing in between: wider than the prior, so no Gaussian factor matches it.
    parts::GridLikelihood split{.first = -4.0, .step = 0.1, .values = {}};
    for (std::size_t i = 0; i <= 100; ++i) {
        const double x = split.point(i) - kPrior.center;
        split.values.push_back(-0.5 * std::min((x - 3.0) * (x - 3.0), (x + 3.0) * (x + 3.0)));
    }
    const parts::CrossedEffects found({split, likelihood(4, 6)}, {{0, 0}, {0, 1}}, 1, 2, kPrior);
    const Pool::Propagation end = found.propagation();
    EXPECT_EQ(end.held_sites, 1);
    EXPECT_EQ(end.termination, Termination::converged) << end.largest_change << ' ' << end.sweeps;
    // The pair's own posterior keeps both peaks.
    const parts::GridDensity density = found.member(0);
    const auto near = [&](double x) {
        return density.weights[static_cast<std::size_t>(std::lround((x - density.first) / density.step))];
    };
    EXPECT_GT(near(kPrior.center - 2.5), 2.0 * near(kPrior.center));
    EXPECT_GT(near(kPrior.center + 2.5), 2.0 * near(kPrior.center));
}

TEST(GridLikelihood, IsACubicInsideAndBendsDownOutside) {
    parts::GridLikelihood cubic{.first = -2.0, .step = 0.5, .values = {}};
    const auto f = [](double x) { return x * x * x - 4.0 * x * x + x - 1.0; };
    for (std::size_t i = 0; i <= 8; ++i) cubic.values.push_back(f(cubic.point(i)));
    for (double x = -2.0; x <= 2.0; x += 0.07) EXPECT_NEAR(cubic.at(x), f(x), 1e-12) << x;
    parts::GridLikelihood parabola{.first = 0.0, .step = 0.5, .values = {}};
    for (std::size_t i = 0; i <= 8; ++i) parabola.values.push_back(-parabola.point(i) * parabola.point(i));
    EXPECT_NEAR(parabola.at(-3.0), -9.0, 1e-12);
    EXPECT_NEAR(parabola.at(7.0), -49.0, 1e-12);
    // A bend upwards goes on as a line.
    parts::GridLikelihood hollow{.first = 0.0, .step = 1.0, .values = {4.0, 1.0, 0.0, 1.0}};
    EXPECT_NEAR(hollow.at(-2.0) - hollow.at(-1.0), hollow.at(-1.0) - hollow.at(0.0), 1e-12);
}
