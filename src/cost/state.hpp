#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "slipcast/cost/model.hpp"

namespace slipcast::cost::detail {

/// Most columns of one part: what the kernel keeps on the stack.
inline constexpr std::size_t kMaxColumns = 64;
inline constexpr std::size_t kMaxInputs = 64;
/// The tail index at which a t and a normal cannot be told apart; the fit holds it there.
inline constexpr double kGaussianNu = 1e4;
inline constexpr double kLowestNu = 2.02;

/// One column of a design: (formula(inputs) - center) / deviation.
struct DesignColumn {
    std::string name;  ///< of the column: the term, or term[level]
    std::string term;
    Formula formula = Formula::one;
    int first = -1;  ///< places in State::inputs
    int second = -1;
    double constant = 0.0;
    int level = -1;  ///< of a label: the code this column stands for
    int levels = 0;  ///< of a label: how many are known, the baseline included
    double center = 0.0;
    double deviation = 1.0;
};

/// What a label never seen adds to the variance of a part: the spread between the known levels.
struct Unseen {
    int input = -1;
    double variance = 0.0;
};

/// A linear predictor: intercept first.
struct Part {
    std::vector<DesignColumn> columns;
    std::vector<Unseen> unseen;
};

/// What the fit saw and how it went.
struct FitReport {
    Termination termination = Termination::converged;
    std::int64_t iterations = 0;
    std::int64_t starts = 0;
    bool starts_agree = true;
    double gradient = 0.0;   ///< largest |component| at the mode, scaled parameters
    double decrement = 0.0;  ///< Newton's: how far the log posterior could still rise, in its quadratic model
    double condition = 0.0;  ///< of the observed information, scaled to a unit diagonal
    double log_likelihood = 0.0;
    double log_posterior = 0.0;
    std::int64_t table_rows = 0;
    std::int64_t rows = 0;  ///< rows fitted: whole, filled parts and censored rests
    std::int64_t whole = 0;
    std::int64_t filled_parts = 0;
    std::int64_t censored = 0;
    std::int64_t cancelled_rests = 0;  ///< discretionary cancels: their rests are left out
    double weight = 0.0;
    std::map<std::string, std::int64_t> left_out;  ///< rows by the column or reason
    std::int64_t completion_rows = 0;
    std::int64_t completion_missed = 0;
    std::vector<std::string> separated;  ///< completion columns that split filled from missed orders completely
    std::string no_completion;           ///< why there is no completion head; empty = there is one
};

/// What a symbol's orders looked like: the stand-in for a forecast when a contemplated order comes without one.
struct SymbolContext {
    std::string symbol;
    std::int64_t orders = 0;
    double volume_per_s = 0.0;                 ///< market volume expected a second while an order is worked
    std::map<std::string, double> medians;     ///< of the number inputs
    std::map<std::string, std::string> modes;  ///< most frequent label of the label inputs
};

struct State {
    FitOptions options;
    std::vector<Input> inputs;
    Part mean;
    Part scale;
    Part completion;  ///< no columns = no head
    double target_center = 0.0;
    double target_scale = 1.0;
    Eigen::VectorXd mode;        ///< beta, alpha, ln(nu - 2), for the scaled target
    Eigen::MatrixXd covariance;  ///< of the same; the row of nu is zero when it is held
    double nu_coupling = 0.0;    ///< d log s / d ln(nu - 2) along the posterior, at the average order
    Eigen::VectorXd completion_mode;
    Eigen::MatrixXd completion_covariance;
    FitReport report;
    std::vector<SymbolContext> contexts;
    std::map<std::string, std::string> provenance;

    [[nodiscard]] Eigen::Index mean_size() const { return static_cast<Eigen::Index>(mean.columns.size()); }
    [[nodiscard]] Eigen::Index scale_size() const { return static_cast<Eigen::Index>(scale.columns.size()); }
    [[nodiscard]] double log_excess_nu() const { return mode[mode.size() - 1]; }
};

/// The column of a quantile: "p50", "p99_9", percent with a point as underscore.
[[nodiscard]] std::string quantile_name(double p);

}  // namespace slipcast::cost::detail
