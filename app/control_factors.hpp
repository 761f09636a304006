#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/control/multiscale.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::app {

/// A fast and a slow volatility factor as flags of `control solve` and `control decide`.
struct FactorFlags {
    std::string fast_kind = "square_root";
    double fast_time_scale = control::kNotGiven;
    double fast_reversion = control::kNotGiven;
    double fast_volatility = control::kNotGiven;
    double fast_now = control::kNotGiven;
    std::vector<double> fast_correlation;
    std::string fast_order = "1";
    double slow_time_scale = control::kNotGiven;
    double slow_volatility = control::kNotGiven;
    double slow_slope = control::kNotGiven;
    double slow_curvature = 0.0;
    double slow_drift = 0.0;
    std::vector<double> slow_correlation;
    std::string slow_order = "0.5";
    double correlation_between = 0.0;
    double variance_now = control::kNotGiven;

    void add(CLI::App& command);
    /// The factors asked for, around the mean variance; none asked for: empty.
    [[nodiscard]] Result<std::optional<control::Factors>> factors(double mean_variance) const;
    /// Where the fast factor stands: its mean unless said otherwise.
    [[nodiscard]] double now(double mean_variance) const;

private:
    [[nodiscard]] Result<control::FastFactor> fast(double mean_variance) const;
    [[nodiscard]] bool is_exponential() const { return fast_kind == "exponential"; }
};

}  // namespace slipcast::app
