#include <algorithm>
#include <array>

#include "sections.hpp"
#include "table_view.hpp"

namespace slipcast::report {

namespace {

struct GroupColumn {
    const char* name;
    const char* label;
    NumberKind kind;
};

// Columns after the group's name, its notional and its arrival cost with interval.
constexpr std::array kColumns{
    GroupColumn{"orders", "Orders", NumberKind::count},
    GroupColumn{"fills", "Fills", NumberKind::count},
    GroupColumn{"spread_bps", "Spread", NumberKind::bps},
    GroupColumn{"fees_bps", "Fees", NumberKind::bps},
    GroupColumn{"price_improvement_bps", "Price impr.", NumberKind::bps},
    GroupColumn{"markout_1min_bps", "Mark-out 1 min", NumberKind::bps},
    GroupColumn{"completion", "Completion", NumberKind::ratio},
    GroupColumn{"fill_rate", "Fill rate", NumberKind::ratio},
    GroupColumn{"blocks", "Blocks", NumberKind::count},
};

// Without an interval nothing can be told apart, and a reader should see that it was asked.
std::string verdict(const TableView& table, std::size_t row) {
    const std::string separable = table.label(row, "separable");
    if (separable.empty()) return "no interval";
    return separable == "true" ? "separable" : "not separable";
}

Json group_table(const TableView& table, const char* name, const char* title) {
    const std::string group_column = table.meta("group") != nullptr ? "group" : table.first_column();
    Json columns = Json::array();
    std::vector<GroupColumn> shown;
    for (const GroupColumn& column : kColumns) {
        if (!table.has_values(column.name)) continue;
        shown.push_back(column);
        const bool is_bps = column.kind == NumberKind::bps;
        columns.push_back({{"name", column.name}, {"label", column.label}, {"unit", is_bps ? "bps" : ""}});
    }
    Json rows = Json::array();
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string group = table.label(row, group_column);
        Json entry{{"group", group.empty() ? "not recorded" : group},
                   {"notional", cash_json(table, row, "notional_cash", 0)},
                   {"cost", cell_json(table.number(row, "arrival_cost_bps"), NumberKind::bps)},
                   {"low", cell_json(table.number(row, "low"), NumberKind::bps)},
                   {"high", cell_json(table.number(row, "high"), NumberKind::bps)},
                   {"separable", verdict(table, row)},
                   {"cells", Json::array()}};
        for (const GroupColumn& column : shown) {
            entry["cells"].push_back(cell_json(table.number(row, column.name), column.kind));
        }
        rows.push_back(std::move(entry));
    }
    return Json{{"name", name}, {"title", title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

}  // namespace

Json groups_json(const tca::Measurement& measurement) {
    Json list = Json::array();
    for (const auto& [name, title] : {std::pair{"venues", "Venues"}, std::pair{"brokers", "Brokers"},
                                      std::pair{"algos", "Algos"}, std::pair{"symbols", "Symbols"}}) {
        const TableView table(measurement.find(name));
        if (table.rows() > 0) list.push_back(group_table(table, name, title));
    }
    return list;
}

}  // namespace slipcast::report
