#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/power_law_grid.hpp"

namespace slipcast::venue {

/// Ways to split orders while learning where liquidity hides.
enum class Algorithm : std::uint8_t {
    ideal,                    ///< knows the truth: the greedy split on it
    slipcast,                 ///< Router with its default constants
    thompson,                 ///< Router splitting on posterior draws, no detection of change
    maximum_likelihood,       ///< greedy on the zero bin and power law of largest likelihood
    pseudo_fill,              ///< the same, one optimistic fill added to each zero bin: n0 / (n + 1)
    discounted,               ///< pseudo_fill, everything older counts .995 as much after each order
    kaplan_meier,             ///< greedy on Kaplan-Meier, 1 until the first order
    optimistic_kaplan_meier,  ///< OptimisticKM of Ganchev et al. 2010 with epsilon = V / 20, delta = .05, constant 128
    exponentiated_gradient,   ///< Agarwal, Bartlett, Dama 2010, a row of weights for each size of order
    laruelle,                 ///< Laruelle, Lehalle, Pages 2011: stochastic approximation of proportions
    bandit,   ///< proportional to weights, times 1.05 after any fill (the naive bandit of Ganchev et al.)
    uniform,  ///< equal parts
};
inline constexpr std::array<Algorithm, 12> kAlgorithms{Algorithm::ideal,
                                                       Algorithm::slipcast,
                                                       Algorithm::thompson,
                                                       Algorithm::maximum_likelihood,
                                                       Algorithm::pseudo_fill,
                                                       Algorithm::discounted,
                                                       Algorithm::kaplan_meier,
                                                       Algorithm::optimistic_kaplan_meier,
                                                       Algorithm::exponentiated_gradient,
                                                       Algorithm::laruelle,
                                                       Algorithm::bandit,
                                                       Algorithm::uniform};
[[nodiscard]] std::string_view name(Algorithm algorithm);
/// How it splits, in a phrase.
[[nodiscard]] std::string_view meaning(Algorithm algorithm);
/// Refused with the list of names.
[[nodiscard]] Result<Algorithm> algorithm_of(std::string_view name);

/// What a learner is told before the first order.
struct LearnerSetup {
    std::size_t venues = 0;                         ///< at least one
    std::int64_t max_order = 0;                     ///< 1..2^29 lots
    std::shared_ptr<const PowerLawGrid> grid = {};  ///< of likelihood learners; null: on 1..max(10,000, 2 x max_order)
    std::int64_t episodes = 2'000;                  ///< orders to come: exponentiated gradient sets its rate by it
    std::uint64_t seed = 1;
    std::uint64_t entity = 0;  ///< which of many runs: draws of Thompson sampling
};

/// One way to split, learning from what is filled. Sizes in lots.
class Learner {
public:
    Learner() = default;
    Learner& operator=(const Learner&) = delete;
    virtual ~Learner() = default;
    /// Writes a split of `volume` (0..max_order) to `quantity`, one entry a venue.
    virtual void allocate(std::int64_t volume, std::span<std::int64_t> quantity) = 0;
    virtual void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) = 0;
    /// The truth has become this: only `ideal` listens.
    virtual void reveal(std::span<const Liquidity> truth);
    /// A copy of all it knows, which learns on by itself.
    [[nodiscard]] virtual std::unique_ptr<Learner> clone() const = 0;

protected:
    Learner(const Learner&) = default;
};

/// Refused: a setup out of range.
[[nodiscard]] Result<std::unique_ptr<Learner>> learner(Algorithm algorithm, const LearnerSetup& setup);

}  // namespace slipcast::venue
