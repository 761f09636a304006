#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// Two ends of an interval; an end that the data do not give is missing.
struct ProbabilityBand {
    std::optional<double> low;
    std::optional<double> high;
};

/// The product-limit estimate of T(s) = P(S >= s) from censored fills (Kaplan and Meier 1958), the nonparametric
/// maximum of the likelihood. In the words of survival analysis a partial fill r < sent is a death at time r, a full
/// fill is censored at sent - 1, and T(s) is the survival function at s - 1. Past the largest size that the data can
/// speak of (`informed_to`) the estimate stays flat: that is a convention, not knowledge.
class KaplanMeier {
public:
    /// Sizes 1..max_liquidity; missing: the largest sent. Refused: no observation, an impossible one (by row), a size
    /// sent beyond max_liquidity, and a miss with a minimum quantity, which says less than "nothing there"
    /// (turnbull.hpp reads those).
    [[nodiscard]] static Result<KaplanMeier> estimate(std::span<const Observation> observations,
                                                      std::optional<std::int64_t> max_liquidity = {});

    /// T(s) = product over sizes j < s of (1 - D_j / N_j); 1 for s <= 0.
    [[nodiscard]] double prob_at_least(std::int64_t size) const;
    /// N_(s-1): observations that could tell S = s - 1 from more: sent >= s and filled >= s - 1; size >= 1.
    [[nodiscard]] std::int64_t at_risk(std::int64_t size) const;
    /// D_(s-1): of those, the ones that filled s - 1. T(s) = T(s-1) (1 - events / at_risk).
    [[nodiscard]] std::int64_t events(std::int64_t size) const;
    /// The three at each of 1..max_liquidity, in one pass.
    struct Curve {
        std::vector<double> prob_at_least;
        std::vector<std::int64_t> at_risk;
        std::vector<std::int64_t> events;
    };
    [[nodiscard]] Curve curve() const;
    /// Pointwise interval of T(s) at `level` in (0, 1) (asserted): T^exp(+-q sigma / ln T) with Greenwood's
    /// sigma^2 = sum D / (N (N - D)) and q the normal quantile (log-log scale). Both ends of T have no such error and
    /// take the exact bounds of a share (Clopper and Pearson 1934): where no event lies below s, all N at risk reached
    /// it, from ((1 - level)/2)^(1/N) to 1; where T is 0, none of the n routes sent that far reached its zero, from 0
    /// to 1 - ((1 - level)/2)^(1/n), or to the high end just before where that is lower.
    [[nodiscard]] ProbabilityBand band(std::int64_t size, double level) const;

    [[nodiscard]] std::int64_t max_liquidity() const { return max_liquidity_; }
    /// The largest s with at_risk(s) > 0.
    [[nodiscard]] std::int64_t informed_to() const { return informed_to_; }
    [[nodiscard]] std::int64_t observations() const { return observations_; }
    /// The sizes of partial fills and misses (0), ascending: T falls just above each.
    [[nodiscard]] const std::vector<std::int64_t>& event_sizes() const { return event_sizes_; }
    /// As a distribution: nothing beyond max_liquidity.
    [[nodiscard]] Result<Liquidity> liquidity() const;

private:
    /// Events below `size`.
    [[nodiscard]] std::size_t events_below(std::int64_t size) const;

    std::int64_t max_liquidity_ = 0;
    std::int64_t informed_to_ = 0;
    std::int64_t observations_ = 0;
    std::int64_t sent_past_events_ = 0;  ///< where T ends at 0: routes sent more than the size of the last event
    std::vector<std::int64_t> event_sizes_;
    std::vector<std::int64_t> event_counts_;
    std::vector<double> tails_;             ///< T just above each event
    std::vector<double> variances_;         ///< Greenwood's sum there
    std::vector<std::int64_t> reach_;       ///< distinct min(filled, sent - 1), ascending
    std::vector<std::int64_t> reached_by_;  ///< observations that reach at least that
};

/// The same estimate kept up to date: a miss costs O(1), anything else O(distinct partial fills + log max_liquidity).
class RunningKaplanMeier {
public:
    /// max_liquidity in 1..2^30 (asserted): the largest size ever sent.
    explicit RunningKaplanMeier(std::int64_t max_liquidity);
    /// Refused as by KaplanMeier.
    Result<void> observe(const Observation& observation);
    [[nodiscard]] double prob_at_least(std::int64_t size) const;
    /// As in KaplanMeier.
    [[nodiscard]] std::int64_t at_risk(std::int64_t size) const;
    [[nodiscard]] std::int64_t observations() const { return observations_; }
    /// As a distribution, flat from the last event up to max_liquidity. With a `probe` in 1..max_liquidity (asserted;
    /// 0: none) T(probe) is raised to T(probe - 1), as OptimisticKaplanMeier does.
    [[nodiscard]] Liquidity liquidity(std::int64_t probe = 0) const;

private:
    [[nodiscard]] std::int64_t reaching(std::int64_t size) const;

    std::int64_t max_liquidity_;
    std::int64_t observations_ = 0;
    std::int64_t misses_ = 0;
    std::vector<std::int64_t> reach_counts_;  ///< Fenwick tree over min(filled, sent - 1), zeros left out
    std::int64_t reached_ = 0;                ///< observations in the tree
    std::vector<std::int64_t> sizes_;         ///< of partial fills, ascending
    std::vector<std::int64_t> events_;
    std::vector<std::int64_t> at_risk_;
    std::vector<double> tails_;  ///< product of (1 - D/N) over partial fills up to each: T = (1 - misses/n) tail
};

/// How careful OptimisticKaplanMeier is.
struct OptimisticOptions {
    std::int64_t volume = 0;  ///< V: the largest order [lots], >= 1
    double epsilon = 0.0;     ///< of the bound, in lots, > 0
    double delta = 0.05;      ///< probability that the bound may fail, in (0, 1)
    double constant = 128.0;  ///< > 0; the paper's 128 is far from what practice needs
};

/// Kaplan-Meier with one probe of optimism: the cut c is the largest s with s = 0 or
/// N_(s-1) >= constant (s V / epsilon)^2 ln(2 V / delta); T(c + 1) is raised to T(c) when c < V, everything else stays.
/// Source: Ganchev, Kearns, Nevmyvaka, Wortman Vaughan 2009, "Censored exploration and the dark pool problem", Fig. 3.
class OptimisticKaplanMeier {
public:
    /// Refused as by KaplanMeier (sizes up to volume), and options out of range.
    [[nodiscard]] static Result<OptimisticKaplanMeier> estimate(std::span<const Observation> observations,
                                                                const OptimisticOptions& options);
    /// c.
    [[nodiscard]] std::int64_t cut() const { return cut_; }
    [[nodiscard]] double prob_at_least(std::int64_t size) const;
    [[nodiscard]] const KaplanMeier& plain() const { return plain_; }

private:
    explicit OptimisticKaplanMeier(KaplanMeier plain) : plain_(std::move(plain)) {}

    KaplanMeier plain_;
    std::int64_t volume_ = 0;
    std::int64_t cut_ = 0;
};

}  // namespace slipcast::venue
