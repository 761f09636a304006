#pragma once

#include <string>
#include <utility>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::test {

/// Short makers of result columns for tests that need a table by hand.
inline Column column(std::string name, std::string unit, ColumnData data, std::vector<std::uint8_t> valid = {}) {
    Column made;
    made.meta.name = std::move(name);
    made.meta.unit = std::move(unit);
    made.data = std::move(data);
    made.valid = std::move(valid);
    return made;
}
inline Column labels(std::string name, std::vector<std::string> values) {
    return column(std::move(name), "", std::move(values));
}
inline Column numbers(std::string name, std::string unit, std::vector<double> values,
                      std::vector<std::uint8_t> valid = {}) {
    return column(std::move(name), std::move(unit), std::move(values), std::move(valid));
}
inline Column counts(std::string name, std::vector<std::int64_t> values) {
    return column(std::move(name), "", std::move(values));
}
inline Column times(std::string name, std::vector<Timestamp> values, std::vector<std::uint8_t> valid = {}) {
    return column(std::move(name), "ns", std::move(values), std::move(valid));
}
inline Column prices(std::string name, std::vector<Price> values, std::vector<std::uint8_t> valid = {}) {
    return column(std::move(name), "USD", std::move(values), std::move(valid));
}
/// Cash from cents.
inline Column cash(std::string name, const std::vector<std::int64_t>& cents) {
    MoneyColumn money;
    for (const std::int64_t value : cents) money.units.push_back(Int128{value} * 10'000'000'000'000'000);
    return column(std::move(name), "USD", std::move(money));
}
inline Column flags(std::string name, std::vector<std::uint8_t> values) {
    return column(std::move(name), "", BoolColumn{std::move(values)});
}

}  // namespace slipcast::test
