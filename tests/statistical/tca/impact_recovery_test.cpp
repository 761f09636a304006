#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/statistics.hpp"
#include "support/false_alarm.hpp"
#include "support/measured.hpp"
#include "support/replayed.hpp"

// Many synthetic worlds with an impact that we planted: what the measurement says of it, and of its absence.

namespace slipcast::tca {
namespace {

constexpr double kOwnBps = 4000.0;  // linear and lasting: moves the price by 40 bps when 1 % of ADV has traded
constexpr int kWorlds = 24;
constexpr int kAssertions = 7;

struct Drift {
    double bps = 0.0;
    double low = 0.0;
    double high = 0.0;
    [[nodiscard]] bool covers(double value) const { return low <= value && value <= high; }
};

Drift measured_drift(const test::Measured& measured) {
    const Table& shortfall = measured.table("shortfall");
    for (std::size_t row = 0; row < shortfall.rows(); ++row) {
        if (measured.text("shortfall", "part", row) == "drift" && measured.text("shortfall", "basis", row) == "order") {
            return {measured.number("shortfall", "bps", row), measured.number("shortfall", "low", row),
                    measured.number("shortfall", "high", row)};
        }
    }
    ADD_FAILURE() << "no drift in the shortfall table";
    return {};
}

/// The drift that the overlay plants, straight from its definition: each fill pays for the order's own fills before it.
/// As the measurement weighs it: cash over what was ordered at the arrival price.
double planted_drift_bps(const market::Dataset& dataset, const test::Measured& measured) {
    std::map<std::int32_t, double> before;
    std::map<std::int32_t, double> sum;
    const double adv = *dataset.instruments.front().adv;
    for (const market::Fill& fill : dataset.fills) {
        const auto quantity = static_cast<double>(fill.quantity.units());
        sum[fill.order.index()] += quantity * kOwnBps * before[fill.order.index()] / adv;
        before[fill.order.index()] += quantity;
    }
    double cash = 0.0;
    double notional = 0.0;
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const double arrival = measured.number("orders", "arrival_price", row);
        cash += sum[dataset.orders[row].id.index()] * arrival;
        notional += measured.number("orders", "paper_notional_cash", row);
    }
    return cash / notional;
}

struct Worlds {
    math::Moments drift;
    math::Moments error;  ///< drift less what was planted
    std::int64_t covered = 0;
    std::int64_t covered_zero = 0;
    std::int64_t with_separable_broker = 0;
    std::int64_t judged_brokers = 0;
    std::string note;
};

/// About one order a symbol-day, so that the rest of our flow adds noise and no bias.
Worlds worlds(double size, bool with_impact) {
    Worlds result;
    for (int world = 0; world < kWorlds; ++world) {
        const auto seed = static_cast<std::uint64_t>(100 + world);
        test::Scene made = test::scene({.symbols = 12,
                                        .days = 3,
                                        .seed = seed,
                                        .quotes_per_day = 1500,
                                        .correlation = 0.0,
                                        .stress_share = 0.0,
                                        .halt_rate = 0.0},
                                       {.count = 36,
                                        .seed = seed,
                                        .min_size = size,
                                        .max_size = size,
                                        .min_horizon = std::chrono::minutes{40},
                                        .max_horizon = std::chrono::minutes{90},
                                        .style_weights = {1.0, 0.0, 0.0, 0.0, 0.0},
                                        .limit_share = 0.0,
                                        .cancel_share = 0.0,
                                        .brokers = 2});
        sim::ReplayOptions options;
        options.impact.enabled = with_impact;
        options.impact.own_bps = kOwnBps;
        options.impact.gamma = 1.0;
        options.impact.decays.front().half_life = std::chrono::hours{24 * 365};
        const auto replayed = sim::replay_in_memory(std::move(made.market), std::move(made.parents), options).value();
        MeasureOptions measure_options;
        measure_options.markouts = {"1min"};
        const test::Measured measured(replayed.dataset, measure_options);
        const Drift drift = measured_drift(measured);
        const double planted = with_impact ? planted_drift_bps(replayed.dataset, measured) : 0.0;
        result.drift.add(drift.bps);
        result.error.add(drift.bps - planted);
        result.covered += drift.covers(planted) ? 1 : 0;
        result.covered_zero += drift.covers(0.0) ? 1 : 0;
        bool any = false;
        for (std::size_t row = 0; row < measured.table("brokers").rows(); ++row) {
            result.judged_brokers += measured.has("brokers", "separable", row) ? 1 : 0;
            any = any || measured.text("brokers", "separable", row) == "true";
        }
        result.with_separable_broker += any ? 1 : 0;
        for (std::size_t row = 0; row < measured.table("summary").rows(); ++row) {
            if (measured.text("summary", "metric", row) == "arrival_cost_bps") {
                result.note = measured.text("summary", "note", row);
            }
        }
    }
    return result;
}

double deviations() {
    return -math::normal_quantile(test::false_alarm_share(kAssertions) / 2.0);
}

TEST(ImpactRecovery, MeasuredCostBySizeIsThePlantedImpactWithinItsInterval) {
    for (const double size : {8e-3, 2e-2}) {
        const Worlds found = worlds(size, true);
        const double error = deviations() * *found.error.standard_error();
        EXPECT_NEAR(*found.error.mean(), 0.0, error) << "size " << size;
        // A 95 % interval from a few dozen blocks may cover a little less: 85 % is what is promised here.
        EXPECT_FALSE(test::is_below_promise(found.covered, kWorlds, 0.85, test::false_alarm_share(kAssertions)))
            << found.covered << " of " << kWorlds << " intervals cover the planted impact at size " << size;
        if (size > 1e-2) {
            EXPECT_GT(*found.drift.mean(), error) << "the test could not tell impact from none";
        }
    }
}

TEST(ImpactRecovery, WithoutTheOverlayOwnImpactIsNotSeparableAndTheReportSaysSo) {
    const Worlds found = worlds(2e-2, false);
    EXPECT_NEAR(*found.drift.mean(), 0.0, deviations() * *found.drift.standard_error());
    EXPECT_FALSE(test::is_below_promise(found.covered_zero, kWorlds, 0.85, test::false_alarm_share(kAssertions)))
        << found.covered_zero << " of " << kWorlds << " intervals cover zero";
    // Brokers are drawn at random, so none is better: one is called separable in at most 5 % of worlds, 10 % promised.
    EXPECT_GT(found.judged_brokers, kWorlds);
    EXPECT_FALSE(
        test::is_above_promise(found.with_separable_broker, kWorlds, 0.10, test::false_alarm_share(kAssertions)))
        << found.with_separable_broker << " of " << kWorlds << " worlds call one of two equal brokers separable";
    EXPECT_NE(found.note.find("not separable"), std::string::npos) << found.note;
}

}  // namespace
}  // namespace slipcast::tca
