#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"

namespace slipcast::cost {

/// What becomes of an order that was filled in part.
enum class PartialOrders : int {
    censor,  ///< its fills count with the filled fraction; the rest is known to cost more than the far touch at the end
    whole,   ///< its fills count as a whole order: the rest is ignored
    drop,    ///< only orders filled completely
};

/// What to fit. Every field is declared once, in settings(). A prior deviation of 0 is a flat prior. Prior deviations
/// are in scaled units: costs in robust deviations of the target, features in their own deviations (see `unscaled`).
struct FitOptions {
    int method = 0;  ///< global
    std::string target = "arrival_cost_bps";
    std::vector<std::string> mean{"sqrt_participation", "spread_x_participation", "volatility_x_participation",
                                  "imbalance_x_side", "spread"};
    std::vector<std::string> scale{"log_volatility", "log_duration", "log_spread"};
    std::vector<std::string> completion{"log_participation", "log_duration", "imbalance_x_side"};
    std::string weight;                    ///< column of weights; empty = 1
    std::string censored;                  ///< column true where the target is only a lower bound; empty = see partial
    int partial = 0;                       ///< index of PartialOrders
    std::string completed = "completion";  ///< column of the completion head: filled fraction by the deadline, or 0/1
    std::string time = "decision_time";    ///< column of the decision's time: splits, time decay
    std::string finished = "end_time";     ///< column of when the outcome was known
    std::string symbol = "symbol";         ///< column of the symbol: clusters, contexts for estimates
    double half_life_days = 0.0;           ///< age at which an order counts half; 0 = all alike
    bool unscaled = false;                 ///< fit in the units of the table: no scaling of features and target
    double prior_intercept_sd = 2.0;
    double prior_mean_sd = 1.0;
    double prior_scale_intercept_sd = 1.0;
    double prior_scale_sd = 0.5;
    double prior_nu_shape = 2.0;  ///< nu - 2 ~ Gamma(shape, rate); 0 = flat in ln(nu - 2)
    double prior_nu_rate = 0.1;
    double prior_completion_sd = 2.5;
    double fixed_nu = 0.0;  ///< degrees of freedom held at this value; 0 = learned
    int max_iterations = 200;
    std::uint64_t seed = 1;  ///< recorded; the global method draws nothing

    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

}  // namespace slipcast::cost
