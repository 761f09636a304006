#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/assert.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::market::detail {

/// What was found about the rows of one table, published in the order of the source whatever order the rules ran in. A
/// row is quarantined for the first rule it broke; the flags of a quarantined row are dropped.
class RowLedger {
public:
    template <typename Row>
    RowLedger(std::string table, const SourcedRows<Row>& source, const std::vector<std::string>& files)
        : table_(std::move(table)),
          source_row_(&source.source_row),
          source_file_(&source.source_file),
          files_(&files),
          refusals_(source.rows.size()) {
        SLIPCAST_ASSERT(source.source_row.size() == source.rows.size(), "every row has a source row");
        SLIPCAST_ASSERT(source.source_file.size() == source.rows.size(), "every row has a source file");
    }

    void quarantine(std::size_t row, Error error, std::optional<Timestamp> time = std::nullopt) {
        if (refusals_[row] != 0) return;
        findings_.push_back({row, located(row, std::move(error), time)});
        refusals_[row] = findings_.size();
    }
    void flag(std::size_t row, Error error, std::optional<Timestamp> time = std::nullopt) {
        flags_.push_back({row, located(row, std::move(error), time)});
    }
    /// Rows of the source: orders derived from fills come after them and have none of their own.
    [[nodiscard]] std::size_t rows() const { return refusals_.size(); }
    [[nodiscard]] bool is_accepted(std::size_t row) const { return refusals_[row] == 0; }
    /// Counts every row as read and adds the findings to `report`; `order_of` names the parent of a quarantined fill.
    void publish(QualityReport& report, const std::function<std::string(std::size_t)>& order_of = {}) const;

private:
    struct RowError {
        std::size_t row = 0;
        Error error;
    };
    [[nodiscard]] Error located(std::size_t row, Error error, std::optional<Timestamp> time) const;

    std::string table_;
    const std::vector<std::int64_t>* source_row_;
    const std::vector<std::int32_t>* source_file_;
    const std::vector<std::string>* files_;
    std::vector<std::size_t> refusals_;  ///< 0 = accepted, else 1 + position in findings_
    std::vector<RowError> findings_;
    std::vector<RowError> flags_;
};

}  // namespace slipcast::market::detail
