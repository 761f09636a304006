#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/kaplan_meier.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// Why a log does not pin its shape down.
enum class Unidentified : std::uint8_t {
    none,             ///< it does
    no_fill,          ///< nothing was ever filled: zero bin 1, the shape unknown (with minimum quantities 1 is only the
                      ///< most cautious reading: each time less than the minimum was there)
    no_partial_fill,  ///< every fill was full: the likelihood rises towards unlimited liquidity, T(s) = 1 - zero bin
    at_bound,         ///< the likelihood still rises where the search ends (say, every fill was one lot)
};
[[nodiscard]] std::string_view name(Unidentified reason);

struct FitOptions {
    Shape shape = Shape::power_law;  ///< empirical: Kaplan-Meier, or Turnbull where misses carry a minimum
    std::optional<std::int64_t> max_liquidity = {};  ///< lots, 1..2^40; missing: max(10,000, 2 x largest sent)
};

/// The default largest liquidity of a log: max(10,000, 2 x largest sent) lots. A power law with an exponent below 1
/// exists only on finitely many sizes, so its tail depends on this choice.
[[nodiscard]] std::int64_t default_max_liquidity(std::span<const Observation> observations);

/// What was observed, by kind.
struct ObservationCounts {
    std::int64_t all = 0;
    std::int64_t misses = 0;          ///< nothing filled, no minimum
    std::int64_t minimum_misses = 0;  ///< nothing filled, with a minimum quantity above one lot
    std::int64_t partial = 0;         ///< 0 < filled < sent
    std::int64_t full = 0;            ///< filled = sent
};

namespace detail {
class FitProblem;
class FitBuilder;
}  // namespace detail

/// A zero bin and a shape of largest likelihood: the product over partial fills of P(S = r), full fills of P(S >= v)
/// and misses of P(S < m). Without minimum quantities the zero bin is the share of misses and stands apart; with them
/// zero bin and shape are found together, the zero bin as the concave inner problem of each shape. The likelihood of a
/// censored power law is not concave: it is searched on a grid over its whole range and refined in every bracket that
/// holds a maximum. Log-likelihoods are in natural logarithms.
class Fit {
public:
    [[nodiscard]] Shape shape() const { return options_.shape; }
    [[nodiscard]] const Liquidity& liquidity() const { return liquidity_; }
    [[nodiscard]] double zero_bin() const { return zero_bin_; }
    /// Exponent, upper, mean or ratio; its limit (-inf, max_liquidity, +inf, 1) after no_partial_fill, NaN after
    /// no_fill and for an empirical shape.
    [[nodiscard]] double parameter() const { return parameter_; }
    [[nodiscard]] std::int64_t max_liquidity() const { return *options_.max_liquidity; }
    [[nodiscard]] std::int64_t largest_sent() const { return largest_sent_; }
    [[nodiscard]] const ObservationCounts& counts() const { return counts_; }
    [[nodiscard]] bool identified() const { return reason_ == Unidentified::none; }
    [[nodiscard]] Unidentified reason() const { return reason_; }
    [[nodiscard]] double log_likelihood() const { return log_likelihood_; }

    /// From the curvature of the likelihood (of the zero bin at the best shape, and the other way round); missing when
    /// not identified, at a bound (zero bin 0 or 1), for an empirical shape and for the whole-numbered upper.
    [[nodiscard]] std::optional<double> zero_bin_std_error() const { return zero_bin_std_error_; }
    [[nodiscard]] std::optional<double> parameter_std_error() const { return parameter_std_error_; }
    /// The values that a likelihood ratio test at `level` in (0, 1) (asserted) does not reject, everything else chosen
    /// best: twice the loss of log-likelihood stays below the chi-square quantile with one degree. An end is missing
    /// where the parameter's range ends first; both of an empirical shape, and of what is not identified (without
    /// minimum quantities the zero bin is, whatever the shape).
    [[nodiscard]] ProbabilityBand zero_bin_interval(double level) const;
    [[nodiscard]] ProbabilityBand parameter_interval(double level) const;

private:
    friend class detail::FitBuilder;
    Fit(FitOptions options, Liquidity liquidity) : options_(options), liquidity_(std::move(liquidity)) {}

    FitOptions options_;
    Liquidity liquidity_;
    ObservationCounts counts_;
    std::int64_t largest_sent_ = 0;
    double zero_bin_ = 0.0;
    double parameter_ = 0.0;
    double log_likelihood_ = 0.0;
    Unidentified reason_ = Unidentified::none;
    std::optional<double> zero_bin_std_error_;
    std::optional<double> parameter_std_error_;
    std::shared_ptr<const detail::FitProblem> problem_;  ///< null for an empirical shape
};

/// Refused: no observation, an impossible one (by row), one sent beyond max_liquidity.
[[nodiscard]] Result<Fit> fit(std::span<const Observation> observations, const FitOptions& options = {});

/// How a model's log-loss is kept finite: with weight `smoothing` the liquidity is drawn evenly from 0..max_liquidity
/// instead of from the model, so that nothing that can be observed is impossible.
struct Smoothing {
    double weight = 1e-3;            ///< in [0, 1]
    std::int64_t max_liquidity = 0;  ///< lots, at least the largest sent
};
/// Mean over observations of -ln P(observation), in nats an observation: P(S = filled) of a partial fill, P(S >= sent)
/// of a full one, P(S < min_quantity) of a miss. Infinite when the model without smoothing excludes one. Refused: no
/// observation, an impossible one (by row), smoothing out of range.
[[nodiscard]] Result<double> log_loss(const Liquidity& liquidity, std::span<const Observation> observations,
                                      const Smoothing& smoothing);

}  // namespace slipcast::venue
