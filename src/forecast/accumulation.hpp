#pragma once

#include <optional>
#include <span>
#include <vector>

#include "slipcast/forecast/forecaster.hpp"

namespace slipcast::forecast {

/// How past sessions weigh, and what is believed without them.
struct AccumulationPrior {
    double half_life = 5.0;          ///< sessions
    double sessions = 2.0;           ///< weight of the two dispersions
    double total_dispersion = 0.4;   ///< of the log total
    double share_dispersion = 0.15;  ///< of the log share of half a session
    double bin_dispersion = 0.5;     ///< of the log share of one bin
};

/// The past of one amount: its bins in one session, and how many sessions ago that was (1 = the one before).
struct PastAmounts {
    std::vector<double> bins;
    int age = 1;
};

/// A part of the curve that is to come, and what was seen before it.
struct Question {
    double share = 1.0;       ///< w: of the curve, in (0, 1 - seen_share]
    double seen_share = 0.0;  ///< F
    double seen = 0.0;        ///< amount
};

/// The model of a positive amount that accumulates over a session; the formulas and letters are in forecaster.hpp.
class Accumulation {
public:
    /// Missing when no past session has a positive total. Bins have one size; they are >= 0.
    [[nodiscard]] static std::optional<Accumulation> fit(std::span<const PastAmounts> past,
                                                         const AccumulationPrior& prior);
    /// The amount to come in a part of the curve; missing when the part has no share.
    [[nodiscard]] std::optional<Band> to_come(const Question& question) const;
    /// F at a point of the session, in bins from the open (2.5 = the middle of the third bin), linear within a bin.
    [[nodiscard]] double share_by(double bins) const;
    [[nodiscard]] const std::vector<double>& curve() const { return curve_; }
    [[nodiscard]] int sessions() const { return sessions_; }

private:
    /// k at the scale of a part: between one bin and half a session a power law joins the two.
    [[nodiscard]] double noise_of(double share) const;

    std::vector<double> curve_;  ///< cumulative, by the end of each bin
    int sessions_ = 0;
    double mean_ = 0.0;         ///< m
    double variance_ = 0.0;     ///< S
    double share_noise_ = 0.0;  ///< k
    double bin_noise_ = 0.0;    ///< k at the scale of one bin
    double band_factor_ = 0.0;  ///< Student's quantile of 0.9
};

}  // namespace slipcast::forecast
