#include "slipcast/market/quality_tables.hpp"

#include <string>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::market {

namespace {

Table counts_table(const std::vector<TableCount>& counts) {
    return TableBuilder("quality", counts.size())
        .add(plain("table", "of the data contract"), of(counts, &TableCount::table))
        .add(plain("read", "rows read"), of(counts, &TableCount::read))
        .add(plain("accepted", "rows that are measured"), of(counts, &TableCount::accepted))
        .add(plain("flagged", "accepted rows with a remark when they were read"), of(counts, &TableCount::flagged))
        .add(plain("quarantined", "rows left out"), of(counts, &TableCount::quarantined))
        .take();
}

Table rules_table(const std::vector<RuleCount>& rules) {
    const auto example = [](const RuleCount& r) {
        return r.examples.empty() ? std::string() : r.examples.front().error.message();
    };
    return TableBuilder("quality_rules", rules.size())
        .add(plain("table", "of the data contract"), of(rules, &RuleCount::table))
        .add(plain("field", "the column at fault"), of(rules, &RuleCount::field))
        .add(plain("rule", "what was broken"), of(rules, &RuleCount::rule))
        .add(plain("disposition", "quarantined or flagged"),
             of(rules, [](const RuleCount& r) { return std::string(name(r.disposition)); }))
        .add(plain("count", "rows"), of(rules, &RuleCount::count))
        .add(plain("example", "the first of them"), of(rules, example))
        .take();
}

Table degradations_table(const std::vector<Degradation>& lost) {
    return TableBuilder("degradations", lost.size())
        .add(plain("table", "where something is missing"), of(lost, &Degradation::table))
        .add(plain("missing", "what is missing"), of(lost, &Degradation::missing))
        .add(plain("effect", "what it takes away"), of(lost, &Degradation::effect))
        .add(plain("rows", "rows concerned"), of(lost, &Degradation::rows))
        .take();
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
    const auto& findings = quality.quarantine();
    TableBuilder table("quarantine", findings.size());
    const auto add = [&](const char* name, const char* meaning, auto value) {
        table.add(plain(name, meaning), of(findings, value));
    };
    add("table", "the contract's table", &Finding::table);
    add("file", "the source", [](const Finding& f) { return f.error.place.file; });
    add("row", "1-based row of the source; 0 = not one row", [](const Finding& f) { return f.error.place.row; });
    add("time", "the row's own time, when it has one", [](const Finding& f) { return f.error.place.time; });
    add("field", "the field that broke the rule", [](const Finding& f) { return f.error.field; });
    add("value", "what it held", [](const Finding& f) { return f.error.value; });
    add("rule", "the rule", [](const Finding& f) { return f.error.rule; });
    add("code", "the kind of refusal", [](const Finding& f) { return std::string(slipcast::name(f.error.code)); });
    add("order_id", "of a fill: the parent that it names", &Finding::order);
    return table.take();
}

}  // namespace slipcast::market
