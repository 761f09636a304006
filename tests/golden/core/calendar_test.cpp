#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "slipcast/core/time.hpp"

// Known answers from Python's datetime: calendar.csv, made by make_calendar.py beside it.

using namespace slipcast;

TEST(Calendar, AgreesWithPython) {
    std::ifstream file(SLIPCAST_SOURCE_DIR "/tests/golden/core/calendar.csv");
    int rows = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream fields(line);
        std::string text;
        std::string ns;
        std::string utc;
        std::getline(fields, text, ',');
        std::getline(fields, ns, ',');
        std::getline(fields, utc, ',');
        const auto parsed = Timestamp::parse(text);
        ASSERT_TRUE(parsed) << parsed.error().message();
        EXPECT_EQ(std::to_string(parsed->ns()), ns) << text;
        EXPECT_EQ(parsed->to_string(), utc) << text;
        EXPECT_EQ(Date::of_utc(*parsed).to_string(), utc.substr(0, 10)) << text;
        EXPECT_EQ(Date::parse(utc.substr(0, 10)).value(), Date::of_utc(*parsed)) << text;
        ++rows;
    }
    EXPECT_GT(rows, 500);
}
