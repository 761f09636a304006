#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "design.hpp"
#include "outcomes.hpp"
#include "slipcast/core/progress.hpp"
#include "state.hpp"

namespace slipcast::cost::detail {

/// A table of finished orders, read once for any number of fits.
struct Training {
    FitOptions options;
    std::vector<Term> mean;
    std::vector<Term> scale;
    std::vector<Term> completion;
    InputColumns columns;  ///< labels as raw codes
    Outcomes outcomes;
    DictionaryColumn symbols;        ///< no codes without a symbol column
    std::vector<double> quantities;  ///< empty without a column `quantity`
};
[[nodiscard]] Result<Training> read_training(const Table& table, const FitOptions& options);

/// Fits the rows of the table where `chosen` is true (all when empty).
[[nodiscard]] Result<std::shared_ptr<State>> fit_training(const Training& training,
                                                          const std::vector<std::uint8_t>& chosen,
                                                          const Progress& progress);

/// True where every input of the terms is there and inside the formulas' domains; else the term at fault in `culprit`.
[[nodiscard]] bool is_complete(const std::vector<Term>& terms, const InputColumns& columns, std::size_t row,
                               std::string* culprit);

/// The completion head: a logistic regression of `completed` on the part's columns with normal priors.
/// Fills the head's mode, covariance and report; leaves state.completion without columns, and says why, when there is
/// nothing to learn.
[[nodiscard]] Result<void> fit_completion(const Training& training, const InputColumns& columns,
                                          const std::vector<std::uint8_t>& chosen, State& state);

/// What each symbol's orders looked like.
[[nodiscard]] std::vector<SymbolContext> symbol_contexts(const Training& training, const InputColumns& columns,
                                                         const std::vector<std::uint8_t>& chosen);

}  // namespace slipcast::cost::detail
