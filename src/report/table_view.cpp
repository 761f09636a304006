#include "table_view.hpp"

#include <cmath>
#include <variant>

#include "number_text.hpp"
#include "slipcast/core/money.hpp"

namespace slipcast::report {

const Column* TableView::cell(std::size_t row, std::string_view column) const {
    if (table_ == nullptr) return nullptr;
    const Column* found = table_->find(column);
    return found != nullptr && found->is_valid(row) ? found : nullptr;
}

bool TableView::has_values(std::string_view column) const {
    for (std::size_t row = 0; row < rows(); ++row) {
        if (!label(row, column).empty()) return true;
    }
    return false;
}

std::string TableView::first_column() const {
    if (table_ == nullptr || table_->columns().empty()) return {};
    return table_->columns().front().meta.name;
}

const ColumnMeta* TableView::meta(std::string_view column) const {
    const Column* found = table_ == nullptr ? nullptr : table_->find(column);
    return found == nullptr ? nullptr : &found->meta;
}

std::optional<double> TableView::number(std::size_t row, std::string_view column) const {
    const Column* found = cell(row, column);
    if (found == nullptr) return std::nullopt;
    double value = std::nan("");
    if (const auto* doubles = std::get_if<std::vector<double>>(&found->data)) {
        value = (*doubles)[row];
    } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&found->data)) {
        value = static_cast<double>((*integers)[row]);
    } else if (const auto* prices = std::get_if<std::vector<Price>>(&found->data)) {
        value = (*prices)[row].to_double();
    } else if (const auto* cash = std::get_if<MoneyColumn>(&found->data)) {
        value = Money::from_units(cash->units[row], Currency{}).to_double();
    }
    return std::isfinite(value) ? std::optional{value} : std::nullopt;
}

std::optional<Int128> TableView::money(std::size_t row, std::string_view column) const {
    const Column* found = cell(row, column);
    const auto* cash = found == nullptr ? nullptr : std::get_if<MoneyColumn>(&found->data);
    return cash == nullptr ? std::nullopt : std::optional{cash->units[row]};
}

std::optional<Price> TableView::price(std::size_t row, std::string_view column) const {
    const Column* found = cell(row, column);
    const auto* prices = found == nullptr ? nullptr : std::get_if<std::vector<Price>>(&found->data);
    return prices == nullptr ? std::nullopt : std::optional{(*prices)[row]};
}

std::optional<Timestamp> TableView::time(std::size_t row, std::string_view column) const {
    const Column* found = cell(row, column);
    const auto* times = found == nullptr ? nullptr : std::get_if<std::vector<Timestamp>>(&found->data);
    return times == nullptr ? std::nullopt : std::optional{(*times)[row]};
}

bool TableView::flag(std::size_t row, std::string_view column, bool when_missing) const {
    const Column* found = cell(row, column);
    const auto* flags = found == nullptr ? nullptr : std::get_if<BoolColumn>(&found->data);
    return flags == nullptr ? when_missing : flags->value[row] != 0;
}

std::string TableView::label(std::size_t row, std::string_view column) const {
    if (cell(row, column) == nullptr) return {};
    const Column* found = table_->find(column);
    return table_->text(row, static_cast<std::size_t>(found - table_->columns().data()));
}

std::string number_text(double value, NumberKind kind) {
    switch (kind) {
        case NumberKind::automatic:
            if (value == std::nearbyint(value) && std::abs(value) < 1e15) return fixed_text(value, 0);
            return significant_text(value);
        case NumberKind::bps:
        case NumberKind::ticks:
            return fixed_text(value, 2);
        case NumberKind::ratio:
            return percent_text(value);
        case NumberKind::count:
            return count_text(static_cast<std::int64_t>(std::llround(value)));
        case NumberKind::quantity:
            return quantity_text(value);
        case NumberKind::duration:
            return duration_text(value);
        case NumberKind::significant:
            return significant_text(value, 3);
    }
    return {};
}

Json cell_json(std::optional<double> value, NumberKind kind) {
    if (!value) return nullptr;
    return Json{{"t", number_text(*value, kind)}, {"v", rounded(*value)}};
}

Json cash_json(const TableView& table, std::size_t row, std::string_view column, int fraction) {
    const std::optional<double> value = table.number(row, column);
    if (!value) return nullptr;
    const std::optional<Int128> exact = table.money(row, column);
    return Json{{"t", exact ? money_text(*exact, fraction) : fixed_text(*value, fraction)}, {"v", rounded(*value)}};
}

}  // namespace slipcast::report
