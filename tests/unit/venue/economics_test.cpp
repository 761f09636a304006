#include "slipcast/venue/economics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace slipcast::venue;

namespace {

VenueEconomics at(double markout, double error) {
    return {
        .venue = "V", .spread_saved = 1.0, .rebate = 0.2, .fee = 0.3, .markout = markout, .markout_std_error = error};
}

}  // namespace

TEST(VenueValues, NoisyMarkoutsAreDrawnTogetherAndSureOnesAreNot) {
    // Within its errors nothing differs: all take the common mean.
    const auto noise = *venue_values(std::vector{at(-1.0, 2.0), at(1.0, 2.0)});
    EXPECT_EQ(noise.spread_between, 0.0);
    EXPECT_DOUBLE_EQ(noise.markout[0], 0.0);
    EXPECT_DOUBLE_EQ(noise.value[1], 1.0 + 0.2 - 0.3);
    // By hand: equal errors e, means -3 and 3: scatter 18 / e^2, between = 18 - e^2 = 17.
    const auto sure = *venue_values(std::vector{at(-3.0, 1.0), at(3.0, 1.0)});
    EXPECT_NEAR(sure.spread_between, std::sqrt(17.0), 1e-12);
    EXPECT_NEAR(sure.markout[1], 3.0 * 17.0 / 18.0, 1e-12);
    EXPECT_NEAR(sure.value[0], 0.9 - 3.0 * 17.0 / 18.0, 1e-12);
    const auto exact = *venue_values(std::vector{at(-3.0, 0.0), at(3.0, 0.0)});
    EXPECT_NEAR(exact.markout[0], -3.0, 1e-9);
    EXPECT_DOUBLE_EQ(venue_values(std::vector{at(-0.7, 0.5)})->markout[0], -0.7);
}

TEST(VenueValues, WhatIsNoNumberIsRefusedByRow) {
    EXPECT_EQ(venue_values({}).error().field, "venues");
    const auto refused = venue_values(std::vector{at(0.0, 1.0), at(std::nan(""), 1.0)});
    EXPECT_EQ(refused.error().field, "markout");
    EXPECT_EQ(refused.error().place.row, 2);
    EXPECT_EQ(venue_values(std::vector{at(0.0, -1.0)}).error().field, "markout_std_error");
}
