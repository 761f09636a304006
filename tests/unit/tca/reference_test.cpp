#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

/// "| a | b |" as a and b, without the spaces around them.
std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> found;
    for (std::size_t begin = 1; begin < line.size();) {
        std::size_t end = line.find('|', begin);
        while (end != std::string::npos && line[end - 1] == '\\') end = line.find('|', end + 1);
        end = std::min(end, line.size());
        const std::size_t first = line.find_first_not_of(' ', begin);
        const std::size_t last = line.find_last_not_of(' ', end - 1);
        found.push_back(first < end ? line.substr(first, last - first + 1) : "");
        std::erase(found.back(), '\\');
        begin = end + 1;
    }
    return found;
}

TEST(TablesReference, SaysWhatEveryColumnOfAMeasurementMeans) {
    std::ifstream file(std::string(SLIPCAST_SOURCE_DIR) + "/docs/reference/tables.md");
    ASSERT_TRUE(file.good());
    std::map<std::string, std::map<std::string, std::string>> documented;  // version and meaning by table and column
    std::string table;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## ")) table = line.substr(3);
        if (!line.starts_with("| `")) continue;
        const std::vector<std::string> row = cells(line);
        ASSERT_EQ(row.size(), 7U) << line;
        const std::size_t version = row[4].rfind('v');
        documented[table][row[0].substr(1, row[0].size() - 2)] =
            (version == std::string::npos ? "" : row[4].substr(version)) + ": " + row[6];
    }
    test::CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 200, "14:01:00");
    book.fill("O1", "14:02:00", "100.01", 100);
    const test::Measured result(book.made());
    std::map<std::string, std::map<std::string, std::string>> made;
    for (const Table& each : result.measurement.tables) {
        for (const Column& column : each.columns()) {
            const int version = column.meta.definition_version;
            made[each.name()][column.meta.name] =
                (version > 0 ? "v" + std::to_string(version) : "") + ": " + column.meta.meaning;
            EXPECT_FALSE(column.meta.meaning.empty()) << each.name() << "." << column.meta.name;
        }
    }
    for (const auto& [name, columns] : made) {
        EXPECT_EQ(documented[name].size(), columns.size()) << name;
        for (const auto& [column, text] : columns) EXPECT_EQ(documented[name][column], text) << name << "." << column;
    }
    EXPECT_EQ(documented.size(), made.size());
}

}  // namespace
}  // namespace slipcast::tca
