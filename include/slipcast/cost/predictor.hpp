#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/cost/model.hpp"

namespace slipcast::cost {

/// The forecast of one order's cost [bps, positive hurts]. NaN where an input is missing.
struct Prediction {
    double mean = 0.0;
    double epistemic_sd = 0.0;  ///< of the expected cost, from parameters that are not known exactly
    double aleatoric_sd = 0.0;  ///< of the cost around its expectation
    double miss_risk = 0.0;     ///< P(not filled by the deadline); NaN without a completion head
    double miss_low = 0.0;      ///< 90 % interval of the miss risk
    double miss_high = 0.0;
};

/// Where the predictions of many orders go; each as long as the inputs, or empty when not asked for.
struct PredictionColumns {
    std::span<double> mean;
    std::span<double> epistemic_sd;
    std::span<double> aleatoric_sd;
    std::span<double> miss_risk;
    std::span<double> miss_low;
    std::span<double> miss_high;
    std::vector<std::span<double>> quantiles;  ///< one a quantile of the predictor, or none
};

namespace detail {
struct State;
class Kernel;
class Mixture;
}  // namespace detail

/// Predictions without allocation: what a desk holds on to. Inputs go by position in Model::inputs(): a number as it
/// is, a label as its code().
///
/// Quantiles: with r = (y - mean)/s the predictive is a scale mixture over the normal posterior of the mean (variance
/// a s^2), of log s (variance b) and of nu; its quantiles are tabulated in (a, b) and interpolated by cubics. Stated
/// approximations: the posterior is normal; mean and log s are taken as independent of each other; the coupling of log
/// s with nu is that of the average order; b is capped at 1. Tests measure what they cost.
class Predictor {
public:
    /// quantiles in (0, 1), in any order. Tables take some milliseconds a quantile.
    [[nodiscard]] static Result<Predictor> create(const Model& model, const std::vector<double>& quantiles);
    Predictor(Predictor&&) noexcept;
    Predictor& operator=(Predictor&&) noexcept;
    Predictor(const Predictor&) = delete;
    Predictor& operator=(const Predictor&) = delete;
    ~Predictor();

    [[nodiscard]] const std::vector<double>& quantiles() const;
    [[nodiscard]] std::size_t inputs() const;
    /// The code of a label input's level: -1 = never seen by the fit.
    [[nodiscard]] double code(std::size_t input, std::string_view level) const;

    /// One order. inputs.size() == inputs() and values.size() == quantiles().size() (asserted).
    void predict(std::span<const double> inputs, Prediction& out, std::span<double> values) const;
    /// Many orders, a column an input, equal lengths (asserted).
    void predict(std::span<const std::span<const double>> columns, const PredictionColumns& out) const;

private:
    friend class Online;
    explicit Predictor(std::unique_ptr<detail::Kernel> kernel);
    std::unique_ptr<detail::Kernel> kernel_;
};

}  // namespace slipcast::cost
