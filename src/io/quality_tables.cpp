#include "slipcast/io/quality_tables.hpp"

#include <utility>

namespace slipcast::io {

namespace {

ColumnMeta meta(const char* name, const char* meaning) {
    ColumnMeta meta;
    meta.name = name;
    meta.meaning = meaning;
    return meta;
}

/// Rows of text and counts, written column by column.
class QualityRows {
public:
    void add(std::string table, std::string kind, std::string field, std::string rule, std::int64_t rows,
             std::string example = {}) {
        table_.push_back(std::move(table));
        kind_.push_back(std::move(kind));
        field_.push_back(std::move(field));
        rule_.push_back(std::move(rule));
        rows_.push_back(rows);
        example_.push_back(std::move(example));
    }
    Table finished() && {
        Table out("quality");
        out.add({meta("table", "the contract's table"), std::move(table_), {}});
        out.add({meta("kind", "rows, quarantined, flagged (one row a rule) or degradation"), std::move(kind_), {}});
        out.add({meta("field", "the column, or what is missing"), std::move(field_), {}});
        out.add({meta("rule", "the rule that rows broke, or what is lost"), std::move(rule_), {}});
        out.add({meta("rows", "how many rows"), std::move(rows_), {}});
        out.add({meta("example", "the first such row"), std::move(example_), {}});
        return out;
    }

private:
    std::vector<std::string> table_, kind_, field_, rule_, example_;
    std::vector<std::int64_t> rows_;
};

}  // namespace

Table quality_table(const market::QualityReport& quality) {
    QualityRows rows;
    for (const market::TableCount& count : quality.tables()) {
        rows.add(count.table, "rows", "", "read", count.read);
        rows.add(count.table, "rows", "", "accepted", count.accepted);
        rows.add(count.table, "rows", "", "flagged", count.flagged);
        rows.add(count.table, "rows", "", "quarantined", count.quarantined);
    }
    for (const market::RuleCount& rule : quality.rules()) {
        rows.add(rule.table, std::string(name(rule.disposition)), rule.field, rule.rule, rule.count,
                 rule.examples.empty() ? std::string{} : rule.examples.front().error.message());
    }
    for (const market::Degradation& degradation : quality.degradations()) {
        rows.add(degradation.table, "degradation", degradation.missing, degradation.effect, degradation.rows);
    }
    return std::move(rows).finished();
}

Table quarantine_table(const market::QualityReport& quality) {
    std::vector<std::string> table, file, time, field, value, rule, code;
    std::vector<std::int64_t> row;
    for (const market::Finding& finding : quality.quarantine()) {
        table.push_back(finding.table);
        file.push_back(finding.error.place.file);
        row.push_back(finding.error.place.row);
        time.push_back(finding.error.place.time);
        field.push_back(finding.error.field);
        value.push_back(finding.error.value);
        rule.push_back(finding.error.rule);
        code.emplace_back(slipcast::name(finding.error.code));
    }
    Table out("quarantine");
    out.add({meta("table", "the contract's table"), std::move(table), {}});
    out.add({meta("file", "the source"), std::move(file), {}});
    out.add({meta("row", "1-based row of the source; 0 = not one row"), std::move(row), {}});
    out.add({meta("time", "the row's own time, when it has one"), std::move(time), {}});
    out.add({meta("field", "the field that broke the rule"), std::move(field), {}});
    out.add({meta("value", "what it held"), std::move(value), {}});
    out.add({meta("rule", "the rule"), std::move(rule), {}});
    out.add({meta("code", "the kind of refusal"), std::move(code), {}});
    return out;
}

}  // namespace slipcast::io
