#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// The nonparametric maximum of the likelihood when misses carry minimum quantities: a miss with minimum m says
/// S in [0, m - 1], a partial fill S = r, a full fill S >= v. The estimate puts probability on the innermost
/// intersections of these intervals ("cells"); within a cell of several sizes the data do not say where
/// (Turnbull 1976, "The empirical distribution function with arbitrarily grouped, censored and truncated data").
/// Without minimum quantities it is Kaplan-Meier.
class Turnbull {
public:
    static constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();
    /// Sizes first..last (kUnbounded: beyond every size sent) and their probability together.
    struct Cell {
        std::int64_t first = 0;
        std::int64_t last = 0;
        double probability = 0.0;
    };

    /// Refused: no observation, or an impossible one (by row), or one sent beyond max_liquidity (missing: the largest
    /// sent). The maximum is found by Newton's method on the cumulative probabilities, whose Hessian is tridiagonal,
    /// under a logarithmic barrier for the cells that no partial fill holds open; a step costs O(cells).
    [[nodiscard]] static Result<Turnbull> estimate(std::span<const Observation> observations,
                                                   std::optional<std::int64_t> max_liquidity = {});

    /// P(S >= size) with each cell's probability at its last size: flat as long as the data allow, as Kaplan-Meier is
    /// beyond its data.
    [[nodiscard]] double prob_at_least(std::int64_t size) const;
    /// The same with each cell's probability at its first size: the data do not choose between the two.
    [[nodiscard]] double lowest_prob_at_least(std::int64_t size) const;
    /// With a positive probability, ascending.
    [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }
    /// Sum of ln probabilities of the observations.
    [[nodiscard]] double log_likelihood() const { return log_likelihood_; }
    /// By how much at most any other distribution could be more likely, in units of log-likelihood: n (max over cells
    /// of the mean of [cell in interval] / P(interval) - 1), which is 0 at the maximum (Gentleman and Geyer 1994).
    [[nodiscard]] double optimality_gap() const { return optimality_gap_; }
    [[nodiscard]] bool converged() const { return optimality_gap_ <= 1e-6; }
    /// As a distribution, nothing beyond max_liquidity.
    [[nodiscard]] Result<Liquidity> liquidity() const;

private:
    std::int64_t max_liquidity_ = 0;
    std::vector<Cell> cells_;
    double log_likelihood_ = 0.0;
    double optimality_gap_ = 0.0;
};

}  // namespace slipcast::venue
