#pragma once

#include <string_view>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/cost/model.hpp"

namespace slipcast::cost {

/// How to score a model.
struct EvaluateOptions {
    int splits = 0;  ///< 0 rolling: refit before each block of time and score the block; 1 none: score as it is
    int folds = 5;   ///< blocks of time scored in turn
    [[nodiscard]] Settings settings();
    [[nodiscard]] Result<void> validate() const;
};

/// Scores as tables. Members: model; gaussian_regression (the same mean, one normal scale); student_constant (no
/// terms); constant_quantiles (the empirical distribution of past costs).
///   cost_scores       member, metric, value, std_error, and its difference to constant_quantiles (student_constant for
///                     the log score) with the standard error of the difference: negative is better
///   cost_coverage     share of costs below the predicted p5 ... p99
///   cost_reliability  share of costs in each tenth of the predictive distribution: 0.1 when it is right
///   cost_folds        what each fold learned from and was scored on
///   cost_completion   Brier and log score of the miss risk against the past miss rate, and its reliability by bins
/// Standard errors are clustered by symbol and UTC day (rows where there are none). Costs of unknown size (censored)
/// are not scored. Log score is minus the log density, so that less is better in every row.
struct Evaluation {
    std::vector<Table> tables;
    [[nodiscard]] const Table* find(std::string_view name) const;
};

/// Scores the model's method and options on `table`. Rolling: orders sorted by decision time are cut into folds + 1
/// blocks; each but the first is scored by a fit to the orders whose outcome was known (options().finished) before its
/// first decision. Refused: rolling without decision times, folds that cannot be fitted at all.
[[nodiscard]] Result<Evaluation> evaluate(const Model& model, const Table& table, const EvaluateOptions& options = {},
                                          const Progress& progress = {});

}  // namespace slipcast::cost
