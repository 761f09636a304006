#include "slipcast/venue/belief.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "venue/power_sum.hpp"

// The posterior of zero bin, exponent and length against sums over dense grids of all three.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

/// ln P(S >= size | S > 0).
double log_tail(double b, std::int64_t size, std::int64_t length) {
    return venue::detail::log_power_sum(b, size, length) - venue::detail::log_power_sum(b, 1, length);
}

std::vector<Observation> drawn_log(int count, const Liquidity& truth, std::int64_t largest_sent, std::int64_t minimum) {
    RandomStream stream(7, "test.venue.belief");
    std::vector<Observation> log;
    for (int i = 0; i < count; ++i) {
        const auto sent = 1 + static_cast<std::int64_t>(stream.next_uniform() * static_cast<double>(largest_sent - 1));
        const std::int64_t there = truth.draw(stream);
        const std::int64_t least = i % 2 == 0 ? std::min(minimum, sent) : 1;
        log.push_back({.sent = sent, .filled = there >= least ? std::min(sent, there) : 0, .min_quantity = least});
    }
    return log;
}

/// Means, deviations and median by adding up over exponents, lengths and presences.
struct Dense {
    double zero_bin = 0.0;
    double zero_bin_deviation = 0.0;
    double exponent = 0.0;
    double exponent_deviation = 0.0;
    double max_liquidity = 0.0;
};

/// A log by kind: what the sums go over.
struct Counted {
    std::map<std::int64_t, double> partial;
    std::map<std::int64_t, double> full;
    std::map<std::int64_t, double> misses;  ///< by minimum
    double filled = 0.0;

    explicit Counted(const std::vector<Observation>& log) {
        for (const Observation& one : log) {
            auto& kind = one.filled == 0 ? misses : one.is_censored() ? full : partial;
            kind[one.filled == 0 ? one.min_quantity : one.filled] += 1.0;
            filled += one.filled > 0 ? 1.0 : 0.0;
        }
    }
    /// ln of the likelihood of the fills given that there is something, times the exponent's prior.
    [[nodiscard]] double log_shape(double b, std::int64_t length) const {
        double value = -0.5 * (b - 0.5) * (b - 0.5);
        const double whole = venue::detail::log_power_sum(b, 1, length);
        for (const auto& [size, count] : partial) {
            if (size > length) return -std::numeric_limits<double>::infinity();
            value -= count * (b * std::log(static_cast<double>(size)) + whole);
        }
        for (const auto& [size, count] : full) {
            if (size > length) return -std::numeric_limits<double>::infinity();
            value += count * log_tail(b, size, length);
        }
        return value;
    }
    /// P(S >= minimum | S > 0) of each kind of miss.
    [[nodiscard]] std::vector<double> miss_tails(double b, std::int64_t length) const {
        std::vector<double> tails;
        for (const auto& [size, count] : misses) {
            tails.push_back(size <= length ? std::exp(log_tail(b, size, length)) : 0.0);
        }
        return tails;
    }
    /// ln of the chance of what was filled or not at a presence, times its prior Beta(1, 2).
    [[nodiscard]] double log_presence(double p, const std::vector<double>& tails) const {
        double value = std::log(1.0 - p) + std::log(2.0) + filled * std::log(p);
        auto tail = tails.begin();
        for (const auto& [size, count] : misses) value += count * std::log1p(-p * *tail++);
        return value;
    }
};

Dense dense(const std::vector<Observation>& observations, std::int64_t shortest, std::int64_t longest) {
    const Counted log(observations);
    struct Cell {
        double log_weight, b, p, length;
    };
    std::vector<Cell> cells;
    double largest = -std::numeric_limits<double>::infinity();
    constexpr int kLengths = 300;
    const double from = std::log(static_cast<double>(shortest));
    const double width = std::log(static_cast<double>(longest)) - from;
    for (int l = 0; l < kLengths; ++l) {
        const double x = from + width * (l + 0.5) / kLengths;
        const auto length = static_cast<std::int64_t>(std::exp(x));
        for (double b = -1.5; b <= 3.0; b += 0.075) {
            const double shape = log.log_shape(b, length);
            if (std::isinf(shape)) continue;
            const std::vector<double> tails = log.miss_tails(b, length);
            for (double p = 0.05; p < 1.0; p += 0.0125) {
                const double value = shape + log.log_presence(p, tails);
                if (!(value > largest - 25.0)) continue;
                cells.push_back({value, b, p, std::exp(x)});
                largest = std::max(largest, value);
            }
        }
    }
    Dense sum;
    double weight = 0.0;
    for (const Cell& cell : cells) {
        const double mass = std::exp(cell.log_weight - largest);
        weight += mass;
        sum.exponent += mass * cell.b;
        sum.exponent_deviation += mass * cell.b * cell.b;
        sum.zero_bin += mass * (1.0 - cell.p);
        sum.zero_bin_deviation += mass * (1.0 - cell.p) * (1.0 - cell.p);
    }
    double below = 0.0;  // cells ascend in length
    for (const Cell& cell : cells) {
        below += std::exp(cell.log_weight - largest) / weight;
        if (below >= 0.5) {
            sum.max_liquidity = cell.length;
            break;
        }
    }
    sum.exponent /= weight;
    sum.exponent_deviation = std::sqrt(sum.exponent_deviation / weight - sum.exponent * sum.exponent);
    sum.zero_bin /= weight;
    sum.zero_bin_deviation = std::sqrt(sum.zero_bin_deviation / weight - sum.zero_bin * sum.zero_bin);
    return sum;
}

Belief made(const std::vector<Observation>& log, const std::shared_ptr<const PowerLawFamily>& family) {
    Belief belief{family, BeliefOptions{}};
    for (const Observation& one : log) EXPECT_TRUE(belief.observe(one));
    return belief;
}

}  // namespace

TEST(Belief, HoldsThePosteriorOfADenseSum) {
    const auto family = *PowerLawFamily::create(100, 16'000);
    // A short venue that shows its end, one that shows nothing of it, and misses with a minimum.
    const std::array<Liquidity, 2> truths{*Liquidity::power_law(0.5, 0.3, 700), *Liquidity::power_law(0.6, 0.8, 9'000)};
    for (const Liquidity& truth : truths) {
        for (const std::int64_t minimum : {1, 60}) {
            const std::vector<Observation> log = drawn_log(120, truth, 1'500, minimum);
            const Dense expected = dense(log, 100, 16'000);
            const Belief belief = made(log, family);
            const Belief::Summary& at = belief.summary();
            // Peaks for means, lines between lengths: a fifth of a deviation.
            EXPECT_NEAR(at.exponent, expected.exponent, 0.2 * expected.exponent_deviation);
            EXPECT_NEAR(at.exponent_deviation, expected.exponent_deviation, 0.15 * expected.exponent_deviation);
            EXPECT_NEAR(at.zero_bin, expected.zero_bin, 0.1 * expected.zero_bin_deviation);
            EXPECT_NEAR(at.zero_bin_deviation, expected.zero_bin_deviation, 0.15 * expected.zero_bin_deviation);
            EXPECT_NEAR(std::log(at.max_liquidity), std::log(expected.max_liquidity), 0.15);
        }
    }
}

TEST(Belief, LargeMinimumSizesLeaveTheZeroBinOpenTogetherWithTheExponent) {
    // Every route asks for at least so much: a large zero bin with a small exponent fills as often as the reverse. The
    // deviation of the zero bin at the likeliest exponent is a fifth to a half of the whole.
    const auto family = *PowerLawFamily::create(100, 16'000);
    struct Case {
        double zero_bin, exponent;
        std::int64_t minimum;
    };
    for (const Case& one : {Case{0.7, 1.1, 300}, Case{0.7, 1.1, 500}, Case{0.6, 1.3, 400}, Case{0.8, 0.7, 500}}) {
        const Liquidity truth = *Liquidity::power_law(one.zero_bin, one.exponent, 10'000);
        RandomStream stream(8, "test.venue.belief");
        std::vector<Observation> log;
        for (int i = 0; i < 600; ++i) {
            const std::int64_t there = truth.draw(stream);
            const std::int64_t filled = there < one.minimum ? 0 : std::min<std::int64_t>(there, 4'000);
            log.push_back({.sent = 4'000, .filled = filled, .min_quantity = one.minimum});
        }
        const Dense expected = dense(log, 100, 16'000);
        const Belief belief = made(log, family);
        const Belief::Summary& at = belief.summary();
        EXPECT_NEAR(at.zero_bin, expected.zero_bin, 0.2 * expected.zero_bin_deviation) << one.minimum;
        EXPECT_NEAR(at.zero_bin_deviation, expected.zero_bin_deviation, 0.15 * expected.zero_bin_deviation);
        EXPECT_NEAR(at.exponent, expected.exponent, 0.2 * expected.exponent_deviation) << one.minimum;
        EXPECT_NEAR(at.exponent_deviation, expected.exponent_deviation, 0.15 * expected.exponent_deviation);
    }
}

TEST(Belief, FindsTheEndOfAVenue) {
    const auto family = *PowerLawFamily::create(100, 128'000);
    for (const std::int64_t end : {1'900, 3'000, 5'100}) {
        const Belief belief = made(drawn_log(2'000, *Liquidity::power_law(0.6, 0.4, end), 8'000, 1), family);
        const double found = belief.summary().max_liquidity;
        EXPECT_NEAR(found, static_cast<double>(end), 0.01 * static_cast<double>(end));
    }
}

TEST(Belief, AskingChangesNothingAndForgettingLeavesNothing) {
    const auto family = *PowerLawFamily::create(100, 16'000);
    const std::vector<Observation> log = drawn_log(101, *Liquidity::power_law(0.3, 0.3, 700), 300, 20);
    Belief asked{family, BeliefOptions{}};
    for (const Observation& one : log) {
        ASSERT_TRUE(asked.observe(one));
        static_cast<void>(asked.summary());
    }
    Belief silent = made(log, family);
    EXPECT_EQ(asked.state(), silent.state());
    EXPECT_EQ(asked.summary().exponent, silent.summary().exponent);
    asked.forget();
    EXPECT_EQ(asked.state(), (Belief{family, BeliefOptions{}}.state()));
    EXPECT_NEAR(asked.summary().exponent, 0.5, 1e-9);
    EXPECT_NEAR(asked.summary().exponent_deviation, 1.0, 1e-9);
    EXPECT_EQ(asked.observe({.sent = 16'001, .filled = 0}).error().field, "sent");
}

TEST(Belief, ManyMinimumSizesAreMerged) {
    const auto family = *PowerLawFamily::create(100, 16'000);
    Belief belief{family, BeliefOptions{}};
    for (std::int64_t size = 2; size < 200; ++size) {
        ASSERT_TRUE(belief.observe({.sent = 300, .filled = 0, .min_quantity = size}));
        ASSERT_TRUE(belief.observe({.sent = 300, .filled = 250, .min_quantity = 1}));
    }
    EXPECT_EQ(belief.observations(), 396.0);
    // As likely empty as filled beyond every minimum.
    EXPECT_NEAR(belief.summary().zero_bin, 0.5, 0.05);
}
