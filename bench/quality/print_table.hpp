#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::bench {

/// The table as Markdown on standard output, three digits after the point.
inline void print_markdown(const Table& table) {
    const auto line = [](const std::vector<std::string>& cells) {
        std::string text = "|";
        for (const std::string& cell : cells) text += " " + cell + " |";
        std::puts(text.c_str());
    };
    std::vector<std::string> names, rules;
    for (const Column& column : table.columns()) {
        names.push_back(column.meta.name);
        rules.emplace_back("---");
    }
    line(names);
    line(rules);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        std::vector<std::string> cells;
        for (std::size_t column = 0; column < table.columns().size(); ++column)
            cells.push_back(table.text(row, column, 3));
        line(cells);
    }
}

}  // namespace slipcast::bench
