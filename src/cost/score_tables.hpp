#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scores.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::cost::detail {

/// Members in the order of ScoredRow::members.
inline constexpr std::array<const char*, 4> kMembers{"model", "gaussian_regression", "student_constant",
                                                     "constant_quantiles"};

struct ScoredRow {
    std::size_t row = 0;
    double weight = 1.0;
    std::vector<RowScore> members;
};
struct ScoredCompletion {
    std::size_t row = 0;
    bool missed = false;
    double risk = 0.0;
    double past = 0.0;  ///< miss rate of the orders learned from
};
struct FoldRow {
    std::int64_t from = 0, to = 0, train_rows = 0, test_rows = 0;
    double nu = 0.0;
    std::string note;
};

/// Everything scored, and the tables made of it.
struct Scores {
    std::vector<std::int32_t> clusters_of_rows;
    std::vector<ScoredRow> rows;
    std::vector<ScoredCompletion> completions;
    std::vector<FoldRow> folds;
    void add_fold(FoldRow fold) { folds.push_back(std::move(fold)); }
};
[[nodiscard]] std::vector<Table> score_tables(const Scores& scores);

}  // namespace slipcast::cost::detail
