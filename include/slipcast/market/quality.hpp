#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::market {

/// What happened to a row that broke a rule.
enum class Disposition : std::uint8_t {
    quarantined,  ///< left out of every metric and written to the quarantine table
    flagged,      ///< kept, and said so (locked and crossed quotes, odd clocks)
};

/// One broken rule at one row. `error.place` names file and row.
struct Finding {
    std::string table;
    Disposition disposition = Disposition::quarantined;
    Error error;
    std::string order = {};  ///< of a quarantined fill: the parent that it names, whose executions are not whole
};

/// "quarantined" or "flagged".
[[nodiscard]] std::string_view name(Disposition disposition);

/// Rows per table: read = accepted + quarantined; flagged rows are among the accepted.
struct TableCount {
    std::string table;
    std::int64_t read = 0;
    std::int64_t accepted = 0;
    std::int64_t flagged = 0;
    std::int64_t quarantined = 0;
};

/// Findings of one rule in one table, with the first few as examples.
struct RuleCount {
    std::string table;
    std::string field;
    std::string rule;
    Disposition disposition = Disposition::quarantined;
    std::int64_t count = 0;
    std::vector<Finding> examples;  ///< at most QualityReport::kExamples
};

/// Something absent and what it takes away, e.g. ("decision_time", "no delay cost: market-activity shortfall").
struct Degradation {
    std::string table;
    std::string missing;
    std::string effect;
    std::int64_t rows = 0;
};

/// The data-quality page as data: every report opens with it.
class QualityReport {
public:
    static constexpr std::size_t kExamples = 5;
    void count_read(const std::string& table, std::int64_t rows);
    /// Records a finding and updates the counts of its table and rule. A row is quarantined once, for the first rule it
    /// broke: the caller reports no second quarantine of the same row. A row with several flags counts as one flagged
    /// row when its findings follow one another.
    void add(Finding finding);
    /// Records `rows` further rows that were flagged for one reason, `example` being the first of them: tapes flag too
    /// many rows to describe each.
    void add_flagged(Finding example, std::int64_t rows);
    /// Counts `rows` that earned a remark after they were read, by rule alone: `flagged` of their table stays what
    /// reading found, so a row cannot count twice in it.
    void add_remark(Finding example, std::int64_t rows);
    /// Records what is missing; the same (table, missing) again only adds its rows.
    void add(Degradation degradation);
    /// Adds the counts, rules, examples and degradations of `other` (from another file or a later stage).
    void merge(const QualityReport& other);
    [[nodiscard]] const std::vector<TableCount>& tables() const { return tables_; }
    [[nodiscard]] const std::vector<RuleCount>& rules() const { return rules_; }
    [[nodiscard]] const std::vector<Degradation>& degradations() const { return degradations_; }
    /// Every quarantined row's finding, in the order reported: what the quarantine table is written from.
    [[nodiscard]] const std::vector<Finding>& quarantine() const { return quarantine_; }
    [[nodiscard]] std::int64_t quarantined() const;
    [[nodiscard]] std::int64_t flagged() const;

private:
    TableCount& table(const std::string& name);
    RuleCount& rule(const Finding& finding);
    std::vector<TableCount> tables_;
    std::vector<RuleCount> rules_;
    std::vector<Finding> quarantine_;
    std::string last_flagged_table_;
    Place last_flagged_;
    std::vector<Degradation> degradations_;
};

}  // namespace slipcast::market
