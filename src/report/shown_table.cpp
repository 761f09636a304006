#include <algorithm>
#include <cmath>
#include <limits>

#include "number_text.hpp"
#include "parts.hpp"
#include "table_view.hpp"

namespace slipcast::report {

namespace {

constexpr std::size_t kMostRows = 5000;

// "arrival_cost_bps" in bps is "Arrival cost".
std::string heading(const ColumnMeta& meta) {
    std::string text = meta.name;
    for (const std::string& suffix : {"_" + meta.unit, std::string{"_cash"}}) {
        if (suffix.size() > 1 && text.size() > suffix.size() && text.ends_with(suffix)) {
            text.resize(text.size() - suffix.size());
            break;
        }
    }
    std::replace(text.begin(), text.end(), '_', ' ');
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

// How the doubles of one column are written when nobody said: whole when all are, else with one count of digits after
// the point as long as that leaves the small ones readable.
struct ColumnDigits {
    bool is_common = false;
    int digits = 0;
};

ColumnDigits column_digits(const std::vector<double>& values) {
    double largest = 0.0;
    double smallest = std::numeric_limits<double>::infinity();
    bool is_whole = true;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        is_whole = is_whole && value == std::nearbyint(value);
        largest = std::max(largest, std::abs(value));
        if (value != 0.0) smallest = std::min(smallest, std::abs(value));
    }
    if (is_whole && largest < 1e15) return {true, 0};
    if (smallest < largest * 1e-3 || largest >= 1e15 || largest < 1e-5) return {};
    return {true, std::max(0, 3 - static_cast<int>(std::floor(std::log10(rounded(largest, 4)))))};
}

class Cells {
public:
    Cells(const Table& table, const ShownColumn& shown)
        : view_(&table), column_(*table.find(shown.name)), kind_(shown.kind) {
        if (const auto* doubles = std::get_if<std::vector<double>>(&column_.data)) digits_ = column_digits(*doubles);
        if (const auto* cash = std::get_if<MoneyColumn>(&column_.data)) {
            for (std::size_t row = 0; row < cash->units.size(); ++row) {
                if (column_.is_valid(row)) fraction_ = std::max(fraction_, exact_fraction(cash->units[row]));
            }
            // Averages of cash fill all their digits; nobody reads them.
            if (fraction_ > 6) fraction_ = 2;
        }
    }

    [[nodiscard]] bool is_number() const {
        return std::holds_alternative<std::vector<double>>(column_.data) ||
               std::holds_alternative<std::vector<std::int64_t>>(column_.data) ||
               std::holds_alternative<std::vector<Price>>(column_.data) ||
               std::holds_alternative<MoneyColumn>(column_.data);
    }

    [[nodiscard]] Json json(std::size_t row) const {
        const std::string& name = column_.meta.name;
        if (!is_number()) return view_.label(row, name);
        if (std::holds_alternative<MoneyColumn>(column_.data)) return cash_json(view_, row, name, fraction_);
        const std::optional<double> value = view_.number(row, name);
        if (!value) return nullptr;
        if (const auto price = view_.price(row, name)) {
            return Json{{"t", price_text(*price, PriceMove{})}, {"v", rounded(*value)}};
        }
        if (kind() != NumberKind::automatic) return cell_json(value, kind());
        return Json{{"t", digits_.is_common ? fixed_text(*value, digits_.digits) : significant_text(*value)},
                    {"v", rounded(*value)}};
    }

private:
    [[nodiscard]] NumberKind kind() const {
        if (kind_ != NumberKind::automatic) return kind_;
        if (std::holds_alternative<std::vector<std::int64_t>>(column_.data)) return NumberKind::count;
        if (column_.meta.unit == "bps") return NumberKind::bps;
        if (column_.meta.unit == "ticks") return NumberKind::ticks;
        return NumberKind::automatic;
    }

    TableView view_;
    const Column& column_;
    NumberKind kind_;
    ColumnDigits digits_;
    int fraction_ = 2;
};

std::vector<ShownColumn> shown_columns(const ShownTable& shown) {
    if (!shown.columns.empty()) return shown.columns;
    std::vector<ShownColumn> all;
    for (const Column& column : shown.table.columns()) all.push_back({.name = column.meta.name});
    return all;
}

Result<void> check(const ShownTable& shown, const std::string& place) {
    if (shown.most_rows < 1 || shown.most_rows > kMostRows) {
        return invalid_value(place + ".most_rows", std::to_string(shown.most_rows), "must be 1 to 5000");
    }
    if (shown.table.columns().empty()) {
        return Error{ErrorCode::missing_field, place, shown.table.name(), "a table has at least one column", {}};
    }
    for (const ShownColumn& column : shown.columns) {
        if (column.low.empty() != column.high.empty()) {
            return invalid_value(place + "." + column.name, column.low + column.high,
                                 "an interval has both ends or neither");
        }
        for (const std::string& name : {column.name, column.low, column.high}) {
            if (name.empty() || shown.table.find(name) != nullptr) continue;
            return Error{ErrorCode::unknown_field, place, name, "no such column in table " + shown.table.name(), {}};
        }
    }
    return {};
}

std::string shown_unit(const ShownColumn& column, const ColumnMeta& meta) {
    if (column.kind == NumberKind::ratio || column.kind == NumberKind::duration) return {};
    return meta.unit == "ns" ? "UTC" : meta.unit;
}

Json column_json(const Table& table, const ShownColumn& shown, bool is_number) {
    const ColumnMeta& meta = table.find(shown.name)->meta;
    return Json{{"label", shown.label.empty() ? heading(meta) : shown.label},
                {"unit", shown_unit(shown, meta)},
                {"number", is_number},
                {"interval", !shown.low.empty()},
                {"sign", name(meta.sign)},
                {"meaning", meta.meaning}};
}

}  // namespace

Result<Json> table_json(const ShownTable& shown, const std::string& place, const std::string& id) {
    SLIPCAST_CHECK(check(shown, place));
    const std::size_t rows = std::min(shown.table.rows(), shown.most_rows);
    Json json{{"kind", "table"},
              {"id", id},
              {"width", width_name(shown.width)},
              {"name", shown.table.name()},
              {"title", shown.title},
              {"caption", shown.caption},
              {"columns", Json::array()},
              {"rows", Json::array()},
              {"shown", count_text(static_cast<std::int64_t>(rows))},
              {"of", count_text(static_cast<std::int64_t>(shown.table.rows()))},
              {"total", shown.last_row_is_total}};
    for (std::size_t row = 0; row < rows; ++row) json["rows"].push_back(Json::array());
    for (const ShownColumn& column : shown_columns(shown)) {
        const Cells cells(shown.table, column);
        json["columns"].push_back(column_json(shown.table, column, cells.is_number()));
        for (std::size_t row = 0; row < rows; ++row) json["rows"][row].push_back(cells.json(row));
        if (column.low.empty()) continue;
        // The ends are written as the value is.
        const Cells low(shown.table, {.name = column.low, .kind = column.kind});
        const Cells high(shown.table, {.name = column.high, .kind = column.kind});
        for (std::size_t row = 0; row < rows; ++row) {
            Json& cell = json["rows"][row].back();
            cell = Json{{"value", std::move(cell)}, {"low", low.json(row)}, {"high", high.json(row)}};
        }
    }
    return json;
}

}  // namespace slipcast::report
