#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "slipcast/core/money.hpp"
#include "slipcast/tca/measure.hpp"
#include "support/table_reading.hpp"

namespace slipcast::test {

/// A measurement read cell by cell. An unknown table or column is a broken test (asserted).
class Measured {
public:
    explicit Measured(const market::Dataset& dataset, const tca::MeasureOptions& options = {}) {
        Result<tca::Measurement> result = tca::measure(dataset, options);
        if (!result) ADD_FAILURE() << result.error().message();
        SLIPCAST_ASSERT(result.has_value(), "the dataset of the test can be measured");
        measurement = std::move(result).value();
    }
    [[nodiscard]] const Table& table(std::string_view name) const {
        const Table* found = measurement.find(name);
        SLIPCAST_ASSERT(found != nullptr, "the table exists");
        return *found;
    }
    [[nodiscard]] const Column& column(std::string_view table_name, std::string_view name) const {
        const Column* found = table(table_name).find(name);
        if (found == nullptr) ADD_FAILURE() << "no column " << table_name << "." << name;
        SLIPCAST_ASSERT(found != nullptr, "the column exists");
        return *found;
    }
    [[nodiscard]] bool has(std::string_view table_name, std::string_view name, std::size_t row = 0) const {
        return column(table_name, name).is_valid(row);
    }
    /// The cell as people read it; missing = "".
    [[nodiscard]] std::string text(std::string_view table_name, std::string_view name, std::size_t row = 0) const {
        return text_in(table(table_name), row, name);
    }
    /// A number, count, price or cash cell as a double; a missing one fails the test.
    [[nodiscard]] double number(std::string_view table_name, std::string_view name, std::size_t row = 0) const {
        const Column& found = column(table_name, name);
        if (!found.is_valid(row)) {
            ADD_FAILURE() << table_name << "." << name << " is missing in row " << row;
            return 0.0;
        }
        if (const auto* values = std::get_if<std::vector<double>>(&found.data)) return (*values)[row];
        if (const auto* counts = std::get_if<std::vector<std::int64_t>>(&found.data)) {
            return static_cast<double>((*counts)[row]);
        }
        if (const auto* prices = std::get_if<std::vector<Price>>(&found.data)) return (*prices)[row].to_double();
        if (const auto* money = std::get_if<MoneyColumn>(&found.data)) {
            return Money::from_units(money->units[row], Currency{}).to_double();
        }
        ADD_FAILURE() << table_name << "." << name << " is no number";
        return 0.0;
    }
    /// A cash cell of `orders`, exact, with two digits.
    [[nodiscard]] std::string cash(std::string_view name, std::size_t row = 0) const {
        const auto& money = std::get<MoneyColumn>(column("orders", name).data);
        return Money::from_units(money.units[row], Currency{}).to_string(2);
    }
    /// The exact units of a cash cell of `orders`; absent when missing.
    [[nodiscard]] std::optional<Int128> units(std::string_view name, std::size_t row = 0) const {
        const Column& found = column("orders", name);
        if (!found.is_valid(row)) return std::nullopt;
        return std::get<MoneyColumn>(found.data).units[row];
    }

    tca::Measurement measurement;
};

/// The parts of an order's shortfall are its total on both bases, to the unit; an order without a total has no parts to
/// add.
inline bool parts_add_up(const Measured& result, std::size_t row) {
    const auto total = result.units("shortfall_cash", row);
    if (!total) return true;
    Int128 rest = 0;
    for (const char* part : {"spread_cash", "drift_cash", "fees_cash", "unmarked_cash"}) {
        rest += result.units(part, row).value();
    }
    const auto with = [&](const char* delay, const char* opportunity) {
        return rest + result.units(delay, row).value() + result.units(opportunity, row).value();
    };
    return with("delay_cash", "opportunity_cash") == *total &&
           with("delay_executed_cash", "opportunity_executed_cash") == *total;
}

}  // namespace slipcast::test
