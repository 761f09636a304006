#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "inputs.hpp"
#include "slipcast/core/result.hpp"
#include "state.hpp"

namespace slipcast::cost::detail {

/// Writes `count` values of a design column; a and b are its inputs' values. Count is a constant where speed matters.
template <typename Count>
void fill(const DesignColumn& column, const double* a, const double* b, double* out, Count count) {
    const auto each = [&](const auto& value) {
        const double center = column.center;
        const double deviation = column.deviation;
        for (std::size_t i = 0; i < count; ++i) out[i] = (value(i) - center) / deviation;
    };
    constexpr double kOutside = std::numeric_limits<double>::quiet_NaN();
    switch (column.formula) {
        case Formula::one:
            return each([](std::size_t) { return 1.0; });
        case Formula::value:
            return each([a](std::size_t i) { return a[i]; });
        case Formula::root:
            return each([a](std::size_t i) { return std::sqrt(a[i]); });
        case Formula::logarithm:
            return each(
                [a, c = column.constant](std::size_t i) { return a[i] + c > 0.0 ? std::log(a[i] + c) : kOutside; });
        case Formula::product:
            return each([a, b](std::size_t i) { return a[i] * b[i]; });
        case Formula::root_product:
            return each([a, b](std::size_t i) { return a[i] * std::sqrt(b[i]); });
        case Formula::is_below:
            return each([a, c = column.constant](std::size_t i) {
                return a[i] < c ? 1.0 : (std::isnan(a[i]) ? kOutside : 0.0);
            });
        case Formula::log_ratio:
            return each([a, b](std::size_t i) { return a[i] > 0.0 && b[i] > 0.0 ? std::log(a[i] / b[i]) : kOutside; });
        case Formula::root_ratio:
            return each([a, b](std::size_t i) { return b[i] > 0.0 ? std::sqrt(a[i] / b[i]) : kOutside; });
        case Formula::level:
            return each([a, level = static_cast<double>(column.level), even = 1.0 / column.levels](std::size_t i) {
                return a[i] == level ? 1.0 : (a[i] < 0.0 ? even : (std::isnan(a[i]) ? kOutside : 0.0));
            });
    }
}

/// A part and its design matrix over the chosen rows of a table.
struct BuiltPart {
    Part part;
    Eigen::MatrixXd matrix;
};

/// What a label that is missing reads as, when the fit has seen it missing.
inline constexpr const char* kNoLabel = "(none)";

/// Gives label inputs their levels, by the number of `rows` that have them, and replaces raw codes by levels.
void assign_levels(InputColumns& columns, const std::vector<std::size_t>& rows);
/// Replaces raw codes by the levels of `inputs`: -1 for a level that is not among them.
void map_levels(InputColumns& columns, const std::vector<Input>& inputs);

/// Expands terms into columns, scales them by weighted mean and deviation (unless `unscaled`), and refuses what cannot
/// be told apart: a column that does not vary, or one that is a combination of the others. `field` names the part.
[[nodiscard]] Result<BuiltPart> build_part(const std::string& field, const std::vector<Term>& terms,
                                           const InputColumns& columns, const std::vector<std::size_t>& rows,
                                           const Eigen::VectorXd& weights, bool unscaled);

/// The spread of a label's effects, for levels that were never seen.
void set_unseen(Part& part, const Eigen::VectorXd& coefficients);

}  // namespace slipcast::cost::detail
