#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/cost/options.hpp"
#include "slipcast/cost/terms.hpp"

namespace slipcast::cost {

/// One input of a fitted model: where it was read from, and for a label its known levels, the most frequent first.
struct Input {
    std::string name;
    InputKind kind = InputKind::number;
    Source source;
    std::vector<std::string> levels;
    friend bool operator==(const Input&, const Input&) = default;
};

/// How the search for the posterior mode ended.
enum class Termination : std::uint8_t {
    converged,        ///< gradient zero and observed information positive definite, both certified
    gaussian_limit,   ///< the same with the tail index held at its upper end: the data show no heavy tails
    heavy_limit,      ///< the same with the tail index held at its lower end: the variance is hardly determined
    iteration_limit,  ///< not converged: use with care
};
[[nodiscard]] std::string_view name(Termination termination);

namespace detail {
struct State;
}

/// A fitted model of the cost of an order and of its chance to finish. Immutable, cheap to copy, safe in threads.
///
/// cost ~ StudentT(nu, mu, s), mu = x'beta, log s = w'alpha, nu > 2 learned. The posterior is taken as normal around
/// its mode in (beta, alpha, ln(nu - 2)) with the inverse observed information as covariance; predictions integrate
/// over it. One artifact, to_json(), holds all there is: means, covariance, terms with their scaler, options,
/// provenance.
class Model {
public:
    /// Reads an artifact of this or an earlier version. Refused: malformed text, an unknown key (the nearest is named),
    /// a missing key, a later version, numbers that contradict each other.
    [[nodiscard]] static Result<Model> from_json(std::string_view text);
    /// The artifact. from_json(to_json()) predicts the same bits.
    [[nodiscard]] std::string to_json() const;

    [[nodiscard]] std::string_view method() const;
    [[nodiscard]] const FitOptions& options() const;
    [[nodiscard]] const std::vector<Input>& inputs() const;
    [[nodiscard]] Termination termination() const;
    /// Degrees of freedom at the mode.
    [[nodiscard]] double degrees() const;
    /// True when the model can say how likely an order finishes; why_no_completion() says why not.
    [[nodiscard]] bool has_completion() const;
    [[nodiscard]] const std::string& why_no_completion() const;
    [[nodiscard]] const std::map<std::string, std::string>& provenance() const;

    /// One row an order of `table`: mean, one column a quantile (p50, p99, p99_9), epistemic_sd, aleatoric_sd, and with
    /// a completion head miss_risk with its 90 % interval. Costs in bps, positive hurts. Rows with a missing input are
    /// missing. A label the fit never saw reads as the average level, with the spread between levels as uncertainty.
    /// Refused: an input that the table does not have, quantiles outside (0, 1).
    [[nodiscard]] Result<Table> predict(const Table& table,
                                        const std::vector<double>& quantiles = {0.5, 0.9, 0.95, 0.99}) const;

    /// Table `cost_summary` as a trader reads it: each term's effect, its interval, and a sentence.
    [[nodiscard]] Table summary() const;
    /// Table `cost_diagnostics`: what there is to judge the fit by.
    [[nodiscard]] Table diagnostics() const;

    [[nodiscard]] const detail::State& state() const { return *state_; }
    [[nodiscard]] const std::shared_ptr<const detail::State>& shared_state() const { return state_; }
    explicit Model(std::shared_ptr<const detail::State> state) : state_(std::move(state)) {}

private:
    std::shared_ptr<const detail::State> state_;
};

/// Fits a model to finished orders: `table` is the `orders` table of a measurement, or any table with a cost, and
/// features known before the trade. Rows without a target, a weight or an input are left out and counted.
///
/// Maximizes the log posterior by Newton's method in a trust region with analytic gradient and Hessian, from several
/// starts of nu. A row of weight w counts as w rows. Censored rows (cost known to be above a bound) enter with the
/// survival function. Refused with not_identified: a column that does not vary or is a combination of others (named),
/// fewer rows than parameters, an observed information that is not positive definite.
[[nodiscard]] Result<Model> fit(const Table& table, const FitOptions& options = {}, const Progress& progress = {});

}  // namespace slipcast::cost
