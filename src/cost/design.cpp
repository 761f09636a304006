#include "design.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <numeric>

namespace slipcast::cost::detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::string label_text(const InputColumns& columns, std::size_t input, double code) {
    return code < 0.0 ? kNoLabel : columns.texts[input][static_cast<std::size_t>(code)];
}

std::vector<DesignColumn> expanded(const std::vector<Term>& terms, const InputColumns& columns) {
    std::vector<DesignColumn> all{{.name = "intercept", .term = "intercept"}};
    for (const Term& term : terms) {
        DesignColumn column{.name = term.name,
                            .term = term.name,
                            .formula = term.formula,
                            .first = term.first,
                            .second = term.second,
                            .constant = term.constant};
        if (term.formula != Formula::level) {
            all.push_back(column);
            continue;
        }
        const std::vector<std::string>& levels = columns.inputs[static_cast<std::size_t>(term.first)].levels;
        column.levels = static_cast<int>(levels.size());
        // With one level there is nothing to compare: the column of a label that does not vary.
        for (std::size_t level = levels.size() == 1 ? 0 : 1; level < levels.size(); ++level) {
            column.level = static_cast<int>(level);
            column.name = term.name + "[" + levels[level] + "]";
            all.push_back(column);
        }
    }
    return all;
}

Error not_identified(const std::string& field, const std::string& column, const std::string& rule) {
    return Error{ErrorCode::not_identified, field, column, rule, {}};
}

Result<void> scale_column(const std::string& field, const VectorXd& weights, bool unscaled, DesignColumn& column,
                          Eigen::Ref<VectorXd> values) {
    const double total = weights.sum();
    const double mean = weights.dot(values) / total;
    const double variance = weights.dot((values.array() - mean).square().matrix()) / total;
    const double deviation = std::sqrt(variance);
    if (!(deviation > 1e-12 * std::max(1e-300, values.cwiseAbs().maxCoeff()))) {
        return not_identified(field, column.name, "does not vary over the rows fitted: leave it out");
    }
    if (unscaled || column.formula == Formula::level) return {};
    column.center = mean;
    column.deviation = deviation;
    values = (values.array() - mean) / deviation;
    return {};
}

// The column that a combination of the others equals, if there is one: the largest part of the Gram matrix's null
// vector.
Result<void> check_independent(const std::string& field, const BuiltPart& built, const VectorXd& weights) {
    MatrixXd gram = built.matrix.transpose() * weights.asDiagonal() * built.matrix;
    const VectorXd length = gram.diagonal().cwiseSqrt();
    gram = length.cwiseInverse().asDiagonal() * gram * length.cwiseInverse().asDiagonal();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(gram);
    if (solver.eigenvalues()[0] > 1e-10) return {};
    Index worst = 0;
    solver.eigenvectors().col(0).cwiseAbs().maxCoeff(&worst);
    std::string others;
    for (Index i = 0; i < gram.cols(); ++i) {
        if (i == worst || std::abs(solver.eigenvectors()(i, 0)) < 1e-3) continue;
        others += (others.empty() ? "" : ", ") + built.part.columns[static_cast<std::size_t>(i)].name;
    }
    return not_identified(field, built.part.columns[static_cast<std::size_t>(worst)].name,
                          "is a combination of " + others + " over the rows fitted: leave one out");
}

}  // namespace

void assign_levels(InputColumns& columns, const std::vector<std::size_t>& rows) {
    for (std::size_t i = 0; i < columns.inputs.size(); ++i) {
        Input& input = columns.inputs[i];
        if (input.kind != InputKind::label) continue;
        std::map<std::string, std::int64_t> count;
        for (const std::size_t row : rows) ++count[label_text(columns, i, columns.values[i][row])];
        input.levels.clear();
        for (const auto& [text, times] : count) input.levels.push_back(text);
        std::stable_sort(input.levels.begin(), input.levels.end(),
                         [&](const std::string& x, const std::string& y) { return count[x] > count[y]; });
    }
    map_levels(columns, std::vector<Input>(columns.inputs));
}

void map_levels(InputColumns& columns, const std::vector<Input>& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].kind != InputKind::label) continue;
        const std::vector<std::string>& levels = inputs[i].levels;
        const auto code_of = [&](const std::string& text) {
            const auto found = std::find(levels.begin(), levels.end(), text);
            return found == levels.end() ? -1.0 : static_cast<double>(found - levels.begin());
        };
        std::vector<double> level_of;
        for (const std::string& text : columns.texts[i]) level_of.push_back(code_of(text));
        const double none = code_of(kNoLabel);
        for (double& code : columns.values[i]) code = code < 0.0 ? none : level_of[static_cast<std::size_t>(code)];
        columns.inputs[i].levels = levels;
        columns.texts[i] = levels;
    }
}

Result<BuiltPart> build_part(const std::string& field, const std::vector<Term>& terms, const InputColumns& columns,
                             const std::vector<std::size_t>& rows, const VectorXd& weights, bool unscaled) {
    BuiltPart built;
    built.part.columns = expanded(terms, columns);
    const std::size_t count = built.part.columns.size();
    if (count > kMaxColumns) {
        return invalid_value(field, std::to_string(count), "columns: at most " + std::to_string(kMaxColumns));
    }
    if (rows.size() <= count) {
        return not_identified(field, std::to_string(rows.size()) + " rows",
                              "are no more than the " + std::to_string(count) + " columns to fit");
    }
    built.matrix.resize(static_cast<Index>(rows.size()), static_cast<Index>(count));
    std::vector<double> first(rows.size()), second(rows.size());
    for (std::size_t j = 0; j < count; ++j) {
        DesignColumn& column = built.part.columns[j];
        const auto gather = [&](int input, std::vector<double>& to) {
            if (input < 0) return;
            const std::vector<double>& from = columns.values[static_cast<std::size_t>(input)];
            for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
        };
        gather(column.first, first);
        gather(column.second, second);
        auto values = built.matrix.col(static_cast<Index>(j));
        fill(column, first.data(), second.data(), values.data(), rows.size());
        if (j > 0) SLIPCAST_CHECK(scale_column(field, weights, unscaled, column, values));
    }
    SLIPCAST_CHECK(check_independent(field, built, weights));
    return built;
}

void set_unseen(Part& part, const VectorXd& coefficients) {
    part.unseen.clear();
    for (std::size_t begin = 0; begin < part.columns.size();) {
        const DesignColumn& column = part.columns[begin];
        if (column.formula != Formula::level) {
            ++begin;
            continue;
        }
        const auto effects = static_cast<std::size_t>(column.levels - 1);
        const VectorXd known = coefficients.segment(static_cast<Index>(begin), static_cast<Index>(effects));
        const double mean = known.sum() / column.levels;
        const double squares = (known.array() - mean).square().sum() + mean * mean;  // the baseline's effect is 0
        part.unseen.push_back({column.first, squares / (column.levels - 1)});
        begin += effects;
    }
}

}  // namespace slipcast::cost::detail
