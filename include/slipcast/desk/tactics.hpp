#pragma once

#include <cstddef>
#include <vector>

#include "slipcast/cost/predictor.hpp"
#include "slipcast/desk/options.hpp"
#include "slipcast/desk/records.hpp"

namespace slipcast::desk {

/// The quantiles a desk asks of every model: those it reports, those it scores by, and the objective's tail.
[[nodiscard]] std::vector<double> forecast_levels(double tail_quantile);

/// Where in the cost model's inputs the candidate writes: participation, duration, quantity, tactic. Each may be
/// absent.
class CandidateInputs {
public:
    CandidateInputs() = default;  ///< writes nothing
    CandidateInputs(const cost::Model& model, const cost::Predictor& predictor);
    /// Writes what is known of a candidate over the context's inputs.
    void write(Few<double, kMaxInputs>& inputs, Tactic tactic, double participation, double duration_s,
               double quantity) const;

private:
    int participation_ = -1, duration_ = -1, quantity_ = -1, tactic_ = -1;
    double tactic_code_[4] = {-1.0, -1.0, -1.0, -1.0};
};

/// The touch where a child of the tactic stands: passive rests at the near one, the others take the far one.
[[nodiscard]] Price touch_of(Tactic tactic, Side side, Price bid, Price ask);

/// What is to be done, and how much of the market may be had.
struct Need {
    market::OrderKind kind = market::OrderKind::work;
    double quantity = 0.0;     ///< units still to be sent, > 0
    double horizon_s = 0.0;    ///< until the deadline, > 0 (work)
    double volume_rate = 0.0;  ///< units per second of the market, > 0
    double pace = 0.0;         ///< share of the volume that finishes at the deadline, or that the rule asks for
    double cap = 0.0;          ///< most share allowed
    bool is_cold = false;
};

/// How candidates are scored.
struct Scoring {
    const cost::Predictor* predictor = nullptr;  ///< null = no forecast
    CandidateInputs where = {};
    ObjectiveOptions objective = {};
    double cold_start_uncertainty = 1.0;  ///< multiplies lambda for a cold symbol
};

/// Candidates with their scores, and the forecast of each.
struct Plan {
    Few<Candidate, kMaxCandidates> candidates;
    std::array<Forecast, kMaxCandidates> forecasts{};
    bool is_confident = false;  ///< the first candidate has a finite mean and tail
};

/// Scores every candidate: E[y] + lambda TailRisk_q + eta MissRisk, lambda larger for a cold symbol. Work orders: the
/// pace by VWAP, 1.5 and 2 times it, passive at the pace and at half of it, immediate at the cap; no participation is
/// above the cap. Target orders: the rule's rate. A candidate held to the end below the pace misses for certain;
/// otherwise its miss risk is the smaller of the completion head's at its own speed and at the pace until the
/// deadline, since working faster leaves the time until the deadline as slack; without a completion head it is 0. The
/// first candidate is the pace (or the rule's rate). Allocates nothing.
/// Source: hierarchical-slippage playbook, part 6.
void make_plan(const Need& need, const Few<double, kMaxInputs>& inputs, const Scoring& scoring, Plan& plan);

/// What the desk would do were nothing forbidden: the candidate with the least score, of equal ones the first; the
/// first without a confident forecast.
[[nodiscard]] std::uint32_t wished(const Plan& plan);

/// The most share of the volume on a rung that slows by `slowdown` (its child over its interval, in (0, 1]) a desk
/// which would work at the share `wish`: slowdown x wish, but no slower than the pace, unless the wish is: a rung
/// spends slack, not the deadline. Never more than the wish. A target order has no deadline: slowdown x wish.
[[nodiscard]] double rung_limit(const Need& need, double wish, double slowdown);

/// Forbids what is faster than a rung's limit. A wish that is forbidden is added at the speed of the limit, by VWAP
/// where it was immediate, unless that is the pace, which is there already. So every allowed candidate is scored at
/// the speed at which it would work. Returns the allowed one with the least score; of equal ones the first. One
/// forecast at most; allocates nothing.
[[nodiscard]] std::uint32_t chosen_within(double limit, const Need& need, const Few<double, kMaxInputs>& inputs,
                                          const Scoring& scoring, Plan& plan);

}  // namespace slipcast::desk
