#include "slipcast/market/quality_tables.hpp"

#include <string>
#include <utility>

namespace slipcast::market {

namespace {

ColumnMeta meta(const char* name, const char* meaning) {
    ColumnMeta meta;
    meta.name = name;
    meta.meaning = meaning;
    return meta;
}

/// A column of one value an entry.
template <typename Value, typename Entry, typename Of>
void add(Table& table, ColumnMeta meta, const std::vector<Entry>& entries, const Of& of) {
    std::vector<Value> values;
    values.reserve(entries.size());
    for (const Entry& entry : entries) values.push_back(of(entry));
    table.add({std::move(meta), std::move(values), {}});
}

Table counts_table(const std::vector<TableCount>& counts) {
    Table table("quality");
    const auto count = [&](const char* name, const char* meaning, std::int64_t TableCount::* field) {
        add<std::int64_t>(table, meta(name, meaning), counts, [field](const TableCount& c) { return c.*field; });
    };
    add<std::string>(table, meta("table", "of the data contract"), counts, [](const TableCount& c) { return c.table; });
    count("read", "rows read", &TableCount::read);
    count("accepted", "rows that are measured", &TableCount::accepted);
    count("flagged", "accepted rows with a remark when they were read", &TableCount::flagged);
    count("quarantined", "rows left out", &TableCount::quarantined);
    return table;
}

Table rules_table(const std::vector<RuleCount>& rules) {
    Table table("quality_rules");
    const auto text = [&](const char* name, const char* meaning, std::string RuleCount::* field) {
        add<std::string>(table, meta(name, meaning), rules, [field](const RuleCount& r) { return r.*field; });
    };
    text("table", "of the data contract", &RuleCount::table);
    text("field", "the column at fault", &RuleCount::field);
    text("rule", "what was broken", &RuleCount::rule);
    add<std::string>(table, meta("disposition", "quarantined or flagged"), rules,
                     [](const RuleCount& r) { return std::string(name(r.disposition)); });
    add<std::int64_t>(table, meta("count", "rows"), rules, [](const RuleCount& r) { return r.count; });
    add<std::string>(table, meta("example", "the first of them"), rules, [](const RuleCount& r) {
        return r.examples.empty() ? std::string() : r.examples.front().error.message();
    });
    return table;
}

Table degradations_table(const std::vector<Degradation>& lost) {
    Table table("degradations");
    const auto text = [&](const char* name, const char* meaning, std::string Degradation::* field) {
        add<std::string>(table, meta(name, meaning), lost, [field](const Degradation& d) { return d.*field; });
    };
    text("table", "where something is missing", &Degradation::table);
    text("missing", "what is missing", &Degradation::missing);
    text("effect", "what it takes away", &Degradation::effect);
    add<std::int64_t>(table, meta("rows", "rows concerned"), lost, [](const Degradation& d) { return d.rows; });
    return table;
}

}  // namespace

std::vector<Table> quality_tables(const QualityReport& quality) {
    std::vector<Table> tables;
    tables.push_back(counts_table(quality.tables()));
    tables.push_back(rules_table(quality.rules()));
    tables.push_back(degradations_table(quality.degradations()));
    return tables;
}

Table quarantine_table(const QualityReport& quality) {
    Table table("quarantine");
    const auto& findings = quality.quarantine();
    const auto text = [&](const char* name, const char* meaning, const auto& of) {
        add<std::string>(table, meta(name, meaning), findings, of);
    };
    text("table", "the contract's table", [](const Finding& f) { return f.table; });
    text("file", "the source", [](const Finding& f) { return f.error.place.file; });
    add<std::int64_t>(table, meta("row", "1-based row of the source; 0 = not one row"), findings,
                      [](const Finding& f) { return f.error.place.row; });
    text("time", "the row's own time, when it has one", [](const Finding& f) { return f.error.place.time; });
    text("field", "the field that broke the rule", [](const Finding& f) { return f.error.field; });
    text("value", "what it held", [](const Finding& f) { return f.error.value; });
    text("rule", "the rule", [](const Finding& f) { return f.error.rule; });
    text("code", "the kind of refusal", [](const Finding& f) { return std::string(slipcast::name(f.error.code)); });
    return table;
}

}  // namespace slipcast::market
