#include <fmt/format.h>

#include <cmath>

#include "slipcast/core/table_builder.hpp"
#include "slipcast/cost/model.hpp"
#include "state.hpp"

namespace slipcast::cost {

namespace {

using detail::DesignColumn;
using detail::State;
using Eigen::Index;

constexpr double kNormal975 = 1.9599639845400545;  // a 95 % interval

/// The rows of the summary as they are collected.
struct SummaryRows {
    std::vector<std::string> part, term, unit, reading;
    std::vector<double> effect, low, high, coefficient;

    void add(const char* part_name, const std::string& name, const char* unit_name, std::string text) {
        part.emplace_back(part_name);
        term.push_back(name);
        unit.emplace_back(unit_name);
        reading.push_back(std::move(text));
    }
    void add_interval(double value, double low_end, double high_end, double per_unit) {
        effect.push_back(value);
        low.push_back(low_end);
        high.push_back(high_end);
        coefficient.push_back(per_unit);
    }
};

std::string step_of(const DesignColumn& column) {
    if (column.formula == Formula::level) return fmt::format("{} instead of the most frequent level", column.name);
    if (column.formula == Formula::is_below) return column.name;
    if (column.deviation == 1.0) return fmt::format("{} higher by 1", column.name);
    return fmt::format("{} higher by one deviation ({:.4g})", column.name, column.deviation);
}

void add_mean(const State& state, SummaryRows& rows) {
    for (Index i = 0; i < state.mean_size(); ++i) {
        const DesignColumn& column = state.mean.columns[static_cast<std::size_t>(i)];
        const bool is_intercept = i == 0;
        const double shift = is_intercept ? state.target_center : 0.0;
        const double sd = std::sqrt(state.covariance(i, i)) * state.target_scale;
        const double effect = state.mode[i] * state.target_scale;
        // One step of an indicator is the whole way, whatever it was scaled by.
        const double step = column.formula == Formula::is_below ? 1.0 / column.deviation : 1.0;
        const double value = shift + effect * step;
        rows.add("mean", column.name, "bps",
                 is_intercept ? fmt::format("an average order is expected to cost {:.2f} bps", value)
                              : fmt::format("{}: {:+.2f} bps", step_of(column), value));
        rows.add_interval(value, value - kNormal975 * sd * step, value + kNormal975 * sd * step,
                          is_intercept ? value : effect / column.deviation);
    }
}

void add_scale(const State& state, SummaryRows& rows) {
    const Index p = state.mean_size();
    for (Index i = 0; i < state.scale_size(); ++i) {
        const DesignColumn& column = state.scale.columns[static_cast<std::size_t>(i)];
        const bool is_intercept = i == 0;
        const double sd = std::sqrt(state.covariance(p + i, p + i));
        const double step = column.formula == Formula::is_below ? 1.0 / column.deviation : 1.0;
        const double unit = is_intercept ? state.target_scale : 1.0;
        const double value = unit * std::exp(step * state.mode[p + i]);
        rows.add("scale", column.name, is_intercept ? "bps" : "times",
                 is_intercept ? fmt::format("its scale is {:.2f} bps", value)
                              : fmt::format("{}: scale times {:.2f}", step_of(column), value));
        rows.add_interval(value, value * std::exp(-kNormal975 * sd * step), value * std::exp(kNormal975 * sd * step),
                          is_intercept ? std::log(value) : state.mode[p + i] / column.deviation);
    }
}

void add_tail(const State& state, SummaryRows& rows) {
    const Index last = state.mode.size() - 1;
    const double sd = std::sqrt(state.covariance(last, last));
    const double excess = std::exp(state.mode[last]);
    const double nu = 2.0 + excess;
    std::string text = fmt::format("{:.1f} degrees of freedom: {} tails", nu,
                                   nu < 5.0 ? "heavy" : (nu < 30.0 ? "moderate" : "normal"));
    if (state.report.termination == Termination::gaussian_limit) text = "no heavy tails: as good as normal";
    if (state.report.termination == Termination::heavy_limit) text = "tails so heavy that the variance is hardly known";
    rows.add("tail", "nu", "", std::move(text));
    rows.add_interval(nu, 2.0 + excess * std::exp(-kNormal975 * sd), 2.0 + excess * std::exp(kNormal975 * sd), nu);
}

void add_completion(const State& state, SummaryRows& rows) {
    for (Index i = 0; i < state.completion_mode.size(); ++i) {
        const DesignColumn& column = state.completion.columns[static_cast<std::size_t>(i)];
        const bool is_intercept = i == 0;
        const double sd = std::sqrt(state.completion_covariance(i, i));
        const double step = column.formula == Formula::is_below ? 1.0 / column.deviation : 1.0;
        const double at = state.completion_mode[i] * step;
        const double value = is_intercept ? 1.0 / (1.0 + std::exp(-at)) : std::exp(at);
        const auto moved = [&](double by) {
            return is_intercept ? 1.0 / (1.0 + std::exp(-(at + by))) : std::exp(at + by);
        };
        rows.add("completion", column.name, is_intercept ? "" : "times",
                 is_intercept ? fmt::format("an average order finishes with probability {:.3f}", value)
                              : fmt::format("{}: odds to finish times {:.2f}", step_of(column), value));
        rows.add_interval(value, moved(-kNormal975 * sd * step), moved(kNormal975 * sd * step),
                          state.completion_mode[i] / column.deviation);
    }
}

/// Name and value pairs as text.
struct Facts {
    std::vector<std::string> name, value, meaning;
    void add(const char* what, std::string text, const char* means) {
        name.emplace_back(what);
        value.push_back(std::move(text));
        meaning.emplace_back(means);
    }
    void count(const char* what, std::int64_t number, const char* means) {
        add(what, fmt::format("{}", number), means);
    }
    void number(const char* what, double number, const char* means) {
        add(what, fmt::format("{:.10g}", number), means);
    }
};

void add_rows(const detail::FitReport& report, Facts& facts) {
    facts.count("table_rows", report.table_rows, "rows of the table");
    facts.count("rows", report.rows, "rows fitted");
    facts.count("whole_orders", report.whole, "orders that count as one row");
    facts.count("filled_parts", report.filled_parts, "fills of orders filled in part, weighted by the filled fraction");
    facts.count("censored_rests", report.censored, "rests known to cost more than a bound");
    facts.count("cancelled_rests", report.cancelled_rests, "rests of discretionary cancels, left out");
    facts.number("weight", report.weight, "sum of weights");
    for (const auto& [reason, count] : report.left_out) {
        facts.add("left_out", fmt::format("{}: {}", reason, count), "rows left out, by what they lack");
    }
    if (!report.no_completion.empty()) facts.add("no_completion", report.no_completion, "why there is no miss risk");
    if (report.no_completion.empty()) {
        facts.count("completion_rows", report.completion_rows, "orders the completion head learned from");
        facts.count("completion_missed", report.completion_missed, "of them not filled by the deadline");
    }
    if (!report.separated.empty()) {
        facts.add("completion_separated", fmt::format("{}", fmt::join(report.separated, ", ")),
                  "split finished from missed orders completely: only the prior keeps their effect finite");
    }
}

}  // namespace

Table Model::summary() const {
    SummaryRows rows;
    add_mean(*state_, rows);
    add_scale(*state_, rows);
    add_tail(*state_, rows);
    add_completion(*state_, rows);
    return TableBuilder("cost_summary", rows.part.size())
        .add(plain("part", "of the model"), std::move(rows.part))
        .add(plain("term", "column of the design"), std::move(rows.term))
        .add(plain("effect", "of one step of the term, see reading"), std::move(rows.effect))
        .add(plain("low", "lower end of its 95 % interval"), std::move(rows.low))
        .add(plain("high", "upper end of its 95 % interval"), std::move(rows.high))
        .add(plain("unit", "of effect, low and high"), std::move(rows.unit))
        .add(plain("coefficient", "per unit of the term, unscaled"), std::move(rows.coefficient))
        .add(plain("reading", "in words"), std::move(rows.reading))
        .take();
}

Table Model::diagnostics() const {
    const detail::FitReport& report = state_->report;
    Facts facts;
    facts.add("method", std::string(method()), "how it was fitted");
    facts.add("termination", std::string(name(report.termination)), "how the search ended");
    facts.count("iterations", report.iterations, "Newton steps of all starts");
    facts.add("starts_agree", report.starts_agree ? "yes" : "no", "all starts ended in one mode");
    facts.number("gradient", report.gradient, "largest component at the mode, scaled parameters");
    facts.number("newton_decrement", report.decrement, "how far the log posterior could still rise");
    facts.number("condition", report.condition, "of the observed information at unit diagonal");
    facts.number("log_likelihood", report.log_likelihood, "at the mode, in the target's units");
    facts.number("nu", degrees(), "degrees of freedom");
    add_rows(report, facts);
    for (const auto& [key, value] : state_->provenance) facts.add(key.c_str(), value, "provenance");
    return TableBuilder("cost_diagnostics", facts.name.size())
        .add(plain("name", "what"), std::move(facts.name))
        .add(plain("value", ""), std::move(facts.value))
        .add(plain("meaning", ""), std::move(facts.meaning))
        .take();
}

}  // namespace slipcast::cost
