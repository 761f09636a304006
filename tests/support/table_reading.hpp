#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_values.hpp"

namespace slipcast::test {

/// The table of that name, which is there.
inline const Table& table_named(const std::vector<Table>& tables, std::string_view name) {
    for (const Table& each : tables) {
        if (each.name() == name) return each;
    }
    ADD_FAILURE() << "no table " << name;
    SLIPCAST_ASSERT(!tables.empty(), "there are tables");
    return tables.front();
}
/// A column's numbers; a missing one is NaN.
inline std::vector<double> numbers_in(const Table& table, const char* name) {
    return numbers_of(*column_of(table, "column", name).value()).value();
}
/// The cell as people read it.
inline std::string text_in(const Table& table, std::size_t row, std::string_view name) {
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        if (table.columns()[c].meta.name == name) return table.text(row, c);
    }
    ADD_FAILURE() << "no column " << name;
    return {};
}

}  // namespace slipcast::test
