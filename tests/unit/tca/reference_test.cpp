#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

TEST(TablesReference, NamesEveryTableAndColumnThatAMeasurementHas) {
    std::ifstream file(std::string(SLIPCAST_SOURCE_DIR) + "/docs/reference/tables.md");
    ASSERT_TRUE(file.good());
    std::map<std::string, std::set<std::string>> documented;
    std::string table;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## ")) table = line.substr(3);
        if (line.starts_with("| `")) documented[table].insert(line.substr(3, line.find('`', 3) - 3));
    }
    test::CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.order("O1", Side::buy, 200, "14:01:00");
    book.fill("O1", "14:02:00", "100.01", 100);
    const test::Measured result(book.made());
    std::map<std::string, std::set<std::string>> made;
    for (const Table& each : result.measurement.tables) {
        for (const Column& column : each.columns()) {
            made[each.name()].insert(column.meta.name);
            EXPECT_FALSE(column.meta.meaning.empty()) << each.name() << "." << column.meta.name;
        }
    }
    EXPECT_EQ(documented, made);
}

}  // namespace
}  // namespace slipcast::tca
