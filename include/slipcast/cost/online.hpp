#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "slipcast/core/settings.hpp"
#include "slipcast/cost/model.hpp"
#include "slipcast/cost/predictor.hpp"

namespace slipcast::cost {

/// How a model keeps learning between fits.
struct OnlineOptions {
    double half_life = 0.0;  ///< orders after which an observation counts half; 0 = nothing is forgotten
    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// How many orders taught a model what they cost, and how many whether they finish.
struct Learned {
    std::int64_t costs = 0;
    std::int64_t completions = 0;
};

/// A model that learns from each finished order: an assumed-density filter over the coefficients of mean and log scale,
/// nu as fitted. With x, w the design rows and r = (y - mu)/s, t = (nu+1)/(nu + r^2):
///   information <- information + (nu+1)/(nu+3)/s^2 x x' + 2 nu/(nu+3) w w'
///   state       <- state + information^-1 ((t r/s) x, (t r^2 - 1) w)
/// and before it, with forgetting, information and state move toward the prior by 1 - 2^(-1/half_life). The influence
/// of one order is bounded, so no outlier rule is needed. The completion head takes the exact mode of its normal belief
/// times P(finished or missed), with the curvature there. The state goes through to_json() and comes back bit for bit.
/// Source: score-driven filters; the state of a Gaussian approximation takes one Fisher step an observation.
class Online {
public:
    [[nodiscard]] static Result<Online> create(const Model& model, const OnlineOptions& options = {},
                                               const std::vector<double>& quantiles = {0.5, 0.9, 0.95, 0.99});
    [[nodiscard]] static Result<Online> from_json(std::string_view text,
                                                  const std::vector<double>& quantiles = {0.5, 0.9, 0.95, 0.99});
    [[nodiscard]] std::string to_json() const;

    Online(Online&&) noexcept;
    Online& operator=(Online&&) noexcept;
    Online(const Online&) = delete;
    Online& operator=(const Online&) = delete;
    ~Online();

    /// Learns from one finished order. Refused: an input that is missing, a cost that is not finite, weight <= 0.
    Result<void> update(std::span<const double> inputs, double cost_bps, double weight = 1.0);
    /// Learns whether one order finished by its deadline. Refused: a model without a completion head, an input that is
    /// missing, weight <= 0.
    Result<void> update_completion(std::span<const double> inputs, bool is_finished, double weight = 1.0);
    /// Learns from the finished orders of a table, in the order of their decision times: costs of those with a cost and
    /// every input, orders filled in part by their filled fraction; costs of unknown size teach nothing here. With a
    /// completion head, also from whether they finished; discretionary cancels say nothing of that. Returns how many
    /// were learned from. Refused as by fit().
    Result<Learned> update(const Table& orders);
    /// Predicts with what is known by now.
    [[nodiscard]] const Predictor& predictor() const;
    [[nodiscard]] const Model& model() const;
    [[nodiscard]] const Learned& learned() const;
    /// Mean log density of the costs, each before it was learned from; 0 before the first.
    [[nodiscard]] double mean_log_score() const;
    /// Mean log probability of what happened, finished or missed, each before it was learned from; 0 before the first.
    [[nodiscard]] double mean_completion_log_score() const;
    /// The coefficients now, in the artifact's scaled units: mean, then log scale.
    [[nodiscard]] std::vector<double> coefficients() const;

private:
    struct Filter;
    explicit Online(std::unique_ptr<Filter> filter);
    std::unique_ptr<Filter> filter_;
};

}  // namespace slipcast::cost
