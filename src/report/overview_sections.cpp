#include <algorithm>
#include <map>

#include "number_text.hpp"
#include "sections.hpp"
#include "table_view.hpp"

namespace slipcast::report {

std::string currency(const tca::Measurement& measurement) {
    const TableView orders(measurement.find("orders"));
    for (const char* column : {"shortfall_cash", "notional_cash", "arrival_cost_cash"}) {
        if (const ColumnMeta* meta = orders.meta(column); meta != nullptr && !meta->unit.empty()) return meta->unit;
    }
    return {};
}

Json quality_json(const tca::Measurement& measurement) {
    const TableView counts(measurement.find("quality"));
    const TableView rules(measurement.find("quality_rules"));
    const TableView degradations(measurement.find("degradations"));
    Json quality{{"tables", Json::array()}, {"rules", Json::array()}, {"degradations", Json::array()}};
    std::map<std::string, std::int64_t> totals;
    for (std::size_t row = 0; row < counts.rows(); ++row) {
        Json entry{{"table", counts.label(row, "table")}};
        for (const char* column : {"read", "accepted", "flagged", "quarantined"}) {
            const auto count = static_cast<std::int64_t>(counts.number(row, column).value_or(0.0));
            totals[column] += count;
            entry[column] = count_text(count);
        }
        quality["tables"].push_back(std::move(entry));
    }
    for (const char* column : {"read", "accepted", "flagged", "quarantined"}) {
        quality[column] = count_text(totals[column]);
    }
    for (std::size_t row = 0; row < rules.rows(); ++row) {
        Json entry;
        for (const char* column : {"table", "field", "rule", "disposition", "example"}) {
            entry[column] = rules.label(row, column);
        }
        entry["count"] = cell_json(rules.number(row, "count"), NumberKind::count);
        quality["rules"].push_back(std::move(entry));
    }
    for (std::size_t row = 0; row < degradations.rows(); ++row) {
        Json entry;
        for (const char* column : {"table", "missing", "effect"}) entry[column] = degradations.label(row, column);
        entry["rows"] = cell_json(degradations.number(row, "rows"), NumberKind::count);
        quality["degradations"].push_back(std::move(entry));
    }
    return quality;
}

namespace {

// Ratios and counts of `summary` both have no unit; only ratios are weighted.
Json summary_cell(std::optional<double> value, const std::string& unit, bool is_weighted) {
    if (!value) return nullptr;
    if (unit == "bps") return cell_json(value, NumberKind::bps);
    if (unit.empty()) return cell_json(value, is_weighted ? NumberKind::ratio : NumberKind::count);
    return Json{{"t", fixed_text(*value, 2)}, {"v", rounded(*value)}};
}

}  // namespace

Json headline_json(const tca::Measurement& measurement) {
    const TableView summary(measurement.find("summary"));
    Json list = Json::array();
    for (std::size_t row = 0; row < summary.rows(); ++row) {
        const std::string unit = summary.label(row, "unit");
        Json entry;
        for (const char* column : {"metric", "label", "unit", "sign", "block_kind", "weighting", "note"}) {
            entry[column] = summary.label(row, column);
        }
        for (const char* column : {"value", "low", "high"}) {
            entry[column] = summary_cell(summary.number(row, column), unit, !summary.label(row, "weighting").empty());
        }
        entry["level"] = Json(nullptr);
        if (const auto level = summary.number(row, "level")) entry["level"] = percent_text(*level, 0);
        entry["count"] = cell_json(summary.number(row, "count"), NumberKind::count);
        entry["blocks"] = cell_json(summary.number(row, "blocks"), NumberKind::count);
        entry["effective_blocks"] = nullptr;
        if (const auto blocks = summary.number(row, "effective_blocks")) {
            entry["effective_blocks"] = {{"t", fixed_text(*blocks, 1)}, {"v", rounded(*blocks)}};
        }
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace slipcast::report
