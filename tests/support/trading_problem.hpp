#pragma once

#include <cmath>
#include <vector>

#include "slipcast/control/parameters.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::test {

/// The seed's example: K = 1, lambda = beta = 0.1, gamma = 5, rho = 0.2, v = 0.2, one signal with kappa = eta = 1.
[[nodiscard]] inline control::Parameters example_problem() {
    control::Parameters problem;
    problem.trading_cost = 1.0;
    problem.impact = 0.1;
    problem.impact_decay = 0.1;
    problem.risk_aversion = 5.0;
    problem.discount = 0.2;
    problem.variance = 0.2;
    problem.signals = {{1.0, 1.0, 1.0}};
    return problem;
}

/// A positive number whose logarithm is uniform.
[[nodiscard]] inline double draw_log_uniform(RandomStream& stream, double low, double high) {
    return low * std::pow(high / low, stream.next_uniform());
}

/// Any problem with a stable solution: parameters over eight orders of magnitude, up to three signals of either sign,
/// at times without impact, without decay of it, or with signals that do not decay.
[[nodiscard]] inline control::Parameters random_problem(RandomStream& stream) {
    const auto maybe_zero = [&stream](double low, double high) {
        return stream.next_uniform() < 0.1 ? 0.0 : draw_log_uniform(stream, low, high);
    };
    control::Parameters problem;
    do {
        problem.trading_cost = draw_log_uniform(stream, 1e-4, 1e4);
        problem.impact = maybe_zero(1e-4, 1e4);
        problem.impact_decay = maybe_zero(1e-4, 1e2);
        problem.risk_aversion = draw_log_uniform(stream, 1e-4, 1e4);
        problem.discount = draw_log_uniform(stream, 1e-4, 1e1);
        problem.variance = draw_log_uniform(stream, 1e-4, 1e2);
        problem.signals.clear();
        do {
            control::Signal signal;
            signal.decay = maybe_zero(1e-4, 1e2);
            signal.variance = maybe_zero(1e-3, 1e3);
            signal.loading = (stream.next_uniform() < 0.5 ? -1.0 : 1.0) * draw_log_uniform(stream, 1e-2, 1e2);
            problem.signals.push_back(signal);
        } while (problem.signals.size() < 3 && stream.next_uniform() < 0.4);
    } while (!problem.validate());
    return problem;
}

}  // namespace slipcast::test
