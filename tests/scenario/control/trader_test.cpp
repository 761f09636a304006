#include "slipcast/control/trader.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "slipcast/control/seed_execution.hpp"
#include "support/trading_problem.hpp"

using namespace slipcast;
using control::Fill;
using control::Guard;
using control::Situation;
using control::Trader;
using control::TraderOptions;

namespace {

constexpr std::array<double, 1> kSignal = {0.6};

TraderOptions example_options() {
    TraderOptions options;
    options.market = test::example_problem();
    return options;
}

Situation at(double time, double position = 0.0) {
    Situation situation;
    situation.time = time;
    situation.position = position;
    situation.signal = kSignal;
    situation.variance = 0.2;
    return situation;
}

Trader example_trader() {
    return *Trader::make(example_options());
}

/// A general fast factor and a slow one, both standing at z.
control::Factors moved_factors(double z) {
    const double mean = 0.2 * std::exp(2.0 * z);
    const control::Factor fast{.kind = control::FactorKind::gaussian,
                               .mean = 0.0,
                               .mean_reversion = 1.0,
                               .volatility = 0.5,
                               .speed = 20.0,
                               .signal_correlation = {-0.3}};
    control::Factors factors;
    // The mean of e^(2y) with a deviation of 0.5/sqrt(2) is e^(2/8).
    factors.fast = *control::FastFactor::gaussian(fast, [mean](double y) { return mean * std::exp(2.0 * y - 0.25); });
    factors.fast_order = control::FastOrder::two;
    factors.slow = control::SlowFactor{.dvariance = 2.0 * mean,
                                       .d2variance = 4.0 * mean,
                                       .drift = -z,
                                       .volatility = 0.4,
                                       .time_scale = 0.05,
                                       .signal_correlation = {-0.5}};
    factors.slow_order = control::SlowOrder::one;
    return factors;
}

/// `count` fills of 0.01, one a day after `start`, with slippage `ratio` times the expected.
void slip(Trader& trader, int count, double ratio, double start = 0.0) {
    for (int i = 1; i <= count; ++i) {
        Fill fill;
        fill.time = start + i;
        fill.quantity = 0.01;
        fill.days = 1.0;
        const double standing = trader.impact_level(fill.time - fill.days);
        fill.realized_slippage = ratio * control::expected_slippage(1.0, 0.01, standing);
        ASSERT_TRUE(trader.record(fill));
    }
}

}  // namespace

TEST(Trader, DecidesByTheRuleWithTheImpactOfItsFills) {
    Trader trader = example_trader();
    ASSERT_TRUE(trader.record({.time = 0.5, .quantity = 0.2, .days = 0.5}));
    // dl = (lambda u - beta l) dt over half a day at u = 0.4: l = lambda u (1 - e^(-beta/2))/beta.
    const double level = 0.4 * (1.0 - std::exp(-0.05));
    EXPECT_NEAR(trader.impact_level(), level, 1e-15);
    const auto decision = trader.decide(at(2.5, 0.2));
    ASSERT_TRUE(decision);
    const double later = level * std::exp(-0.2);
    EXPECT_NEAR(trader.impact_level(2.5), later, 1e-15);
    EXPECT_NEAR(decision->trade, trader.rule().decide(0.2, later, kSignal), 1e-15);
    EXPECT_EQ(decision->acted, 0U);
    Situation told = at(2.5, 0.2);
    told.impact_level = -0.3;
    EXPECT_NEAR(trader.decide(told)->trade, trader.rule().decide(0.2, -0.3, kSignal), 1e-15);
}

TEST(Trader, TheImpactLevelDoesNotDependOnHowATradeIsCut) {
    Trader whole = example_trader();
    Trader parts = example_trader();
    ASSERT_TRUE(whole.record({.time = 1.0, .quantity = 0.5, .days = 1.0}));
    for (int i = 1; i <= 10; ++i) {
        ASSERT_TRUE(parts.record({.time = 0.1 * i, .quantity = 0.05, .days = 0.1}));
    }
    EXPECT_NEAR(whole.impact_level(1.0), parts.impact_level(1.0), 1e-15);
    EXPECT_NEAR(parts.turnover(1.0), 0.5, 1e-15);
}

TEST(Trader, G6TheWindowForgetsAfterADay) {
    TraderOptions options = example_options();
    options.guards.turnover_limit = 0.5;
    Trader trader = *Trader::make(options);
    ASSERT_TRUE(trader.record({.time = 0.25, .quantity = -0.5, .days = 0.25}));
    const auto full = trader.decide(at(0.25));
    EXPECT_EQ(full->trade, 0.0);
    EXPECT_TRUE(full->is_flagged(Guard::turnover));
    EXPECT_EQ(trader.decide(at(1.2499))->trade, 0.0) << "just inside the window";
    const auto free = trader.decide(at(1.25));
    EXPECT_FALSE(free->is_flagged(Guard::turnover)) << "a day later it is out of the window";
    EXPECT_GT(free->trade, 0.0);
}

TEST(Trader, G7RecalibratesAfterSevenDaysAndEnoughFills) {
    Trader trader = example_trader();
    slip(trader, 20, 1.5);
    const control::Gains before = trader.rule().gains();
    Trader early = example_trader();
    slip(early, 6, 1.5);
    EXPECT_NE(early.recalibrate(6.999).reason.find("not due"), std::string::npos);
    EXPECT_NE(early.recalibrate(7.0).reason.find("too few fills: 6 of 20"), std::string::npos);
    const auto done = trader.recalibrate(20.0);
    ASSERT_TRUE(done.record) << done.reason;
    EXPECT_NEAR(done.record->factor, 1.5, 1e-12);
    EXPECT_NEAR(trader.impact(), 0.15, 1e-13);
    EXPECT_EQ(trader.history().size(), 1U);
    // Every coefficient is solved again: the new rule is that of the new parameters.
    control::Parameters renewed = test::example_problem();
    renewed.impact = trader.impact();
    const auto expected = control::solve(renewed);
    EXPECT_EQ(trader.rule().gains().position, expected->gains().position);
    EXPECT_EQ(trader.rule().gains().level, expected->gains().level);
    EXPECT_EQ(trader.rule().gains().signal, expected->gains().signal);
    EXPECT_EQ(trader.rule().coefficients().A0, expected->coefficients().A0);
    EXPECT_NE(before.level, trader.rule().gains().level);
    EXPECT_NE(trader.recalibrate(20.0).reason.find("not due"), std::string::npos);
    EXPECT_NE(trader.recalibrate(27.0).reason.find("too few fills: 0"), std::string::npos) << "measures anew";
}

TEST(Trader, G7TheFactorIsClippedAndImpactStaysWithinItsSpan) {
    Trader trader = example_trader();
    double time = 0.0;
    for (const double expected : {0.2, 0.4, 0.8, 0.8}) {
        slip(trader, 20, 50.0, time);
        time += 20.0;
        ASSERT_TRUE(trader.recalibrate(time).record);
        EXPECT_NEAR(trader.impact(), expected, 1e-12) << "doubled, up to eight times the configured";
    }
    for (const double expected : {0.4, 0.2}) {
        slip(trader, 20, -3.0, time);
        time += 20.0;
        const auto outcome = trader.recalibrate(time);
        EXPECT_EQ(outcome.record->factor, 0.5) << "negative slippage halves";
        EXPECT_NEAR(trader.impact(), expected, 1e-12);
    }
}

TEST(Trader, G7ImpactWithoutAStableRuleIsNotTaken) {
    TraderOptions options = example_options();
    options.market.impact = 5.0;  // the limit is 7.5
    Trader trader = *Trader::make(options);
    const double gain = trader.rule().gains().position;
    const auto outcome = trader.recalibrate(7.0, {.realized = 2.0, .expected = 1.0, .fills = 20});
    EXPECT_FALSE(outcome.record);
    EXPECT_NE(outcome.reason.find("stability"), std::string::npos);
    EXPECT_EQ(trader.impact(), 5.0);
    EXPECT_EQ(trader.rule().gains().position, gain);
}

TEST(Trader, G8NeedsEnoughFillsAndARatioAboveTwo) {
    for (const auto& [fills, ratio, halved] :
         {std::tuple{20, 2.2, true}, std::tuple{19, 2.2, false}, std::tuple{20, 1.99, false}}) {
        Trader trader = example_trader();
        slip(trader, fills, ratio);
        const auto decision = trader.decide(at(fills + 0.5));
        EXPECT_EQ(decision->is_flagged(Guard::slippage), halved) << fills << " fills at " << ratio;
        const double u = trader.rule().decide(0.0, trader.impact_level(fills + 0.5), kSignal);
        EXPECT_NEAR(decision->trade, halved ? 0.5 * u : u, 1e-15);
    }
}

TEST(Trader, G3ComparesVariancesUnlessTheSeedsVolatilitiesAreAskedFor) {
    TraderOptions options = example_options();
    options.guards.half_step = true;
    Situation now = at(0.0);
    const auto half = [&](double variance, double volatility) {
        now.variance = variance;
        now.volatility = volatility;
        return Trader::make(options)->decide(now)->is_flagged(Guard::half_step);
    };
    EXPECT_FALSE(half(1.2 * 0.2, 99.0));
    EXPECT_TRUE(half(0.2401, 0.0));
    options.guards.half_step_measure = static_cast<int>(control::HalfStepMeasure::volatility);
    // sqrt(y) > 1.2 sqrt(mu): variance above 1.44 times its mean.
    EXPECT_FALSE(half(0.287, control::kNotGiven));
    EXPECT_TRUE(half(0.289, control::kNotGiven));
    options.mean_volatility = 0.2;
    EXPECT_TRUE(half(0.2, 0.2401)) << "the volatility given, against the mean given";
    EXPECT_FALSE(half(9.0, 0.2399));
}

TEST(Trader, G0RefusesWhatIsNoSituation) {
    const Trader trader = example_trader();
    const auto field = [&](const Situation& situation) { return trader.decide(situation).error().field; };
    Situation bad = at(0.0);
    bad.position = std::nan("");
    EXPECT_EQ(field(bad), "position");
    bad = at(-1.0);
    EXPECT_EQ(field(bad), "time");
    bad = at(0.0);
    bad.step = 0.0;
    EXPECT_EQ(field(bad), "step");
    bad = at(0.0);
    bad.signal = {};
    EXPECT_EQ(field(bad), "signal");
    const std::array<double, 1> infinite = {std::numeric_limits<double>::infinity()};
    bad.signal = infinite;
    EXPECT_EQ(field(bad), "signal");
    Trader other = trader;
    EXPECT_EQ(other.record({.time = 1.0, .quantity = std::nan("")}).error().field, "quantity");
    EXPECT_EQ(other.record({.time = 1.0, .quantity = 0.1, .days = 0.0}).error().field, "days");
    ASSERT_TRUE(other.record({.time = 1.0, .quantity = 0.1}));
    EXPECT_EQ(other.record({.time = 0.5, .quantity = 0.1}).error().field, "time");
    TraderOptions unstable = example_options();
    unstable.market.impact = 7.6;
    EXPECT_EQ(Trader::make(unstable).error().field, "stability");
}

TEST(Trader, StateComesBackBitForBit) {
    TraderOptions options = example_options();
    Trader trader = *Trader::make(options, 0.3);
    slip(trader, 25, 1.7, 0.3);
    ASSERT_TRUE(trader.recalibrate(26.0).record);
    slip(trader, 7, 2.3, 26.0);
    ASSERT_TRUE(trader.record({.time = 33.1, .quantity = -1.0 / 3.0, .days = 0.1}));
    const std::string saved = trader.state();
    const auto restored = Trader::restore(options, saved);
    ASSERT_TRUE(restored) << restored.error().message();
    EXPECT_EQ(restored->state(), saved);
    EXPECT_EQ(restored->impact_level(), trader.impact_level());
    EXPECT_EQ(restored->history(), trader.history());
    EXPECT_EQ(restored->decide(at(34.0, 0.1))->trade, trader.decide(at(34.0, 0.1))->trade);
    EXPECT_EQ(restored->turnover(33.5), trader.turnover(33.5));
    // Other options, a cut text and text after its end are refused.
    TraderOptions other = options;
    other.market.risk_aversion = 5.0000001;
    EXPECT_EQ(Trader::restore(other, saved).error().field, "options");
    for (std::size_t length = 0; length + 2 < saved.size(); length += 13) {
        EXPECT_FALSE(Trader::restore(options, saved.substr(0, length))) << length;
    }
    EXPECT_FALSE(Trader::restore(options, saved + "more"));
    EXPECT_TRUE(Trader::restore(options, saved));
}

TEST(Trader, StateKeepsFactorsThatWereRenewed) {
    TraderOptions options = example_options();
    options.factors = moved_factors(0.0);
    Trader trader = *Trader::make(options);
    slip(trader, 25, 1.7);
    ASSERT_TRUE(trader.recalibrate(26.0).record);
    const control::Factors moved = moved_factors(0.15);
    ASSERT_TRUE(trader.renew(moved.fast->mean_variance(), moved));
    const std::string saved = trader.state();
    const auto restored = Trader::restore(options, saved);
    ASSERT_TRUE(restored) << restored.error().message();
    EXPECT_EQ(restored->state(), saved);
    Situation now = at(27.0, 0.1);
    for (const double y : {-0.9, -0.2, 0.0, 0.3, 5.0}) {
        now.variance = 0.2;
        EXPECT_EQ(restored->factor_rule()->decide(0.1, 0.02, kSignal, y),
                  trader.factor_rule()->decide(0.1, 0.02, kSignal, y));
        EXPECT_EQ(restored->factor_rule()->shift(), trader.factor_rule()->shift());
    }
    EXPECT_EQ(restored->decide(now)->trade, trader.decide(now)->trade);
    EXPECT_NE(trader.decide(now)->trade, Trader::make(options)->decide(now)->trade) << "it has moved";
    // A slow factor is part of the options, too.
    TraderOptions other = options;
    other.factors->slow->volatility += 1e-9;
    EXPECT_EQ(Trader::restore(other, saved).error().field, "options");
    for (std::size_t length = 0; length + 2 < saved.size(); length += 397) {
        EXPECT_FALSE(Trader::restore(options, saved.substr(0, length))) << length;
    }
}

TEST(Trader, DamagedStateIsRefusedOrHarmless) {
    Trader trader = example_trader();
    slip(trader, 5, 1.2);
    const std::string saved = trader.state();
    int refused = 0;
    for (std::uint64_t damage = 0; damage < 2'000; ++damage) {
        RandomStream stream(4, "state.damage", damage);
        std::string text = saved;
        const int edits = 1 + static_cast<int>(3.0 * stream.next_uniform());
        for (int i = 0; i < edits; ++i) {
            const auto place = static_cast<std::size_t>(stream.next_uniform() * static_cast<double>(text.size()));
            text[place] = "0123456789abcdefxp.-+ \n\0naif"[static_cast<std::size_t>(stream.next_uniform() * 29.0)];
        }
        const auto restored = Trader::restore(example_options(), text);
        if (!restored) {
            ++refused;
            continue;
        }
        // What is taken decides by finite numbers, or says why it does not.
        Situation now = at(1e6);
        const auto decision = restored->decide(now);
        EXPECT_TRUE(!decision || std::isfinite(decision->trade)) << text;
    }
    EXPECT_GT(refused, 1'000);
    EXPECT_FALSE(Trader::restore(example_options(), ""));
}

TEST(SeedExecution, SavesAndLoadsBitForBitAlsoWithMovedFactors) {
    control::ExecutionConfig config;
    config.slow_volatility = 0.4;
    config.slow_correlation = -0.5;
    config.delta = 0.1;
    auto seed = control::OptimalExecution::make(config);
    ASSERT_TRUE(seed) << seed.error().message();
    ASSERT_TRUE(seed->set_factors(0.31, 0.1));
    const auto decision = seed->compute_trading_rate(0.7, 0.25);
    ASSERT_TRUE(decision);
    EXPECT_TRUE(decision->is_flagged(Guard::half_step));
    ASSERT_TRUE(seed->update_price_impact(decision->trade, 1.0));
    ASSERT_TRUE(seed->compute_trading_rate(-0.2, 0.21));
    const std::string saved = seed->save();
    auto loaded = control::OptimalExecution::load(saved);
    ASSERT_TRUE(loaded) << loaded.error().message();
    EXPECT_EQ(loaded->save(), saved);
    EXPECT_EQ(loaded->compute_trading_rate(0.3)->trade, seed->compute_trading_rate(0.3)->trade);
    EXPECT_NE(seed->get_execution_summary().slow_correction, 0.0);
    for (std::size_t length = 0; length + 2 < saved.size(); length += 17) {
        EXPECT_FALSE(control::OptimalExecution::load(saved.substr(0, length))) << length;
    }
}

TEST(SeedExecution, ConfigurationOutsideItsRangeIsRefusedByName) {
    control::ExecutionConfig config;
    config.theta = 0.2;
    EXPECT_EQ(control::OptimalExecution::make(config).error().field, "theta");
    config = {};
    config.K = 0.0;
    EXPECT_EQ(control::OptimalExecution::make(config).error().field, "K");
    config = {};
    config.epsilon = 0.9;  // beyond chi_fast |M|/(gamma mu) = 0.896
    EXPECT_EQ(control::OptimalExecution::make(config).error().field, "fast.time_scale");
}
