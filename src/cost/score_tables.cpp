#include "score_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::cost::detail {

namespace {

constexpr std::array<double, 8> kCoverage{0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

/// Rows of (member, what, mean with error, difference with error).
class MeanTable {
public:
    explicit MeanTable(const Scores& scores) {
        for (const ScoredRow& row : scores.rows) {
            weights_.push_back(row.weight);
            clusters_.push_back(scores.clusters_of_rows[row.row]);
        }
    }
    MeanTable(std::vector<double> weights, std::vector<std::int32_t> clusters)
        : weights_(std::move(weights)), clusters_(std::move(clusters)) {}

    void add(const std::string& member, const std::string& what, const std::vector<double>& values,
             const std::vector<double>* baseline = nullptr) {
        const ClusteredMean mean = clustered_mean(values, weights_, clusters_);
        member_.push_back(member);
        what_.push_back(what);
        mean_.push_back(mean.mean);
        error_.push_back(mean.std_error);
        rows_.push_back(mean.rows);
        groups_.push_back(mean.clusters);
        ClusteredMean gap{std::nan(""), std::nan(""), 0, 0};
        if (baseline != nullptr) {
            std::vector<double> difference(values.size());
            for (std::size_t i = 0; i < values.size(); ++i) difference[i] = values[i] - (*baseline)[i];
            gap = clustered_mean(difference, weights_, clusters_);
        }
        gap_.push_back(gap.mean);
        gap_error_.push_back(gap.std_error);
    }
    Table take(const char* name, const char* what, const char* meaning, bool with_difference) {
        TableBuilder table(name, member_.size());
        table.add(plain("member", "what was scored"), std::move(member_))
            .add(plain(what, meaning), std::move(what_))
            .add(plain("value", "weighted mean"), finite(std::move(mean_)))
            .add(plain("std_error", "clustered by symbol and day"), finite(std::move(error_)));
        if (with_difference) {
            table.add(plain("difference", "to the constant member: negative is better"), finite(std::move(gap_)))
                .add(plain("difference_std_error", "clustered, of the paired difference"),
                     finite(std::move(gap_error_)));
        }
        table.add(plain("rows", "scored"), std::move(rows_)).add(plain("clusters", "symbol-days"), std::move(groups_));
        return table.take();
    }

private:
    std::vector<double> weights_;
    std::vector<std::int32_t> clusters_;
    std::vector<std::string> member_, what_;
    std::vector<double> mean_, error_, gap_, gap_error_;
    std::vector<std::int64_t> rows_, groups_;
};

std::vector<double> gathered(const Scores& scores, const std::function<double(const ScoredRow&)>& value) {
    std::vector<double> values;
    for (const ScoredRow& row : scores.rows) values.push_back(value(row));
    return values;
}

Table scores_table(const Scores& scores) {
    MeanTable table(scores);
    for (std::size_t m = 0; m < kMembers.size(); ++m) {
        for (std::size_t k = 0; k < kMetrics.size(); ++k) {
            const std::size_t baseline = k == 0 ? 2 : 3;  // an empirical distribution has no density
            const auto of = [&](std::size_t member) {
                return gathered(scores, [&](const ScoredRow& row) { return row.members[member].metric[k]; });
            };
            const std::vector<double> values = of(m), reference = of(baseline);
            const bool is_scored = !std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
            if (is_scored) table.add(kMembers[m], kMetrics[k], values, m == baseline ? nullptr : &reference);
        }
    }
    return table.take("cost_scores", "metric", "less is better in each", true);
}

Table coverage_table(const Scores& scores) {
    MeanTable table(scores);
    for (std::size_t m = 0; m < kMembers.size(); ++m) {
        for (const double p : kCoverage) {
            const auto is_below =
                gathered(scores, [&](const ScoredRow& row) { return row.members[m].pit <= p ? 1.0 : 0.0; });
            table.add(kMembers[m], fmt::format("{}", p), is_below);
        }
    }
    return table.take("cost_coverage", "probability", "nominal: the share of costs that should be below", false);
}

Table reliability_table(const Scores& scores) {
    MeanTable table(scores);
    for (std::size_t m = 0; m < kMembers.size(); ++m) {
        for (int bin = 0; bin < 10; ++bin) {
            const auto is_in = gathered(scores, [&](const ScoredRow& row) {
                return std::clamp(static_cast<int>(row.members[m].pit * 10.0), 0, 9) == bin ? 1.0 : 0.0;
            });
            table.add(kMembers[m], fmt::format("{:.1f} to {:.1f}", 0.1 * bin, 0.1 * (bin + 1)), is_in);
        }
    }
    return table.take("cost_reliability", "pit", "tenth of the predictive distribution", false);
}

Table folds_table(const Scores& scores) {
    const std::vector<FoldRow>& folds = scores.folds;
    return TableBuilder("cost_folds", folds.size())
        .add(plain("fold", "in time order"), [](std::size_t row) { return static_cast<std::int64_t>(row) + 1; })
        .add(plain("from", "first decision scored"),
             of(folds, [](const FoldRow& fold) { return Timestamp::from_ns(fold.from); }))
        .add(plain("to", "last decision scored"),
             of(folds, [](const FoldRow& fold) { return Timestamp::from_ns(fold.to); }))
        .add(plain("train_orders", "whose outcome was known before"), of(folds, &FoldRow::train_rows))
        .add(plain("scored_rows", "costs scored"), of(folds, &FoldRow::test_rows))
        .add(plain("nu", "degrees of freedom fitted"), of(folds, &FoldRow::nu))
        .add(plain("note", "how the fit ended"), of(folds, &FoldRow::note))
        .take();
}

// Brier and log score of each order's miss risk, then the share missed in each tenth of predicted risk.
Table completion_table(const Scores& scores) {
    std::vector<double> weights;
    std::vector<std::int32_t> clusters;
    std::vector<double> brier, brier_past, log_score, log_past, missed, risk;
    for (const ScoredCompletion& each : scores.completions) {
        weights.push_back(1.0);
        clusters.push_back(scores.clusters_of_rows[each.row]);
        const double outcome = each.missed ? 1.0 : 0.0;
        const auto square = [&](double p) { return (p - outcome) * (p - outcome); };
        const auto log_loss = [&](double p) { return -std::log(std::max(1e-12, each.missed ? p : 1.0 - p)); };
        brier.push_back(square(each.risk));
        brier_past.push_back(square(each.past));
        log_score.push_back(log_loss(each.risk));
        log_past.push_back(log_loss(each.past));
        missed.push_back(outcome);
        risk.push_back(each.risk);
    }
    MeanTable table(weights, clusters);
    table.add("model", "brier", brier, &brier_past);
    table.add("past_rate", "brier", brier_past);
    table.add("model", "log_score", log_score, &log_past);
    table.add("past_rate", "log_score", log_past);
    constexpr std::array<double, 7> kEdges{0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0};
    for (std::size_t bin = 0; bin + 1 < kEdges.size(); ++bin) {
        std::vector<double> outcome(risk.size(), std::nan("")), predicted(risk.size(), std::nan(""));
        for (std::size_t i = 0; i < risk.size(); ++i) {
            const bool is_last = bin + 2 == kEdges.size();
            if (risk[i] < kEdges[bin] || (risk[i] >= kEdges[bin + 1] && !is_last)) continue;
            outcome[i] = missed[i];
            predicted[i] = risk[i];
        }
        const std::string name = fmt::format("risk {} to {}", kEdges[bin], kEdges[bin + 1]);
        table.add("observed", name, outcome, &predicted);
        table.add("predicted", name, predicted);
    }
    return table.take("cost_completion", "metric", "score, or share missed at a predicted risk", true);
}

}  // namespace

std::vector<Table> score_tables(const Scores& scores) {
    std::vector<Table> tables{scores_table(scores), coverage_table(scores), reliability_table(scores),
                              folds_table(scores)};
    if (!scores.completions.empty()) tables.push_back(completion_table(scores));
    return tables;
}

}  // namespace slipcast::cost::detail
