#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/statistics.hpp"

using namespace slipcast::math;

namespace {

// Values that are exact in a double, so that the two methods differ by their own rounding only.
std::vector<double> some_values() {
    std::vector<double> values;
    for (const int thousandths : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-1'000'000, 1'000'000))) {
        values.push_back(thousandths / 1024.0);
    }
    return values;
}

Moments moments_of(std::span<const double> values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

bool is_close(double a, double b) {
    return std::abs(a - b) <= 1e-9 * (1.0 + std::abs(a) + std::abs(b));
}

}  // namespace

TEST(StatisticsLaws, MomentsEqualTheTwoPassFormula) {
    EXPECT_TRUE(rc::check("moments equal two passes", [] {
        const auto values = some_values();
        RC_PRE(values.size() >= 2U);
        const auto count = static_cast<double>(values.size());
        const double mean = pairwise_sum(values) / count;
        double squares = 0.0;
        for (const double value : values) squares += (value - mean) * (value - mean);
        const Moments moments = moments_of(values);
        RC_ASSERT(is_close(*moments.mean(), mean));
        RC_ASSERT(is_close(*moments.variance(), squares / (count - 1.0)));
    }));
}

TEST(StatisticsLaws, MergedPartsEqualTheWhole) {
    EXPECT_TRUE(rc::check("merge", [] {
        const auto values = some_values();
        const auto cut = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(values.size()) + 1));
        Moments merged = moments_of(std::span(values).first(cut));
        merged.merge(moments_of(std::span(values).subspan(cut)));
        const Moments whole = moments_of(values);
        RC_ASSERT(merged.count() == whole.count());
        RC_ASSERT(merged.smallest() == whole.smallest() && merged.largest() == whole.largest());
        if (whole.mean()) RC_ASSERT(is_close(*merged.mean(), *whole.mean()));
        if (whole.variance()) RC_ASSERT(is_close(*merged.variance(), *whole.variance()));
    }));
}

TEST(StatisticsLaws, WeightsActLikeRepeats) {
    EXPECT_TRUE(rc::check("a weight of k gives the mean of k repeats", [] {
        const auto values = some_values();
        Moments weighted;
        Moments repeated;
        for (const double value : values) {
            const int repeats = *rc::gen::inRange(0, 5);
            weighted.add(value, repeats);
            for (int i = 0; i < repeats; ++i) repeated.add(value);
        }
        RC_ASSERT(weighted.mean().has_value() == repeated.mean().has_value());
        if (weighted.mean()) RC_ASSERT(is_close(*weighted.mean(), *repeated.mean()));
    }));
}

TEST(StatisticsLaws, QuantilesRiseAndStayInside) {
    EXPECT_TRUE(rc::check("quantiles are monotone", [] {
        const auto values = some_values();
        RC_PRE(!values.empty());
        const double p = *rc::gen::inRange(0, 1001) / 1000.0;
        const double q = *rc::gen::inRange(0, 1001) / 1000.0;
        RC_ASSERT(*quantile(values, std::min(p, q)) <= *quantile(values, std::max(p, q)));
        RC_ASSERT(*quantile(values, p) >= *std::min_element(values.begin(), values.end()));
        RC_ASSERT(*quantile(values, p) <= *std::max_element(values.begin(), values.end()));
        RC_ASSERT(*quantile(values, 0.5) == *median(values));
    }));
}

TEST(StatisticsLaws, CorrelationIgnoresShiftAndScale) {
    EXPECT_TRUE(rc::check("correlation is invariant", [] {
        const auto x = some_values();
        std::vector<double> y;
        std::vector<double> moved;
        for (std::size_t i = 0; i < x.size(); ++i) {
            y.push_back(*rc::gen::inRange(-1000, 1000));
            moved.push_back(-2.0 * x[i] + 8.0);
        }
        const auto before = correlation(x, y);
        const auto after = correlation(moved, y);
        RC_ASSERT(before.has_value() == after.has_value());
        if (before) RC_ASSERT(std::abs(*before + *after) < 1e-9);
        if (before) RC_ASSERT(std::abs(*before) <= 1.0);
    }));
}

TEST(StatisticsLaws, NormalQuantileInvertsTheDistribution) {
    EXPECT_TRUE(rc::check("quantile of cdf", [] {
        const double x = *rc::gen::inRange(-6000, 3000) / 1000.0;
        RC_ASSERT(std::abs(normal_quantile(normal_cdf(x)) - x) < 1e-12);
    }));
}
