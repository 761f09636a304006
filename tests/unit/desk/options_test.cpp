#include "slipcast/desk/options.hpp"

#include <gtest/gtest.h>

namespace slipcast::desk {
namespace {

TEST(DeskOptions, DefaultsHoldAndEverySettingChangesTheDigest) {
    DeskOptions options;
    EXPECT_TRUE(options.validate());
    for (const Setting& setting : options.settings().all()) {
        EXPECT_FALSE(setting.meaning.empty()) << setting.name;
        DeskOptions changed;
        Settings all = changed.settings();
        bool is_changed = false;
        for (const char* text : {"0.75", "1.75", "3", "7s", "true", "observe"}) {
            if (all.set(setting.name, text)) {
                is_changed = true;
                break;
            }
        }
        EXPECT_TRUE(is_changed) << setting.name;
        EXPECT_NE(changed.digest(), options.digest()) << setting.name;
    }
}

TEST(DeskOptions, RefusesByField) {
    DeskOptions options;
    options.ladder.red_multiple = 1.4;
    EXPECT_EQ(options.validate().error().field, "red_multiple");
    options = {};
    options.ladder.stress_leave = 2.5;
    EXPECT_EQ(options.validate().error().field, "stress_leave");
    options = {};
    options.objective.tail_quantile = 1.0;
    EXPECT_EQ(options.validate().error().field, "tail_quantile");
    options = {};
    options.guards.participation = 0.0;
    EXPECT_EQ(options.validate().error().field, "limit_participation");
    options = {};
    options.guards.rejects_mode = 2;
    EXPECT_EQ(options.validate().error().field, "rejects_mode");
}

}  // namespace
}  // namespace slipcast::desk
