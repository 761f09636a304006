#include "slipcast/report/desk_page.hpp"

#include <gtest/gtest.h>

#include "slipcast/desk/journal_tables.hpp"
#include "support/desk_story.hpp"

namespace slipcast::report {
namespace {

const std::vector<Table>& journal_of_a_day() {
    static const std::vector<Table> kMade = [] {
        desk::MemoryJournal journal;
        test::DeskDay day(journal, 6);
        day.run();
        return desk::journal_tables(journal).value();
    }();
    return kMade;
}

bool says(const std::string& page, const std::string& text) {
    return page.find(text) != std::string::npos;
}

TEST(DeskPage, NeedsAJournalOrAnEvaluation) {
    EXPECT_EQ(desk_page({}).error().field, "journal");
    DeskStory without{.journal = journal_of_a_day()};
    std::erase_if(without.journal, [](const Table& each) { return each.name() == "desk_rungs"; });
    EXPECT_EQ(desk_page(without).error().value, "desk_rungs");
    DeskStory half{.trial = test::sample_trial()};
    half.trial.pop_back();
    EXPECT_EQ(desk_page(half).error().value, "trial_orders");
    EXPECT_EQ(desk_page(half).error().field, "trial");
}

TEST(DeskPage, AColumnThatIsNotThereIsNamed) {
    DeskStory story{.journal = journal_of_a_day()};
    for (Table& each : story.journal) {
        if (each.name() != "desk_guards") continue;
        Table less("desk_guards");
        for (const Column& column : each.columns()) {
            if (column.meta.name != "binding") less.add(column);
        }
        each = less;
    }
    EXPECT_EQ(desk_page(story).error().value, "binding");
}

TEST(DeskPage, EitherPartAloneMakesAPage) {
    const std::string alone = desk_page({.journal = journal_of_a_day(), .source = "desk.sqlite"}).value();
    EXPECT_TRUE(says(alone, "Decisions of 2024-03-05"));
    EXPECT_FALSE(says(alone, "Against the baselines"));
    const std::string trial = desk_page({.trial = test::sample_trial()}).value();
    EXPECT_TRUE(says(trial, "Against the baselines"));
    EXPECT_FALSE(says(trial, "Decisions of"));
}

TEST(DeskPage, AnEmptyJournalSaysSo) {
    desk::MemoryJournal journal;
    const std::string page = desk_page({.journal = desk::journal_tables(journal).value()}).value();
    EXPECT_TRUE(says(page, "The journal holds no step yet."));
    EXPECT_TRUE(says(page, "The journal holds no order yet."));
    EXPECT_TRUE(says(page, "No finished order has both a forecast and a known cost yet."));
    EXPECT_TRUE(says(page, "No command was given"));
}

}  // namespace
}  // namespace slipcast::report
