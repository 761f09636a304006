#include <map>
#include <set>

#include "number_text.hpp"
#include "sections.hpp"
#include "table_view.hpp"

namespace slipcast::report {

namespace {

constexpr std::size_t kNamedSymbols = 6;  // more are counted, not named

struct Scope {
    std::size_t orders = 0;
    std::size_t fills = 0;
    std::set<std::string> symbols;
    std::set<std::string> indicative;
    std::set<Date> days;
};

Scope scope_of(const tca::Measurement& measurement) {
    const TableView orders(measurement.find("orders"));
    Scope scope;
    scope.orders = orders.rows();
    scope.fills = TableView(measurement.find("fills")).rows();
    for (std::size_t row = 0; row < orders.rows(); ++row) {
        const std::string symbol = orders.label(row, "symbol");
        scope.symbols.insert(symbol);
        if (orders.flag(row, "spread_indicative", false)) scope.indicative.insert(symbol);
        if (const auto arrival = orders.time(row, "arrival_time")) scope.days.insert(Date::of_utc(*arrival));
    }
    return scope;
}

std::string counted(std::size_t count, const std::string& noun) {
    return count_text(static_cast<std::int64_t>(count)) + " " + noun + (count == 1 ? "" : "s");
}

std::string joined(const std::set<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string span_text(const std::set<Date>& days) {
    const std::string first = days.begin()->to_string();
    return days.size() == 1 ? first : range_text(first, days.rbegin()->to_string());
}

// Importers write a word; a reader wants a sentence.
std::string source_text(const std::map<std::string, std::string>& provenance) {
    static const std::map<std::string, std::string> kImporters{{"lean", "Lean files"},
                                                               {"mapping", "the user's tables"}};
    const auto found = provenance.find("source");
    if (found == provenance.end() || found->second.empty()) return "tables of the data contract";
    const auto known = kImporters.find(found->second);
    return known == kImporters.end() ? found->second : known->second;
}

std::string data_text(const std::map<std::string, std::string>& provenance, const Scope& scope) {
    std::string text = source_text(provenance);
    if (!scope.days.empty()) text += "; " + counted(scope.days.size(), "day");
    if (!scope.symbols.empty()) {
        text += scope.symbols.size() <= kNamedSymbols ? "; " + joined(scope.symbols)
                                                      : "; " + counted(scope.symbols.size(), "symbol");
    }
    return text;
}

}  // namespace

Masthead cost_masthead(const tca::Measurement& measurement, const market::Dataset& dataset,
                       const PageOptions& options) {
    const Scope scope = scope_of(measurement);
    Masthead head;
    head.kicker = "execution cost analysis";
    head.title = options.title;
    head.provenance = dataset.provenance;
    for (const auto& [name, value] : measurement.provenance) head.provenance[name] = value;
    head.extent = {counted(scope.orders, "order"), counted(scope.fills, "fill"),
                   counted(scope.symbols.size(), "symbol")};
    if (!scope.days.empty()) head.extent.push_back(span_text(scope.days));
    head.facts.push_back({"Data", data_text(head.provenance, scope)});
    const auto add = [&](const char* label, std::initializer_list<const char*> names) {
        for (const char* name : names) {
            const auto found = head.provenance.find(name);
            if (found == head.provenance.end() || found->second.empty()) continue;
            head.facts.push_back({label, found->second});
            return;
        }
    };
    add("Own impact", {"replay.impact", "impact"});
    add("Volume curve", {"volume_curve", "replay.volume_curve"});
    add("Version", {"version"});
    add("Seed", {"seed"});
    add("Options digest", {"options_digest"});
    add("Data digest", {"data_digest"});
    head.facts.push_back(
        {"Spreads", scope.indicative.empty() ? "from quotes" : "indicative: " + joined(scope.indicative)});
    head.closing =
        "Times are UTC. Cash is exact; basis points are cash over notional. Intervals resample blocks of orders that "
        "share a symbol and day.";
    return head;
}

}  // namespace slipcast::report
