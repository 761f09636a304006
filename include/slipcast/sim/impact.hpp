#pragma once

#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::sim {

/// One exponential memory of the overlay.
struct ImpactDecay {
    Duration half_life{};  ///< > 0
    double weight = 1.0;   ///< share of the impact that fades at this rate, >= 0; weights sum to 1
};

/// Own flow in `source` moves `target` by `fraction` of what it would move itself. Overrides `cross_fraction`.
struct CrossImpact {
    std::size_t source = 0;  ///< index of the instrument
    std::size_t target = 0;  ///< index of the instrument, not `source`
    double fraction = 0.0;   ///< in [-1, 1]
};

/// How our own fills move the market of a replay. Off by default.
///   J_k(t) = sum over own fills before t of (signed quantity / ADV) exp(-ln 2 (t - t_fill) / half_life_k)
///   move(t) = own_bps * sum_k weight_k * sign(J_k) |J_k|^gamma    [bps of the session's first mid]
/// plus, in every other instrument, its cross fraction of that move. gamma = 1 is linear, 0.5 is the square root.
/// The transient form with a power of a decaying flow: Alfonsi, Fruth, Schied (2010), "Optimal execution strategies in
/// limit order books with general shape functions".
struct ImpactOptions {
    bool enabled = false;
    double own_bps = 100.0;  ///< move when one ADV trades at once [bps], >= 0
    double gamma = 0.5;      ///< power of the flow, in [0.5, 1]
    std::vector<ImpactDecay> decays{{.half_life = std::chrono::minutes{30}, .weight = 1.0}};
    double cross_fraction = 0.0;  ///< every other instrument's share of the move, in [-1, 1]
    std::vector<CrossImpact> cross{};

    [[nodiscard]] Result<void> validate() const;
};

/// The sentence that every report of a replay prints: the parameters, or "no own impact".
[[nodiscard]] std::string describe(const ImpactOptions& options);

/// The one shared state of a run: every own fill of every parent moves it, everyone sees it.
class ImpactState {
public:
    /// adv: average daily volume of each instrument, in the units of `add`, > 0.
    ImpactState(const ImpactOptions& options, std::vector<double> adv);
    /// Own flow of `signed_quantity` (buy > 0) in instrument `source` at `time`.
    void add(std::size_t source, double signed_quantity, Timestamp time);
    /// The move of `target` at `time` as a ratio of its reference price: > 0 is up.
    [[nodiscard]] double move(std::size_t target, Timestamp time) const;
    /// An upper bound of |d move / dt| from `time` on without further flow [1/s].
    [[nodiscard]] double speed_bound(std::size_t target, Timestamp time) const;
    /// An upper bound of |move| from `time` on without further flow.
    [[nodiscard]] double size_bound(std::size_t target, Timestamp time) const;
    /// True when flow in `source` moves `target`.
    [[nodiscard]] bool reaches(std::size_t source, std::size_t target) const;
    [[nodiscard]] Duration shortest_half_life() const { return shortest_; }

private:
    struct Memory {
        double flow = 0.0;
        Timestamp time;
    };
    [[nodiscard]] double term(std::size_t source, std::size_t decay, Timestamp time) const;

    ImpactOptions options_;
    std::vector<double> adv_;
    std::vector<Memory> memory_;    // instrument-major, one per decay
    std::vector<double> fraction_;  // target-major matrix, 1 on the diagonal
    Duration shortest_{};
};

}  // namespace slipcast::sim
