#include "slipcast/math/sampling.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/special.hpp"
#include "support/false_alarm.hpp"

// Each sampler against the exact distribution function. The file may fail a correct program once in 1e6 choices of its
// streams, a budget shared by the 26 assertions that compare with a distribution.

using namespace slipcast;
using namespace slipcast::math;
using namespace slipcast::test;

namespace {

constexpr int kDraws = 400'000;
constexpr double kLevel = false_alarm_share(26);

struct Continuous {
    std::string label;
    std::function<double(RandomStream&)> draw;
    std::function<double(double)> cdf;
};

struct Whole {
    std::string label;
    std::function<std::int64_t(RandomStream&)> draw;
    std::function<double(std::int64_t)> cdf;
};

double gap_of(const Continuous& sampler) {
    RandomStream stream(1, "test." + sampler.label);
    std::vector<double> draws;
    for (int i = 0; i < kDraws; ++i) draws.push_back(sampler.draw(stream));
    return largest_gap(std::move(draws), sampler.cdf);
}

double gap_of(const Whole& sampler) {
    RandomStream stream(1, "test." + sampler.label);
    std::vector<std::int64_t> draws;
    for (int i = 0; i < kDraws; ++i) draws.push_back(sampler.draw(stream));
    return largest_integer_gap(std::move(draws), sampler.cdf);
}

double poisson_cdf(std::int64_t k, double mean) {
    return k < 0 ? 0.0 : 1.0 - regularized_gamma(static_cast<double>(k) + 1.0, mean);
}

double gamma_cdf(double x, double shape) {
    return regularized_gamma(shape, x);
}

Continuous gamma_of(double shape) {
    return {"gamma." + std::to_string(shape), [=](RandomStream& s) { return draw_gamma(s, shape, 1.0); },
            [=](double x) { return gamma_cdf(x, shape); }};
}

Whole poisson_of(double mean) {
    return {"poisson." + std::to_string(mean), [=](RandomStream& s) { return draw_poisson(s, mean); },
            [=](std::int64_t k) { return poisson_cdf(k, mean); }};
}

// Cumulated from the definition, the slow and certain way.
std::vector<double> zeta_cdf(double exponent, int maximum) {
    std::vector<double> cumulated{0.0};
    for (int k = 1; k <= maximum; ++k) cumulated.push_back(cumulated.back() + std::pow(k, -exponent));
    const double total = cumulated.back();
    for (double& value : cumulated) value /= total;
    return cumulated;
}

}  // namespace

TEST(Samplers, ContinuousOnesFollowTheirDistribution) {
    std::vector<Continuous> samplers{
        {"uniform", [](RandomStream& s) { return s.next_uniform(); }, [](double x) { return x; }},
        {"normal", [](RandomStream& s) { return draw_normal(s); }, normal_cdf},
        {"lognormal", [](RandomStream& s) { return draw_lognormal(s, 1.0, 0.5); },
         [](double x) { return normal_cdf((std::log(x) - 1.0) / 0.5); }},
        {"exponential", [](RandomStream& s) { return draw_exponential(s, 3.0); },
         [](double x) { return -std::expm1(-x / 3.0); }},
        {"pareto", [](RandomStream& s) { return draw_pareto(s, 2.0, 1.5); },
         [](double x) { return 1.0 - std::pow(2.0 / x, 1.5); }}};
    for (const double shape : {0.1, 0.7, 1.0, 2.5, 60.0}) samplers.push_back(gamma_of(shape));
    for (const Continuous& sampler : samplers) {
        EXPECT_LT(gap_of(sampler), largest_gap_allowed(kDraws, kLevel)) << sampler.label;
    }
}

TEST(Samplers, GammaScaleMultiplies) {
    RandomStream one(1, "test.scale");
    RandomStream other(1, "test.scale");
    for (int i = 0; i < 100; ++i) {
        ASSERT_DOUBLE_EQ(draw_gamma(one, 2.0, 7.0), 7.0 * draw_gamma(other, 2.0, 1.0));
    }
}

TEST(Samplers, WholeOnesFollowTheirDistribution) {
    std::vector<Whole> samplers{{"index", [](RandomStream& s) { return static_cast<std::int64_t>(draw_index(s, 7)); },
                                 [](std::int64_t k) { return static_cast<double>(k + 1) / 7.0; }},
                                {"bernoulli", [](RandomStream& s) { return draw_bernoulli(s, 0.2) ? 1 : 0; },
                                 [](std::int64_t k) { return k < 0   ? 0.0
                                                             : k < 1 ? 0.8
                                                                     : 1.0; }},
                                {"geometric", [](RandomStream& s) { return draw_geometric(s, 0.15); },
                                 [](std::int64_t k) { return 1.0 - std::pow(0.85, static_cast<double>(k + 1)); }}};
    for (const double mean : {0.05, 3.0, 9.99, 10.0, 47.5, 3000.0}) samplers.push_back(poisson_of(mean));
    for (const double exponent : {1.05, 2.0, 3.5}) {
        const std::vector<double> cdf = zeta_cdf(exponent, 1000);
        samplers.push_back({"zeta." + std::to_string(exponent),
                            [=](RandomStream& s) { return draw_zeta(s, exponent, 1000); },
                            [=](std::int64_t k) { return cdf[static_cast<std::size_t>(k)]; }});
    }
    for (const Whole& sampler : samplers) {
        EXPECT_LT(gap_of(sampler), largest_gap_allowed(kDraws, kLevel)) << sampler.label;
    }
}

// The gap of distribution functions hardly sees a wrong share far out; cell by cell it shows.
TEST(Samplers, PoissonCellsHaveTheirShares) {
    for (const double mean : {4.0, 15.0}) {
        RandomStream stream(2, "test.cells", static_cast<std::uint64_t>(mean));
        constexpr int kCells = 41;
        std::vector<double> observed(kCells, 0.0);
        for (int i = 0; i < kDraws; ++i) {
            observed[static_cast<std::size_t>(std::min<std::int64_t>(draw_poisson(stream, mean), kCells - 1))] += 1.0;
        }
        std::vector<double> kept;
        std::vector<double> expected;
        double rest_observed = 0.0;
        double rest_expected = 0.0;
        for (int k = 0; k < kCells; ++k) {
            const double before = poisson_cdf(k - 1, mean);
            const double cell = kDraws * (k == kCells - 1 ? 1.0 - before : poisson_cdf(k, mean) - before);
            const bool is_large = cell > 200.0;
            if (is_large) kept.push_back(observed[static_cast<std::size_t>(k)]);
            if (is_large) expected.push_back(cell);
            rest_observed += is_large ? 0.0 : observed[static_cast<std::size_t>(k)];
            rest_expected += is_large ? 0.0 : cell;
        }
        kept.push_back(rest_observed);
        expected.push_back(rest_expected);
        EXPECT_LT(chi_square(kept, expected), chi_square_allowed(static_cast<double>(expected.size()) - 1.0, kLevel))
            << mean;
    }
}

TEST(Samplers, CategoriesHaveTheirWeights) {
    const std::vector<double> weights{0.5, 0.0, 3.0, 1.5, 0.01, 7.0};
    const CategoricalSampler sampler(weights);
    RandomStream stream(3, "test.categories");
    std::vector<double> observed(weights.size(), 0.0);
    for (int i = 0; i < kDraws; ++i) observed[sampler.draw(stream)] += 1.0;
    EXPECT_EQ(observed[1], 0.0) << "a category without weight is never drawn";
    std::vector<double> seen;
    std::vector<double> expected;
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == 0.0) continue;
        seen.push_back(observed[i]);
        expected.push_back(kDraws * weights[i] / total);
    }
    EXPECT_LT(chi_square(seen, expected), chi_square_allowed(4.0, kLevel));
}

TEST(Samplers, EveryOrderIsEquallyLikely) {
    RandomStream stream(4, "test.shuffle");
    std::array<double, 24> observed{};
    for (int i = 0; i < kDraws / 10; ++i) {
        std::array<int, 4> order{0, 1, 2, 3};
        shuffle(stream, std::span<int>(order));
        // The rank of a permutation in the factorial number system.
        std::size_t rank = 0;
        for (std::size_t a = 0; a < order.size(); ++a) {
            std::size_t smaller = 0;
            for (std::size_t b = a + 1; b < order.size(); ++b) smaller += order[b] < order[a] ? 1U : 0U;
            rank = rank * (order.size() - a) + smaller;
        }
        observed[rank] += 1.0;
    }
    std::array<double, 24> expected{};
    expected.fill(0.1 * kDraws / 24.0);
    EXPECT_LT(chi_square(observed, expected), chi_square_allowed(23.0, kLevel));
}

// Power: samplers that are slightly wrong in the ways such code goes wrong must be caught by the same assertions.
TEST(Samplers, PlantedDefectsAreCaught) {
    const double allowed = largest_gap_allowed(kDraws, kLevel);
    EXPECT_GT(gap_of(Continuous{"wide", [](RandomStream& s) { return 1.04 * draw_normal(s); }, normal_cdf}), allowed);
    EXPECT_GT(gap_of(Continuous{"shifted", [](RandomStream& s) { return draw_normal(s) + 0.02; }, normal_cdf}),
              allowed);
    EXPECT_GT(gap_of(Continuous{"power forgotten", [](RandomStream& s) { return draw_gamma(s, 1.7, 1.0); },
                                [](double x) { return gamma_cdf(x, 0.7); }}),
              allowed);
    EXPECT_GT(gap_of(Whole{"rounded normal",
                           [](RandomStream& s) {
                               return static_cast<std::int64_t>(std::lround(20.0 + std::sqrt(20.0) * draw_normal(s)));
                           },
                           [](std::int64_t k) { return poisson_cdf(k, 20.0); }}),
              allowed);
    EXPECT_GT(gap_of(Whole{"one missing", [](RandomStream& s) { return static_cast<std::int64_t>(draw_index(s, 49)); },
                           [](std::int64_t k) { return static_cast<double>(k + 1) / 50.0; }}),
              allowed);
}
