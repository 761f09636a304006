#include "io/local_time.hpp"

#include <gtest/gtest.h>

namespace slipcast::io::detail {
namespace {

TEST(LocalTime, KeepsEveryNanosecondOfTheDay) {
    const auto time = parse_local_time("2024-03-05 23:59:59.123456789", "%Y-%m-%d %H:%M:%S", "time").value();
    EXPECT_EQ(time.date.to_string(), "2024-03-05");
    EXPECT_EQ(time.since_midnight.count(), 86'399'123'456'789);
    const auto compact = parse_local_time("20240305143000", "%Y%m%d%H%M%S", "time").value();
    EXPECT_EQ(compact.since_midnight, std::chrono::hours{14} + std::chrono::minutes{30});
}

// Found by fuzzing: twelve digits of seconds are more nanoseconds than 64 bits hold.
TEST(LocalTime, SecondsBeyondADayAreRefusedHoweverMany) {
    for (const char* seconds : {"20240800024", "999999999999", "86400"}) {
        const auto refused = parse_local_time(std::string("2024-03-05 ") + seconds, "%Y-%m-%d %S", "time");
        ASSERT_FALSE(refused) << seconds;
        EXPECT_EQ(refused.error().field, "time");
    }
}

}  // namespace
}  // namespace slipcast::io::detail
