#include "slipcast/cost/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "kernel.hpp"
#include "score_tables.hpp"
#include "scores.hpp"
#include "training.hpp"

namespace slipcast::cost {

namespace detail {

namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000;

/// A fitted member that scores rows.
class FittedMember {
public:
    explicit FittedMember(std::shared_ptr<const State> state)
        : kernel_(state, mixture_of(*state), {kPinballs.begin(), kPinballs.end()}),
          gap_(MixtureTable::of_mean_gap(kernel_.mixture())) {}

    /// The score of a row of inputs, already mapped to this member's levels; nothing when an input is missing.
    [[nodiscard]] std::optional<RowScore> score(const double* const* inputs, double cost) const {
        const Kernel::Law law = kernel_.law(inputs);
        if (!std::isfinite(law.mu) || !std::isfinite(law.s)) return std::nullopt;
        Prediction prediction;
        std::array<double, kPinballs.size()> quantiles{};
        std::array<double*, kPinballs.size()> places{};
        for (std::size_t k = 0; k < places.size(); ++k) places[k] = &quantiles[k];
        kernel_.evaluate<1>(inputs, &prediction, places.data());
        const double r = (cost - law.mu) / law.s;
        const double gap = table_value(gap_.values(), table_position(law.a, law.b));
        RowScore row;
        row.metric[0] = std::log(law.s) - kernel_.mixture().log_density(r, law.a, law.b);
        row.metric[1] = law.s * (kernel_.mixture().mean_distance(r, law.a, law.b) - 0.5 * gap);
        for (std::size_t k = 0; k < kPinballs.size(); ++k)
            row.metric[2 + k] = pinball(cost, quantiles[k], kPinballs[k]);
        row.metric[6] = std::abs(cost - law.mu);
        row.metric[7] = (cost - law.mu) * (cost - law.mu);
        row.pit = kernel_.mixture().cdf(r, law.a, law.b);
        return row;
    }
    [[nodiscard]] const Kernel& kernel() const { return kernel_; }

private:
    Kernel kernel_;
    MixtureTable gap_;
};

/// The columns of `training` as a state reads them.
class MappedRows {
public:
    MappedRows(const Training& training, const State& state) : columns_(training.columns) {
        map_levels(columns_, state.inputs);
    }
    void point(std::size_t row, const double** inputs) const {
        for (std::size_t i = 0; i < columns_.values.size(); ++i) inputs[i] = &columns_.values[i][row];
    }

private:
    InputColumns columns_;
};

/// Which rows a fold learns from and which it scores.
struct Fold {
    std::vector<std::uint8_t> train;
    std::vector<std::uint8_t> test;
    std::int64_t from = 0, to = 0;  ///< decision times of the first and last scored
};

Result<std::vector<Fold>> rolling_folds(const Training& training, int folds) {
    const std::vector<std::int64_t>& decided = training.outcomes.decided;
    if (decided.empty()) {
        return Error{ErrorCode::missing_field,
                     "splits",
                     training.options.time,
                     "rolling splits need the column of decision times",
                     {}};
    }
    const std::vector<std::int64_t>& finished =
        training.outcomes.finished.empty() ? decided : training.outcomes.finished;
    std::vector<std::int64_t> sorted = decided;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Fold> all;
    const auto blocks = static_cast<std::size_t>(folds) + 1;
    for (std::size_t block = 1; block < blocks; ++block) {
        Fold fold;
        fold.from = sorted[block * sorted.size() / blocks];
        const bool is_last = block + 1 == blocks;
        const std::int64_t end = is_last ? sorted.back() + 1 : sorted[(block + 1) * sorted.size() / blocks];
        fold.to = end - 1;
        for (std::size_t row = 0; row < decided.size(); ++row) {
            fold.test.push_back(decided[row] >= fold.from && decided[row] < end ? 1 : 0);
            fold.train.push_back(decided[row] < fold.from && finished[row] < fold.from ? 1 : 0);
        }
        if (fold.from < end) all.push_back(std::move(fold));
    }
    return all;
}

std::vector<std::int32_t> clusters_of(const Training& training) {
    std::map<std::pair<std::int32_t, std::int64_t>, std::int32_t> known;
    std::vector<std::int32_t> clusters;
    const bool has_symbols = !training.symbols.code.empty();
    const bool has_times = !training.outcomes.decided.empty();
    for (std::size_t row = 0; row < training.outcomes.completed.size(); ++row) {
        const std::int32_t symbol = has_symbols ? training.symbols.code[row] : 0;
        const std::int64_t day = has_times ? training.outcomes.decided[row] / kDayNs : 0;
        const auto key =
            has_symbols || has_times ? std::pair{symbol, day} : std::pair{0, static_cast<std::int64_t>(row)};
        clusters.push_back(known.emplace(key, static_cast<std::int32_t>(known.size())).first->second);
    }
    return clusters;
}

PastCosts past_costs(const Training& training, const std::vector<std::uint8_t>& train) {
    std::vector<double> costs, weights;
    for (const Outcome& each : training.outcomes.costs) {
        if (each.censored || (!train.empty() && train[each.row] == 0)) continue;
        costs.push_back(each.target);
        weights.push_back(each.weight);
    }
    return {std::move(costs), std::move(weights)};
}

/// The members that are fitted, by name, with what their options change.
std::vector<std::pair<std::string, FitOptions>> fitted_members(const FitOptions& options) {
    FitOptions gaussian = options;
    gaussian.scale.clear();
    gaussian.completion.clear();
    gaussian.fixed_nu = kGaussianNu;
    FitOptions constant = options;
    constant.mean.clear();
    constant.scale.clear();
    constant.completion.clear();
    return {{"model", options}, {"gaussian_regression", gaussian}, {"student_constant", constant}};
}

/// One evaluation in progress.
class Scorer {
public:
    Scorer(const Table& table, const Model& model, const Progress& progress)
        : table_(table), model_(model), progress_(progress) {}

    Result<Evaluation> run(const EvaluateOptions& options) {
        for (const auto& [name, with] : fitted_members(model_.options())) {
            SLIPCAST_TRY(training, read_training(table_, with));
            trainings_.push_back({name, std::move(training)});
        }
        const Training& first = trainings_.front().second;
        scores_.clusters_of_rows = clusters_of(first);
        std::vector<Fold> folds;
        if (options.splits == 0) {
            SLIPCAST_TRY(rolling, rolling_folds(first, options.folds));
            folds = std::move(rolling);
        } else {
            folds.emplace_back();
            folds.back().test.assign(table_.rows(), 1);
        }
        for (std::size_t i = 0; i < folds.size(); ++i) {
            if (progress_ &&
                !progress_("scoring", static_cast<std::int64_t>(i), static_cast<std::int64_t>(folds.size()))) {
                return Error{ErrorCode::interrupted, "evaluate", "", "was stopped by its caller", {}};
            }
            SLIPCAST_CHECK(score_fold(folds[i], options.splits == 1));
        }
        if (scores_.rows.empty() && failure_) return *failure_;
        return Evaluation{score_tables(scores_)};
    }

private:
    Result<void> score_fold(const Fold& fold, bool as_it_is) {
        std::vector<FittedMember> members;
        for (const auto& [name, training] : trainings_) {
            if (as_it_is && name == "model") {
                members.emplace_back(model_.shared_state());
                continue;
            }
            auto state = fit_training(training, fold.train, {});
            if (!state) {
                failure_ = state.error();
                scores_.add_fold({fold.from, fold.to, count(fold.train), 0, 0.0, state.error().message()});
                return {};
            }
            members.emplace_back(std::shared_ptr<const State>(std::move(*state)));
        }
        const std::size_t before = scores_.rows.size();
        score_rows(fold, members);
        score_completion(fold, members.front());
        const State& fitted = members.front().kernel().state();
        scores_.add_fold({fold.from, fold.to, count(fold.train),
                          static_cast<std::int64_t>(scores_.rows.size() - before),
                          2.0 + std::exp(fitted.log_excess_nu()), std::string(name(fitted.report.termination))});
        return {};
    }

    void score_rows(const Fold& fold, const std::vector<FittedMember>& members) {
        std::vector<MappedRows> mapped;
        for (std::size_t m = 0; m < members.size(); ++m) {
            mapped.emplace_back(trainings_[m].second, members[m].kernel().state());
        }
        const PastCosts past = past_costs(trainings_.front().second, fold.train);
        const double* inputs[kMaxInputs];
        for (const Outcome& each : trainings_.front().second.outcomes.costs) {
            if (each.censored || fold.test[each.row] == 0) continue;
            ScoredRow row{each.row, each.weight, {}};
            for (std::size_t m = 0; m < members.size(); ++m) {
                mapped[m].point(each.row, inputs);
                const auto score = members[m].score(inputs, each.target);
                if (!score) break;
                row.members.push_back(*score);
            }
            if (row.members.size() != members.size()) continue;
            row.members.push_back(past.score(each.target));
            scores_.rows.push_back(std::move(row));
        }
    }

    void score_completion(const Fold& fold, const FittedMember& member) {
        const State& state = member.kernel().state();
        const Training& training = trainings_.front().second;
        if (state.completion.columns.empty()) return;
        const double past =
            static_cast<double>(state.report.completion_missed) / static_cast<double>(state.report.completion_rows);
        const MappedRows mapped(training, state);
        const double* inputs[kMaxInputs];
        for (std::size_t row = 0; row < training.outcomes.completed.size(); ++row) {
            if (fold.test[row] == 0 || training.outcomes.completed[row] < 0) continue;
            mapped.point(row, inputs);
            double log_odds = 0.0, variance = 0.0;
            member.kernel().completion().evaluate<1>(inputs, &log_odds, &variance);
            if (!std::isfinite(log_odds)) continue;
            scores_.completions.push_back(
                {row, training.outcomes.completed[row] == 0, mean_miss(log_odds, variance), past});
        }
    }

    static std::int64_t count(const std::vector<std::uint8_t>& flags) {
        return std::accumulate(flags.begin(), flags.end(), std::int64_t{0});
    }

    const Table& table_;
    const Model& model_;
    const Progress& progress_;
    std::vector<std::pair<std::string, Training>> trainings_;
    Scores scores_;
    std::optional<Error> failure_;
};

}  // namespace

}  // namespace detail

Settings EvaluateOptions::settings() {
    Settings all;
    all.choice("splits", splits, {"rolling", "none"},
               "refit before each block of time and score the block, or score the model as it is")
        .integer("folds", "", folds, 1, 100, "blocks of time scored in turn");
    return all;
}

Result<void> EvaluateOptions::validate() const {
    EvaluateOptions copy = *this;
    return copy.settings().validate();
}

const Table* Evaluation::find(std::string_view name) const {
    for (const Table& table : tables) {
        if (table.name() == name) return &table;
    }
    return nullptr;
}

Result<Evaluation> evaluate(const Model& model, const Table& table, const EvaluateOptions& options,
                            const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    return detail::Scorer(table, model, progress).run(options);
}

}  // namespace slipcast::cost
