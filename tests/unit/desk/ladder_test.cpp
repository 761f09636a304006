#include "slipcast/desk/ladder.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace slipcast::desk {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

LadderInputs calm() {
    return {.p95_bps = 10.0,
            .tier_median_p95_bps = 10.0,
            .epistemic_sd_bps = 1.0,
            .aleatoric_sd_bps = 4.0,
            .symbol_observations = 30};
}

void expect(const LadderInputs& inputs, Rung rung, RungReason reason) {
    const LadderReading reading = ladder(inputs, {});
    EXPECT_EQ(reading.rung, rung) << text(reading.reason);
    EXPECT_EQ(reading.reason, reason) << text(reading.reason);
}

TEST(DeskLadder, TheTailDecidesAtItsMultiples) {
    LadderInputs inputs = calm();
    expect(inputs, Rung::green, RungReason::normal);
    inputs.p95_bps = 15.0;  // at 1.5 x
    expect(inputs, Rung::green, RungReason::normal);
    inputs.p95_bps = 15.01;
    expect(inputs, Rung::amber, RungReason::amber_tail);
    inputs.p95_bps = 25.0;  // at 2.5 x
    expect(inputs, Rung::amber, RungReason::amber_tail);
    inputs.p95_bps = 25.01;
    expect(inputs, Rung::red, RungReason::red_tail);
}

TEST(DeskLadder, WhatTheModelDoesNotKnowIsRed) {
    LadderInputs inputs = calm();
    inputs.epistemic_sd_bps = 4.0;  // at the aleatoric part
    expect(inputs, Rung::green, RungReason::normal);
    inputs.epistemic_sd_bps = 4.01;
    expect(inputs, Rung::red, RungReason::epistemic);
}

TEST(DeskLadder, AColdSymbolIsAmber) {
    LadderInputs inputs = calm();
    inputs.symbol_observations = 29;
    expect(inputs, Rung::amber, RungReason::cold_start);
    EXPECT_TRUE(ladder(inputs, {}).is_cold);
    EXPECT_FALSE(ladder(calm(), {}).is_cold);
}

TEST(DeskLadder, WithoutAForecastItIsAmber) {
    for (double LadderInputs::* missing : {&LadderInputs::p95_bps, &LadderInputs::epistemic_sd_bps,
                                           &LadderInputs::aleatoric_sd_bps, &LadderInputs::tier_median_p95_bps}) {
        LadderInputs inputs = calm();
        inputs.*missing = kMissing;
        expect(inputs, Rung::amber, RungReason::no_forecast);
    }
}

TEST(DeskLadder, TheStricterOfModelAndPortfolioHolds) {
    LadderInputs inputs = calm();
    inputs.portfolio = Rung::amber;
    expect(inputs, Rung::amber, RungReason::portfolio);
    inputs.portfolio = Rung::red;
    expect(inputs, Rung::red, RungReason::portfolio);
    inputs.p95_bps = 26.0;
    expect(inputs, Rung::red, RungReason::red_tail);
    inputs.portfolio = Rung::green;
    expect(inputs, Rung::red, RungReason::red_tail);
}

TEST(DeskLadder, StressBeginsAboveTwoAndEndsBelowOne) {
    EXPECT_DOUBLE_EQ(stress_score({.volatility_z = 1.0, .spread_z = 0.5, .depth_z = -0.75}), 2.25);
    const LadderOptions options;
    EXPECT_FALSE(is_stressed(false, 2.0, options));
    EXPECT_TRUE(is_stressed(false, 2.01, options));
    EXPECT_TRUE(is_stressed(true, 1.0, options));
    EXPECT_FALSE(is_stressed(true, 0.99, options));
    EXPECT_TRUE(is_stressed(true, kMissing, options));
    EXPECT_FALSE(is_stressed(false, kMissing, options));
    LadderInputs inputs = calm();
    inputs.is_stressed = true;
    expect(inputs, Rung::amber, RungReason::stress);
}

}  // namespace
}  // namespace slipcast::desk
