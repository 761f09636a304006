#include "row_ledger.hpp"

#include <algorithm>

namespace slipcast::market::detail {

Error RowLedger::located(std::size_t row, Error error, std::optional<Timestamp> time) const {
    const std::int32_t file = (*source_file_)[row];
    if (file >= 0) error.place.file = (*files_)[static_cast<std::size_t>(file)];
    error.place.row = (*source_row_)[row];
    if (time) error.place.time = time->to_string();
    return error;
}

void RowLedger::publish(QualityReport& report, const std::function<std::string(std::size_t)>& order_of) const {
    report.count_read(table_, static_cast<std::int64_t>(refusals_.size()));
    std::vector<RowError> flags;
    for (const RowError& flag : flags_) {
        if (is_accepted(flag.row)) flags.push_back(flag);
    }
    std::stable_sort(flags.begin(), flags.end(), [](const RowError& a, const RowError& b) { return a.row < b.row; });
    std::size_t next_flag = 0;
    for (std::size_t row = 0; row < refusals_.size(); ++row) {
        if (refusals_[row] != 0) {
            report.add({table_, Disposition::quarantined, findings_[refusals_[row] - 1].error,
                        order_of ? order_of(row) : std::string()});
        }
        for (; next_flag < flags.size() && flags[next_flag].row == row; ++next_flag) {
            report.add({table_, Disposition::flagged, flags[next_flag].error});
        }
    }
}

}  // namespace slipcast::market::detail
