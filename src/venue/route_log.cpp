#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "slipcast/venue/log.hpp"

namespace slipcast::venue {

std::string PairLogs::caveat() const {
    if (hypothetical.empty()) return {};
    std::int64_t count = 0;
    std::vector<std::string> declared;
    for (const auto& [text, rows] : hypothetical) {
        count += rows;
        declared.push_back(text);
    }
    return fmt::format("{} of {} routes are hypothetical: nobody sent them. Declared: {}. {}", count, observations(),
                       fmt::join(declared, "; and "), kCannotSay);
}

void PairLogs::add_quarantined(const market::QualityReport& quality, const std::string& table) {
    const auto found = std::find_if(quality.tables().begin(), quality.tables().end(),
                                    [&](const market::TableCount& one) { return one.table == table; });
    if (found == quality.tables().end() || found->quarantined == 0) return;
    left_out.push_back({"quarantined", found->quarantined});
    routes += found->quarantined;
}

PairLogs pair_logs(const market::RouteTable& table) {
    PairLogs logs = pair_logs(table.rows);
    logs.hypothetical = table.hypothetical;
    logs.add_quarantined(table.quality, "routes");
    return logs;
}

}  // namespace slipcast::venue
