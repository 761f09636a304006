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

/// An amount to come. Alone it is log-normal; for sums it has a mean and a variance, which stay finite for parts so
/// short that a log-normal's would not.
struct Outlook {
    double center = 0.0;             ///< mean of the log
    double variance = 0.0;           ///< of the log
    double mean = 0.0;               ///< w x mean of the level
    double relative_variance = 0.0;  ///< over mean^2: that of the level, and those of shares to first order
    double level_error = 0.0;        ///< standard error of the log level: all that sessions to come share
    double band_factor = 0.0;        ///< Student's quantile of 0.9

    [[nodiscard]] Band band() const;
};

/// A sum of amounts to come of different sessions, which share the error of m (to first order) and nothing else:
/// log-normal with the sum's mean and variance (Fenton 1960, "The sum of log-normal probability distributions in
/// scatter transmission systems").
class OutlookSum {
public:
    void add(const Outlook& part);
    /// Missing without a part, and when past sessions differ so much that the sum has no finite mean or variance. One
    /// part is its own band.
    [[nodiscard]] std::optional<Band> band() const;

private:
    Outlook last_;
    int parts_ = 0;
    double band_factor_ = 0.0;
    double mean_ = 0.0;
    double variance_ = 0.0;        ///< as if nothing were shared
    double shared_ = 0.0;          ///< sum of mean x level_error
    double shared_squares_ = 0.0;  ///< sum of its squares
};

/// The model of a positive amount that accumulates over a session; the formulas and letters are in forecaster.hpp.
class Accumulation {
public:
    /// Missing when no past session has a positive total. Bins have one size; they are >= 0.
    [[nodiscard]] static std::optional<Accumulation> fit(std::span<const PastAmounts> past,
                                                         const AccumulationPrior& prior);
    /// The amount to come in a part of the curve; missing when the part has no share.
    [[nodiscard]] std::optional<Band> to_come(const Question& question) const;
    /// The same before it becomes a band, for sums.
    [[nodiscard]] std::optional<Outlook> outlook(const Question& question) const;
    /// F at a point of the session, in bins from the open (2.5 = the middle of the third bin), linear within a bin.
    [[nodiscard]] double share_by(double bins) const;
    [[nodiscard]] const std::vector<double>& curve() const { return curve_; }
    [[nodiscard]] int sessions() const { return sessions_; }

private:
    /// Where a part lies between one bin (0) and half a session (1) in log share; negative for less than a bin.
    [[nodiscard]] double scale_of(double share) const;
    /// k at the scale of a part: a power law joins that of a bin and that of half a session; below a bin it goes on
    /// where k falls, else that of a bin stays.
    [[nodiscard]] double noise_of(double share) const;
    /// g at the scale of a part: linear in log share between the two, that of a bin below.
    [[nodiscard]] double gap_of(double share) const;

    std::vector<double> curve_;  ///< cumulative, by the end of each bin
    int sessions_ = 0;
    double mean_ = 0.0;         ///< m
    double variance_ = 0.0;     ///< S
    double mean_error_ = 0.0;   ///< standard error of m
    double share_noise_ = 0.0;  ///< k
    double bin_noise_ = 0.0;    ///< k at the scale of one bin
    double share_gap_ = 0.0;    ///< g
    double bin_gap_ = 0.0;      ///< g at the scale of one bin
    double band_factor_ = 0.0;  ///< Student's quantile of 0.9
};

}  // namespace slipcast::forecast
