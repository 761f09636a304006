#include "slipcast/venue/turnbull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "refusals.hpp"
#include "slipcast/core/assert.hpp"

namespace slipcast::venue {
namespace {

constexpr double kFirstBarrier = 1.0;   ///< in observations
constexpr double kLastBarrier = 1e-11;  ///< leaves a gap of about this times the cells
constexpr double kNegligible = 1e-9;    ///< times the barrier's last slope: a cell that the optimum closes

/// The likelihood over cumulative probabilities F_0 < ... < F_(J-2) < F_(J-1) = 1 of J cells.
struct Problem {
    std::vector<double> up_to;  ///< weight of ln F_j: misses whose interval ends with cell j
    std::vector<double> at;     ///< weight of ln p_j: partial fills in cell j
    std::vector<double> from;   ///< weight of ln(1 - F_(j-1)): full fills whose interval starts with cell j
    double total = 0.0;

    [[nodiscard]] std::size_t cells() const { return at.size(); }
    /// Barrier weight mu on cells that no partial fill holds open.
    [[nodiscard]] double weight(std::size_t j, double mu) const { return at[j] > 0.0 ? at[j] : mu; }
};

double barrier_objective(const Problem& problem, const std::vector<double>& p, double mu) {
    double sum = 0.0;
    double below = 0.0;
    for (std::size_t j = 0; j < p.size(); ++j) {
        if (p[j] > 0.0 || problem.weight(j, mu) > 0.0) sum += problem.weight(j, mu) * std::log(p[j]);
        below += p[j];
        if (problem.up_to[j] > 0.0) sum += problem.up_to[j] * std::log(below);
    }
    double above = 0.0;
    for (std::size_t j = p.size(); j-- > 0;) {
        above += p[j];
        if (problem.from[j] > 0.0) sum += problem.from[j] * std::log(above);
    }
    return sum;
}

struct Direction {
    std::vector<double> of_cells;
    double decrement = 0.0;  ///< Newton's: slope along the direction
};

/// Newton's direction for p through the tridiagonal system in F.
Direction newton(const Problem& problem, const std::vector<double>& p, double mu) {
    const std::size_t count = p.size() - 1;
    std::vector<double> above(p.size() + 1, 0.0);
    for (std::size_t j = p.size(); j-- > 0;) above[j] = above[j + 1] + p[j];
    std::vector<double> gradient(count);
    std::vector<double> diagonal(count);
    std::vector<double> off(count, 0.0);
    double below = 0.0;
    for (std::size_t k = 0; k < count; ++k) {
        below += p[k];
        const double here = problem.weight(k, mu) / p[k];
        const double next = problem.weight(k + 1, mu) / p[k + 1];
        const double left = problem.up_to[k] / below;
        const double right = problem.from[k + 1] / above[k + 1];
        gradient[k] = left + here - next - right;
        diagonal[k] = left / below + here / p[k] + next / p[k + 1] + right / above[k + 1];
        off[k] = -next / p[k + 1];
    }
    Direction direction;
    std::vector<double> step(gradient);
    std::vector<double> ratio(count, 0.0);
    for (std::size_t k = 0; k < count; ++k) {
        const double pivot = diagonal[k] - (k > 0 ? off[k - 1] * ratio[k - 1] : 0.0);
        ratio[k] = off[k] / pivot;
        step[k] = (step[k] - (k > 0 ? off[k - 1] * step[k - 1] : 0.0)) / pivot;
    }
    for (std::size_t k = count - 1; k-- > 0;) step[k] -= ratio[k] * step[k + 1];
    direction.of_cells.resize(p.size());
    for (std::size_t k = 0; k < p.size(); ++k) {
        direction.of_cells[k] = (k < count ? step[k] : 0.0) - (k > 0 ? step[k - 1] : 0.0);
        if (k < count) direction.decrement += step[k] * gradient[k];
    }
    return direction;
}

/// Climbs to the top of the objective with barrier mu.
void climb(const Problem& problem, double mu, std::vector<double>& p) {
    std::vector<double> next(p.size());
    for (int iteration = 0; iteration < 80; ++iteration) {
        const Direction direction = newton(problem, p, mu);
        if (direction.decrement < 1e-20) return;
        double length = 1.0;
        for (std::size_t j = 0; j < p.size(); ++j) {
            if (direction.of_cells[j] < 0.0) length = std::min(length, -0.995 * p[j] / direction.of_cells[j]);
        }
        const double from = barrier_objective(problem, p, mu);
        // Near the top the objective changes by less than its own rounding: there Newton's step needs no search.
        const bool is_near = direction.decrement < 1e-6;
        for (int halving = 0; halving < 60; ++halving, length *= 0.5) {
            for (std::size_t j = 0; j < p.size(); ++j) next[j] = p[j] + length * direction.of_cells[j];
            if (is_near || barrier_objective(problem, next, mu) >= from + 1e-4 * length * direction.decrement) break;
        }
        p = next;
    }
}

/// n (max over cells of the mean of [cell in interval] / P(interval)) - n.
double gap_of(const Problem& problem, const std::vector<double>& p) {
    std::vector<double> pull(p.size(), 0.0);
    double sum = 0.0;
    std::vector<double> below(p.size());
    std::vector<double> above(p.size());
    for (std::size_t j = 0; j < p.size(); ++j) below[j] = sum += p[j];
    sum = 0.0;
    for (std::size_t j = p.size(); j-- > 0;) above[j] = sum += p[j];
    double misses = 0.0;
    for (std::size_t j = p.size(); j-- > 0;) {
        if (problem.up_to[j] > 0.0) misses += problem.up_to[j] / below[j];
        pull[j] += misses;
    }
    double fulls = 0.0;
    for (std::size_t j = 0; j < p.size(); ++j) {
        if (problem.from[j] > 0.0) fulls += problem.from[j] / above[j];
        if (problem.at[j] > 0.0) pull[j] += problem.at[j] / p[j];
        pull[j] += fulls;
    }
    return *std::max_element(pull.begin(), pull.end()) - problem.total;
}

struct Interval {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

Interval interval_of(const Observation& observation) {
    if (observation.filled == 0) return {0, observation.min_quantity - 1};
    if (observation.is_censored()) return {observation.sent, Turnbull::kUnbounded};
    return {observation.filled, observation.filled};
}

/// A left end directly followed by a right end, both in ascending order, left ends first among equals.
std::vector<Turnbull::Cell> innermost(const std::set<std::int64_t>& firsts, const std::set<std::int64_t>& lasts) {
    std::vector<Turnbull::Cell> cells;
    for (auto first = firsts.begin(); first != firsts.end(); ++first) {
        const auto last = lasts.lower_bound(*first);
        const auto next = std::next(first);
        if (last != lasts.end() && (next == firsts.end() || *next > *last)) cells.push_back({*first, *last, 0.0});
    }
    return cells;
}

Problem problem_of(std::span<const Observation> observations, const std::vector<Turnbull::Cell>& cells) {
    Problem problem;
    problem.up_to.assign(cells.size(), 0.0);
    problem.at.assign(cells.size(), 0.0);
    problem.from.assign(cells.size(), 0.0);
    problem.total = static_cast<double>(observations.size());
    for (const Observation& one : observations) {
        const Interval interval = interval_of(one);
        const auto begin =
            std::lower_bound(cells.begin(), cells.end(), interval.first,
                             [](const Turnbull::Cell& cell, std::int64_t at) { return cell.first < at; });
        const auto first = static_cast<std::size_t>(begin - cells.begin());
        if (one.filled == 0) {
            const auto end =
                std::upper_bound(cells.begin(), cells.end(), interval.last,
                                 [](std::int64_t at, const Turnbull::Cell& cell) { return at < cell.last; });
            problem.up_to[static_cast<std::size_t>(end - cells.begin()) - 1] += 1.0;
        } else if (one.is_censored()) {
            problem.from[first] += 1.0;
        } else {
            problem.at[first] += 1.0;
        }
    }
    return problem;
}

}  // namespace

Result<Turnbull> Turnbull::estimate(std::span<const Observation> observations,
                                    std::optional<std::int64_t> max_liquidity) {
    if (observations.empty()) return detail::no_observations();
    Turnbull made;
    std::set<std::int64_t> firsts;
    std::set<std::int64_t> lasts;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i) + 1;
        SLIPCAST_CHECK(observations[i].validate(row));
        made.max_liquidity_ = std::max(made.max_liquidity_, observations[i].sent);
        if (max_liquidity && observations[i].sent > *max_liquidity) {
            Error error = detail::beyond_max_liquidity("sent", observations[i].sent);
            error.place.row = row;
            return error;
        }
        const Interval interval = interval_of(observations[i]);
        firsts.insert(interval.first);
        lasts.insert(interval.last);
    }
    made.max_liquidity_ = max_liquidity.value_or(made.max_liquidity_);
    std::vector<Cell> cells = innermost(firsts, lasts);
    const Problem problem = problem_of(observations, cells);
    std::vector<double> p(cells.size(), 1.0 / static_cast<double>(cells.size()));
    if (cells.size() > 1) {
        for (double mu = kFirstBarrier; mu > kLastBarrier; mu *= 0.1) climb(problem, mu, p);
    }
    made.optimality_gap_ = gap_of(problem, p);
    made.log_likelihood_ = barrier_objective(problem, p, 0.0);
    for (std::size_t j = 0; j < cells.size(); ++j) {
        cells[j].probability = p[j];
        if (problem.at[j] > 0.0 || p[j] > kNegligible) made.cells_.push_back(cells[j]);
    }
    return made;
}

double Turnbull::prob_at_least(std::int64_t size) const {
    double sum = 0.0;
    for (auto cell = cells_.rbegin(); cell != cells_.rend() && cell->last >= size; ++cell) sum += cell->probability;
    return size <= 0 ? 1.0 : std::min(sum, 1.0);
}

double Turnbull::lowest_prob_at_least(std::int64_t size) const {
    double sum = 0.0;
    for (auto cell = cells_.rbegin(); cell != cells_.rend() && cell->first >= size; ++cell) sum += cell->probability;
    return size <= 0 ? 1.0 : std::min(sum, 1.0);
}

Result<Liquidity> Turnbull::liquidity() const {
    std::vector<std::int64_t> sizes;
    std::vector<double> tails;
    for (const Cell& cell : cells_) {
        const std::int64_t size = std::min(cell.last, max_liquidity_);
        if (size == 0) continue;
        sizes.push_back(size);
        tails.push_back(prob_at_least(size));
    }
    if (sizes.empty() || sizes.back() < max_liquidity_) {
        sizes.push_back(max_liquidity_);
        tails.push_back(prob_at_least(max_liquidity_));
    }
    return Liquidity::empirical(std::move(sizes), std::move(tails));
}

}  // namespace slipcast::venue
