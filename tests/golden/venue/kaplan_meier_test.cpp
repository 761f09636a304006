#include "slipcast/venue/kaplan_meier.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

// The textbook example of the product-limit estimate: weeks of remission of 21 leukemia patients under 6-MP (Freireich
// and others 1963; data and table in Kleinbaum and Klein, "Survival Analysis: A Self-Learning Text", and in Cox and
// Oakes 1984). Published to three and four digits.

using namespace slipcast::venue;

namespace {

struct Published {
    std::int64_t week = 0;
    std::int64_t at_risk = 0;
    std::int64_t relapses = 0;
    double survival = 0.0;
    double greenwood_error = 0.0;
};

constexpr std::array<Published, 7> kTable{{{6, 21, 3, 0.857, 0.0764},
                                           {7, 17, 1, 0.807, 0.0869},
                                           {10, 15, 1, 0.753, 0.0963},
                                           {13, 12, 1, 0.690, 0.1068},
                                           {16, 11, 1, 0.627, 0.1141},
                                           {22, 7, 1, 0.538, 0.1282},
                                           {23, 6, 1, 0.448, 0.1346}}};

/// A relapse in week t is a route that filled t of more; one censored in week t a full fill of t + 1.
std::vector<Observation> remissions() {
    std::vector<Observation> log;
    for (const std::int64_t week : {6, 6, 6, 7, 10, 13, 16, 22, 23}) log.push_back({week + 50, week});
    for (const std::int64_t week : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) log.push_back({week + 1, week + 1});
    return log;
}

}  // namespace

TEST(KaplanMeier, ReproducesThePublishedRemissionTable) {
    const KaplanMeier curve = *KaplanMeier::estimate(remissions());
    ASSERT_EQ(curve.event_sizes().size(), kTable.size());
    for (const Published& row : kTable) {
        EXPECT_EQ(curve.at_risk(row.week + 1), row.at_risk);
        EXPECT_EQ(curve.events(row.week + 1), row.relapses);
        const double survival = curve.prob_at_least(row.week + 1);
        EXPECT_NEAR(survival, row.survival, 5e-4) << row.week;
        // The band is T^exp(+-q e / (T ln T)) with e Greenwood's error: solved for e.
        const ProbabilityBand band = curve.band(row.week + 1, 0.95);
        const double power = std::log(std::log(*band.low) / std::log(survival));
        EXPECT_NEAR(power / 1.959963984540054 * survival * -std::log(survival), row.greenwood_error, 5e-5) << row.week;
    }
}
