#include "slipcast/market/quality.hpp"

#include <algorithm>
#include <numeric>

#include "slipcast/core/assert.hpp"

namespace slipcast::market {

std::string_view name(Disposition disposition) {
    return disposition == Disposition::quarantined ? "quarantined" : "flagged";
}

TableCount& QualityReport::table(const std::string& name) {
    const auto found =
        std::find_if(tables_.begin(), tables_.end(), [&](const TableCount& t) { return t.table == name; });
    if (found != tables_.end()) return *found;
    return tables_.emplace_back(TableCount{name, 0, 0, 0, 0});
}

RuleCount& QualityReport::rule(const Finding& finding) {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const RuleCount& r) {
        return r.table == finding.table && r.field == finding.error.field && r.rule == finding.error.rule &&
               r.disposition == finding.disposition;
    });
    if (found != rules_.end()) return *found;
    return rules_.emplace_back(
        RuleCount{finding.table, finding.error.field, finding.error.rule, finding.disposition, 0, {}});
}

void QualityReport::count_read(const std::string& table_name, std::int64_t rows) {
    SLIPCAST_ASSERT(rows >= 0, "a table has no negative number of rows");
    TableCount& count = table(table_name);
    count.read += rows;
    count.accepted += rows;
}

void QualityReport::add(Finding finding) {
    RuleCount& broken = rule(finding);
    ++broken.count;
    if (broken.examples.size() < kExamples) broken.examples.push_back(finding);
    TableCount& count = table(finding.table);
    if (finding.disposition == Disposition::quarantined) {
        ++count.quarantined;
        --count.accepted;
        quarantine_.push_back(std::move(finding));
        return;
    }
    const bool same_row = last_flagged_table_ == finding.table && last_flagged_ == finding.error.place;
    if (!same_row || finding.error.place.row == 0) ++count.flagged;
    last_flagged_table_ = finding.table;
    last_flagged_ = std::move(finding.error.place);
}

void QualityReport::add_flagged(Finding example, std::int64_t rows) {
    if (rows <= 0) return;
    table(example.table).flagged += rows;
    add_remark(std::move(example), rows);
}

void QualityReport::add_remark(Finding example, std::int64_t rows) {
    if (rows <= 0) return;
    example.disposition = Disposition::flagged;
    RuleCount& broken = rule(example);
    broken.count += rows;
    if (broken.examples.size() < kExamples) broken.examples.push_back(std::move(example));
}

void QualityReport::add(Degradation degradation) {
    const auto found = std::find_if(degradations_.begin(), degradations_.end(), [&](const Degradation& d) {
        return d.table == degradation.table && d.missing == degradation.missing && d.effect == degradation.effect;
    });
    if (found != degradations_.end()) {
        found->rows += degradation.rows;
    } else {
        degradations_.push_back(std::move(degradation));
    }
}

void QualityReport::merge(const QualityReport& other) {
    for (const TableCount& theirs : other.tables_) {
        TableCount& ours = table(theirs.table);
        ours.read += theirs.read;
        ours.accepted += theirs.accepted;
        ours.flagged += theirs.flagged;
        ours.quarantined += theirs.quarantined;
    }
    for (const RuleCount& theirs : other.rules_) {
        RuleCount& ours = rule(
            Finding{theirs.table, theirs.disposition, {ErrorCode::invalid_value, theirs.field, {}, theirs.rule, {}}});
        ours.count += theirs.count;
        for (const Finding& example : theirs.examples) {
            if (ours.examples.size() < kExamples) ours.examples.push_back(example);
        }
    }
    for (const Degradation& degradation : other.degradations_) add(degradation);
    quarantine_.insert(quarantine_.end(), other.quarantine_.begin(), other.quarantine_.end());
}

std::int64_t QualityReport::quarantined() const {
    return std::accumulate(tables_.begin(), tables_.end(), std::int64_t{0},
                           [](std::int64_t sum, const TableCount& t) { return sum + t.quarantined; });
}

std::int64_t QualityReport::flagged() const {
    return std::accumulate(tables_.begin(), tables_.end(), std::int64_t{0},
                           [](std::int64_t sum, const TableCount& t) { return sum + t.flagged; });
}

}  // namespace slipcast::market
