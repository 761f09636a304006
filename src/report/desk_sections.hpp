#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/report/document.hpp"
#include "table_view.hpp"

namespace slipcast::report {

/// The tables of a desk's page by name; a column of one that is not there reads as missing.
class DeskTables {
public:
    explicit DeskTables(const std::vector<Table>& tables) : tables_(&tables) {}
    /// An empty table when it is not there.
    [[nodiscard]] const Table& table(std::string_view name) const;
    [[nodiscard]] TableView view(std::string_view name) const { return TableView(&table(name)); }

private:
    const std::vector<Table>* tables_;
    Table none_;
};

/// One step of desk_decisions as charts need it.
struct StepRow {
    Timestamp time;
    std::string order, side, action, reason, tactic, rung, rung_reason, guard;
    double quantity = 0.0, lit = 0.0, dark = 0.0, filled = 0.0, working = 0.0;
    std::optional<double> price, bid, ask, mean, p50, p95, miss_risk;
    std::optional<double> ladder_p95, tier_median;  ///< that the rung was read from
    bool is_canceling = false;                      ///< all that works is called in
    std::size_t row = 0;                            ///< in the table
};

/// One order of desk_orders.
struct OrderRow {
    std::string order, side, rung;
    Timestamp first, last;
    double quantity = 0.0, steps = 0.0, guarded = 0.0;
    bool is_finished = false;
    std::optional<double> mean, p50, p90, p95, cost;
    std::size_t row = 0;
};

/// A journal's tables, with its steps and orders read once.
struct Journal {
    DeskTables tables;
    std::vector<StepRow> steps;
    std::vector<OrderRow> orders;
};
[[nodiscard]] Journal read_journal(const std::vector<Table>& tables);

/// "17, buy 12,000".
[[nodiscard]] std::string order_name(const OrderRow& order);
/// What a tip says of a step: what was sent and why, rung, guard, forecast; a line each.
[[nodiscard]] std::string step_note(const StepRow& step);
/// Steps as points at y: one series a rung, sized by quantity, and rings where a guard acted.
[[nodiscard]] std::vector<Series> step_points(const std::vector<StepRow>& steps, const std::vector<double>& y,
                                              Timestamp origin);
[[nodiscard]] double seconds_after(Timestamp origin, Timestamp time);
/// "no", "1 step", "1,204 steps".
[[nodiscard]] std::string counted(double count, const std::string& one, const std::string& many);
/// The parts of one width that have something to show, appended.
void append_table(std::vector<Part>& parts, ShownTable table);

// Each makes one section of the page.
[[nodiscard]] Section comparison_section(const DeskTables& trial);
[[nodiscard]] Section summary_section(const Journal& journal);
[[nodiscard]] Section timeline_section(const Journal& journal);
[[nodiscard]] Section rungs_section(const Journal& journal);
[[nodiscard]] Section forecast_section(const Journal& journal);
[[nodiscard]] Section lives_section(const Journal& journal);
[[nodiscard]] Section journal_section(const Journal& journal);

}  // namespace slipcast::report
