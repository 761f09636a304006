#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "forecast/accumulation.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/statistics.hpp"
#include "slipcast/math/student.hpp"

// False-alarm budget of this file: each check may fail one time in a million when the code is right. A coverage of 0.8
// over N independent trials has standard deviation sqrt(0.16 / N); 4.9 of them are the two-sided limit.

namespace slipcast::forecast {
namespace {

double tolerance(double trials) {
    return -math::normal_quantile(0.5e-6) * std::sqrt(0.16 / trials);
}

constexpr int kTrials = 20'000;

/// A dispersion drawn from what the prior says: inverse chi-square with `prior.sessions` degrees of freedom.
double drawn_dispersion(RandomStream& random, double dispersion, double degrees) {
    return dispersion * std::sqrt(degrees / math::draw_gamma(random, degrees / 2.0, 2.0));
}

/// When dispersions come from the prior, the band of a new day's total is exact for any number of past days: the mean
/// has a flat prior, so the predictive distribution is Student's t. Returns how often the band held, and how often it
/// would have held with the normal quantile in place of Student's.
std::pair<double, double> coverage_of_totals(int days) {
    AccumulationPrior prior;
    prior.half_life = 1e12;  // equal weights
    double held = 0.0, held_by_normal = 0.0;
    for (int trial = 0; trial < kTrials; ++trial) {
        RandomStream random(static_cast<std::uint64_t>(days), "test.coverage", static_cast<std::uint64_t>(trial));
        const double dispersion = drawn_dispersion(random, prior.total_dispersion, prior.sessions);
        std::vector<PastAmounts> past;
        for (int age = days; age > 0; --age) past.push_back({{math::draw_lognormal(random, 10.0, dispersion)}, age});
        const double outcome = math::draw_lognormal(random, 10.0, dispersion);
        const Band band = *Accumulation::fit(past, prior)->to_come({});
        held += band.low <= outcome && outcome <= band.high ? 1.0 : 0.0;
        const double degrees = prior.sessions + days - 1.0;
        const double narrowed =
            std::log(band.high / band.median) * math::normal_quantile(0.9) / math::student_quantile(0.9, degrees);
        held_by_normal += std::abs(std::log(outcome / band.median)) <= narrowed ? 1.0 : 0.0;
    }
    return {held / kTrials, held_by_normal / kTrials};
}

TEST(Coverage, TotalsAreCoveredAsStatedFromOneDayOn) {
    for (const int days : {1, 2, 5, 20}) {
        const auto [coverage, by_normal] = coverage_of_totals(days);
        EXPECT_NEAR(coverage, 0.8, tolerance(kTrials)) << days << " past days";
        if (days <= 2) {
            EXPECT_GT(std::abs(by_normal - 0.8), tolerance(kTrials)) << "the test must see bands that are too narrow";
        }
    }
}

/// The sum of the next sessions' totals against draws from what one session's outlook says: each has its own noise, and
/// all share the error of the mean. The allowance besides chance is for the sum's shape and for that error to first
/// order.
TEST(Coverage, ASumOfSessionsIsAsDispersedAsDrawsOfIt) {
    constexpr double kFirstOrder = 0.015;
    const AccumulationPrior prior;
    for (const int days : {1, 2, 15}) {
        std::vector<PastAmounts> past;
        for (int age = days; age > 0; --age) past.push_back({{std::exp(10.0)}, age});
        const Outlook one = *Accumulation::fit(past, prior)->outlook({});
        const double own = std::sqrt(one.variance - one.level_error * one.level_error);
        for (const int ahead : {2, 5}) {
            OutlookSum sum;
            for (int i = 0; i < ahead; ++i) sum.add(one);
            RandomStream random(static_cast<std::uint64_t>(10 * days + ahead), "test.sums", 0);
            math::Moments drawn;
            for (int trial = 0; trial < kTrials; ++trial) {
                const double level = one.center + one.level_error * math::draw_normal(random);
                double total = 0.0;
                for (int i = 0; i < ahead; ++i) total += math::draw_lognormal(random, level, own);
                drawn.add(std::log(total));
            }
            const Band band = *sum.band();
            const double chance = 4.9 * *drawn.standard_error();
            EXPECT_NEAR(std::log(band.median), *drawn.mean(), chance + kFirstOrder) << days << " past, " << ahead;
            EXPECT_NEAR(std::log(band.high / band.median) / one.band_factor, *drawn.deviation(), chance + kFirstOrder)
                << days << " past, " << ahead;
        }
    }
}

TEST(Coverage, ASumThatIsTooDispersedForAMeanIsMissing) {
    OutlookSum sum;
    const double huge = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 2; ++i) sum.add({1.0, 2000.0, huge, huge, 1.0, 1.3});
    EXPECT_FALSE(sum.band());
}

/// Sessions of ten bins whose shares are Dirichlet and whose level is log-normal: parts still to come, given the level
/// of the day so far. The moments are first order in 1 / concentration, hence the allowance besides chance.
TEST(Coverage, PartsToComeAreCoveredGivenWhatWasSeen) {
    constexpr double kFirstOrder = 0.015;
    constexpr double kConcentration = 150.0;  // a half-session share varies by 1 / sqrt(150) = 8 %
    AccumulationPrior prior;
    prior.half_life = 1e12;
    prior.share_dispersion = 1.0 / std::sqrt(kConcentration);  // the prior is right about the noise of shares
    prior.bin_dispersion = 3.0 / std::sqrt(kConcentration);    // of a tenth: sqrt((1 / 0.1 - 1) / concentration)
    const std::vector<double> shape{0.2, 0.1, 0.08, 0.07, 0.05, 0.05, 0.07, 0.08, 0.1, 0.2};
    const std::vector<std::size_t> seen_bins{0, 2, 5, 8};
    std::vector<double> held(seen_bins.size(), 0.0), held_next(seen_bins.size(), 0.0), bias(seen_bins.size(), 0.0);
    constexpr int kDays = 15;
    for (int trial = 0; trial < kTrials; ++trial) {
        RandomStream random(7, "test.parts", static_cast<std::uint64_t>(trial));
        const double dispersion = drawn_dispersion(random, prior.total_dispersion, prior.sessions);
        const auto session = [&] {
            std::vector<double> bins;
            double sum = 0.0;
            for (const double share : shape)
                sum += bins.emplace_back(math::draw_gamma(random, share * kConcentration, 1));
            const double total = math::draw_lognormal(random, 12.0, dispersion);
            for (double& bin : bins) bin *= total / sum;
            return bins;
        };
        std::vector<PastAmounts> past;
        for (int age = kDays; age > 0; --age) past.push_back({session(), age});
        const std::vector<double> today = session();
        const Accumulation model = *Accumulation::fit(past, prior);
        for (std::size_t i = 0; i < seen_bins.size(); ++i) {
            const std::size_t seen = seen_bins[i];
            Question rest, next;
            rest.seen_share = model.share_by(static_cast<double>(seen));
            for (std::size_t bin = 0; bin < seen; ++bin) rest.seen += today[bin];
            next = rest;
            rest.share = 1.0 - rest.seen_share;
            next.share = model.share_by(static_cast<double>(seen + 1)) - rest.seen_share;
            double outcome = 0.0;
            for (std::size_t bin = seen; bin < today.size(); ++bin) outcome += today[bin];
            const auto inside = [](const Band& band, double value) {
                return band.low <= value && value <= band.high ? 1.0 : 0.0;
            };
            held[i] += inside(*model.to_come(rest), outcome) / kTrials;
            held_next[i] += inside(*model.to_come(next), today[seen]) / kTrials;
            bias[i] += std::log(model.to_come(rest)->median / outcome) / kTrials;
        }
    }
    for (std::size_t i = 0; i < seen_bins.size(); ++i) {
        EXPECT_NEAR(held[i], 0.8, tolerance(kTrials) + kFirstOrder) << seen_bins[i] << " bins seen: rest of the day";
        EXPECT_NEAR(held_next[i], 0.8, tolerance(kTrials) + kFirstOrder) << seen_bins[i] << " bins seen: next bin";
        EXPECT_NEAR(bias[i], 0.0, 0.02) << seen_bins[i] << " bins seen";
    }
}

}  // namespace
}  // namespace slipcast::forecast
