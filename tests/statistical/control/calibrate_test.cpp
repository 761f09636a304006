#include "slipcast/control/calibrate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "support/false_alarm.hpp"

using namespace slipcast;
using control::CalibrationOptions;
using control::Estimate;

namespace {

constexpr std::int64_t kWorlds = 60;
/// Coverage statements of this file, sharing one budget.
constexpr int kStatements = 8;
constexpr std::size_t kBlocks = 60;
constexpr std::size_t kPerBlock = 80;
constexpr double kSpacing = 1.0 / 80.0;

CalibrationOptions quick() {
    CalibrationOptions options;
    options.resamples = 120;
    options.max_lag = 40;
    return options;
}

std::vector<std::int64_t> blocks() {
    std::vector<std::int64_t> made;
    for (std::size_t i = 0; i < kBlocks * kPerBlock; ++i) made.push_back(static_cast<std::int64_t>(i / kPerBlock));
    return made;
}

/// A stationary Ornstein-Uhlenbeck path of unit variance on the grid.
std::vector<double> reverting(RandomStream& stream, double speed, std::size_t count = kBlocks * kPerBlock) {
    const double keep = std::exp(-speed * kSpacing);
    std::vector<double> made{math::draw_normal(stream)};
    while (made.size() < count) {
        made.push_back(keep * made.back() + std::sqrt(1.0 - keep * keep) * math::draw_normal(stream));
    }
    return made;
}

/// How often intervals held the truth. A percentile interval over few blocks covers a little less than it says: the
/// promise tested is 85 % of a 95 % interval, and it must not be void: half the truth is outside most of the time.
struct Coverage {
    std::int64_t held = 0;
    std::int64_t held_half = 0;
    std::int64_t missing = 0;

    void add(const Estimate& estimate, double truth) {
        held += estimate.low <= truth && truth <= estimate.high ? 1 : 0;
        held_half += estimate.low <= 0.4 * truth && 0.4 * truth <= estimate.high ? 1 : 0;
    }
    void expect(const char* what) const {
        EXPECT_FALSE(test::is_below_promise(held, kWorlds, 0.85, test::false_alarm_share(kStatements)))
            << what << ": " << held << " of " << kWorlds;
        EXPECT_LT(held_half, kWorlds / 4) << what << ": intervals must exclude what is far from the truth";
    }
};

}  // namespace

TEST(Calibrate, RecoversDecayVarianceAndLoadingOfASignal) {
    const std::vector<std::int64_t> block = blocks();
    Coverage decay;
    Coverage variance;
    Coverage loading;
    const double speed = 6.0;
    for (std::uint64_t world = 0; world < kWorlds; ++world) {
        RandomStream stream(1, "test.calibrate.signal", world);
        const std::vector<double> x = reverting(stream, speed);
        std::vector<double> next(x.size());
        const double reach = -std::expm1(-speed * kSpacing) / speed;
        for (std::size_t i = 0; i < x.size(); ++i) next[i] = 2.0 * x[i] * reach + 0.1 * math::draw_normal(stream);
        const auto signal = control::estimate_signal({x, block, kSpacing}, quick());
        ASSERT_TRUE(signal) << signal.error().message();
        decay.add(signal->decay, speed);
        variance.add(signal->variance, 2.0 * speed);  // unit stationary variance
        EXPECT_GT(signal->decay_bias, 0.0);
        const auto effect = control::estimate_loading({x, block, kSpacing}, next, signal->decay.value, quick());
        ASSERT_TRUE(effect) << effect.error().message();
        loading.add(*effect, 2.0);
    }
    decay.expect("signal_decay");
    variance.expect("signal_variance");
    loading.expect("loading");
}

TEST(Calibrate, RecoversImpactAndItsDecay) {
    const std::vector<std::int64_t> block = blocks();
    Coverage impact;
    Coverage decay;
    const double beta = 8.0;
    const double lambda = 0.5;
    for (std::uint64_t world = 0; world < kWorlds; ++world) {
        RandomStream stream(1, "test.calibrate.impact", world);
        std::vector<double> flow = reverting(stream, 20.0);
        std::vector<double> returns(flow.size());
        double level = 0.0;
        for (std::size_t i = 0; i < flow.size(); ++i) {
            if (i % kPerBlock == 0) level = 0.0;
            const double keep = std::exp(-beta * kSpacing);
            const double next = keep * level + lambda * flow[i] * (1.0 - keep) / (beta * kSpacing);
            returns[i] = next - level + 0.5 * math::draw_normal(stream);
            level = next;
        }
        const auto estimate = control::estimate_impact({returns, block, kSpacing}, flow, quick());
        ASSERT_TRUE(estimate) << estimate.error().message();
        ASSERT_TRUE(estimate->decay) << estimate->note;
        impact.add(estimate->impact, lambda);
        decay.add(*estimate->decay, beta);
    }
    impact.expect("impact");
    decay.expect("impact_decay");
}

TEST(Calibrate, RecoversTradingCostBesideAFixedOne) {
    const std::vector<std::int64_t> block = blocks();
    Coverage cost;
    for (std::uint64_t world = 0; world < kWorlds; ++world) {
        RandomStream stream(1, "test.calibrate.cost", world);
        std::vector<double> rate, slippage;
        const std::vector<double> weight(block.size(), 1.0);
        double shared = 0.0;
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (i % kPerBlock == 0) shared = 0.3 * math::draw_normal(stream);  // a day's market moves all its orders
            rate.push_back(3.0 * math::draw_normal(stream));
            slippage.push_back(0.02 + 0.5 * 0.8 * std::abs(rate.back()) + shared + 2.0 * math::draw_normal(stream));
        }
        const auto estimate = control::estimate_trading_cost({slippage, block, 1.0}, rate, weight, quick());
        ASSERT_TRUE(estimate) << estimate.error().message();
        cost.add(estimate->trading_cost, 0.8);
    }
    cost.expect("trading_cost");
}

TEST(Calibrate, TellsTwoVarianceFactorsFromOne) {
    const std::vector<std::int64_t> block = blocks();
    int two = 0;
    int one = 0;
    for (std::uint64_t world = 0; world < 12; ++world) {
        RandomStream stream(1, "test.calibrate.variance", world);
        const std::vector<double> fast = reverting(stream, 40.0);
        const std::vector<double> slow = reverting(stream, 3.0);
        std::vector<double> both(fast.size());
        std::vector<double> single(fast.size());
        for (std::size_t i = 0; i < fast.size(); ++i) {
            const double noise = 0.1 * math::draw_normal(stream);
            both[i] = 5.0 + fast[i] + slow[i] + noise;
            single[i] = 5.0 + fast[i] + noise;
        }
        const auto mixed = control::estimate_variance({both, block, kSpacing}, quick());
        const auto plain = control::estimate_variance({single, block, kSpacing}, quick());
        ASSERT_TRUE(plain) << plain.error().message();
        EXPECT_NEAR(plain->components.front().speed.value, 40.0, 15.0);
        one += plain->components.size() == 1 && !plain->note.empty() ? 1 : 0;
        if (mixed && mixed->components.size() == 2) {
            ++two;
            EXPECT_GT(mixed->components[0].speed.value, 18.0);
            EXPECT_LT(mixed->components[0].speed.value, 90.0);
            EXPECT_NEAR(mixed->components[1].speed.value, 3.0, 2.5);
        }
    }
    EXPECT_GE(two, 6);
    EXPECT_GE(one, 9);
}

TEST(Calibrate, RefusesWhatTheDataDoNotTell) {
    const std::vector<std::int64_t> block = blocks();
    const auto field = [](const auto& result) { return result ? std::string{} : result.error().field; };
    const auto code = [](const auto& result) { return result ? ErrorCode::invalid_value : result.error().code; };
    RandomStream stream(1, "test.calibrate.refusal");
    std::vector<double> noise(block.size());
    std::vector<double> other(block.size());
    std::vector<double> walk(block.size(), 0.0);
    for (std::size_t i = 0; i < noise.size(); ++i) {
        noise[i] = math::draw_normal(stream);
        other[i] = math::draw_normal(stream);
        walk[i] = (i == 0 ? 0.0 : walk[i - 1]) + noise[i];
    }
    // White noise decays within a spacing; a random walk does not revert.
    EXPECT_EQ(code(control::estimate_signal({noise, block, kSpacing}, quick())), ErrorCode::not_identified);
    EXPECT_EQ(code(control::estimate_signal({walk, block, kSpacing}, quick())), ErrorCode::not_identified);
    EXPECT_EQ(field(control::estimate_loading({noise, block, kSpacing}, other, 5.0, quick())), "loading");
    EXPECT_EQ(field(control::estimate_impact({noise, block, kSpacing}, other, quick())), "impact");
    const std::vector<double> weight(block.size(), 1.0);
    EXPECT_EQ(field(control::estimate_trading_cost({noise, block, 1.0}, other, weight, quick())), "trading_cost");
    EXPECT_EQ(code(control::estimate_variance({noise, block, kSpacing}, quick())), ErrorCode::not_identified);
    // Permanent impact: decay is not identified, impact is.
    std::vector<double> returns(block.size());
    for (std::size_t i = 0; i < returns.size(); ++i) returns[i] = 0.5 * other[i] + noise[i];
    const auto lasting = control::estimate_impact({returns, block, kSpacing}, other, quick());
    ASSERT_TRUE(lasting);
    EXPECT_FALSE(lasting->decay);
    EXPECT_NE(lasting->note, "");
    EXPECT_NEAR(lasting->impact.value, 0.5, 0.1);
    // Too few blocks, columns that do not fit, numbers that are none.
    const std::vector<std::int64_t> few(block.size(), 0);
    EXPECT_EQ(field(control::estimate_signal({noise, few, kSpacing}, quick())), "blocks");
    EXPECT_EQ(field(control::estimate_impact({noise, block, kSpacing}, {}, quick())), "series");
    EXPECT_EQ(field(control::estimate_signal({noise, block, 0.0}, quick())), "spacing");
    noise[3] = std::nan("");
    EXPECT_EQ(field(control::estimate_signal({noise, block, kSpacing}, quick())), "series");
}

TEST(Calibrate, IntervalsDoNotDependOnAnythingButTheirArguments) {
    const std::vector<std::int64_t> block = blocks();
    RandomStream stream(1, "test.calibrate.same");
    const std::vector<double> x = reverting(stream, 6.0);
    const auto one = control::estimate_signal({x, block, kSpacing}, quick());
    const auto two = control::estimate_signal({x, block, kSpacing}, quick());
    ASSERT_TRUE(one && two);
    EXPECT_EQ(one->decay.low, two->decay.low);
    EXPECT_EQ(one->variance.high, two->variance.high);
}
