#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "table_columns.hpp"

namespace slipcast::test {

/// What to plant beside the defaults.
struct CostOrderOptions {
    double degrees = 5.0;              ///< of the noise; 0 = normal
    std::vector<double> brokers = {};  ///< an effect a broker [bps]; empty = no such column
    double censor_above = 0.0;         ///< bps: where costs above stay unknown; 0 = nowhere
};

/// Finished orders of the model itself: cost = 1 + kRoot sqrt(p) + kSpread spread + s T, ln s = ln 3 + kVolatility
/// (ln volatility - ln 100). Whether they finish follows a logistic of ln p.
class CostOrders {
public:
    static constexpr double kIntercept = 1.0, kRoot = 12.0, kSpread = 0.5, kScale = 3.0, kVolatility = 0.6,
                            kDegrees = 5.0;
    /// ln odds to finish = kFinish + kFinishSlope ln p.
    static constexpr double kFinish = -0.5, kFinishSlope = -0.8;

    CostOrders(std::size_t count, std::uint64_t seed, const CostOrderOptions& options = {}) : options_(options) {
        RandomStream stream(seed, "test.cost.orders");
        for (std::size_t i = 0; i < count; ++i) {
            participation.push_back(std::exp(-3.0 + math::draw_normal(stream)));
            spread.push_back(math::draw_lognormal(stream, 1.0, 0.5));
            volatility.push_back(math::draw_lognormal(stream, std::log(100.0), 0.4));
            const double noise =
                options.degrees == 0.0
                    ? math::draw_normal(stream)
                    : math::draw_normal(stream) /
                          std::sqrt(math::draw_gamma(stream, 0.5 * options.degrees, 2.0 / options.degrees));
            double effect = 0.0;
            broker.emplace_back("none");
            if (!options.brokers.empty()) {
                const auto which = static_cast<std::size_t>(math::draw_index(stream, options.brokers.size()));
                broker.back() = "broker" + std::to_string(which);
                effect = options.brokers[which];
            }
            mean.push_back(kIntercept + kRoot * std::sqrt(participation[i]) + kSpread * spread[i] + effect);
            scale.push_back(kScale * std::pow(volatility[i] / 100.0, kVolatility));
            cost.push_back(mean[i] + scale[i] * noise);
            censored.push_back(options.censor_above != 0.0 && cost[i] > options.censor_above ? 1 : 0);
            if (censored[i] != 0) cost[i] = options.censor_above;
            const double odds = std::exp(kFinish + kFinishSlope * std::log(participation[i]));
            finished.push_back(stream.next_uniform() < odds / (1.0 + odds) ? 1 : 0);
        }
    }

    [[nodiscard]] Table table() const {
        std::vector<std::size_t> rows(cost.size());
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        return table(rows);
    }
    [[nodiscard]] Table table(const std::vector<std::size_t>& rows) const {
        Table made("orders");
        made.add(numbers("cost_bps", "bps", of(cost, rows)));
        made.add(numbers("participation", "", of(participation, rows)));
        made.add(numbers("spread_bps", "bps", of(spread, rows)));
        made.add(numbers("volatility_bps", "bps", of(volatility, rows)));
        made.add(flags("finished", of(finished, rows)));
        made.add(flags("censored", of(censored, rows)));
        if (!options_.brokers.empty()) made.add(labels("broker", of(broker, rows)));
        return made;
    }

    std::vector<double> participation, spread, volatility, mean, scale, cost;
    std::vector<std::uint8_t> finished, censored;
    std::vector<std::string> broker;

private:
    template <typename T>
    static std::vector<T> of(const std::vector<T>& values, const std::vector<std::size_t>& rows) {
        std::vector<T> out;
        for (const std::size_t row : rows) out.push_back(values[row]);
        return out;
    }
    CostOrderOptions options_;
};

}  // namespace slipcast::test
