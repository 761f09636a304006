#include <gtest/gtest.h>

#include "slipcast/io/dataset_files.hpp"
#include "support/scratch_folder.hpp"
#include "support/trading_day.hpp"

// A dataset that was corrected when it was opened, written, and opened again.

namespace slipcast::io {
namespace {

using market::FillEventKind;

market::Dataset corrected_day() {
    test::TradingDay day;
    day.order("O1", 600, "09:30:00");
    market::Placement& placement = day.placement("P1", "O1", 500, "09:31:00", "11:00:00");
    placement.end = market::PlacementEnd::cancelled;
    placement.filled_quantity = test::TradingDay::shares(350);  // as corrected
    day.fill("F1", "O1", 100, "10:00:00", "180.00", "P1");
    day.fill("F2", "O1", 200, "10:01:00", "181.00", "P1");
    day.fill("F3", "O1", 300, "10:02:00", "182.00", "P1");
    day.fill_event("F1", FillEventKind::correct, "10:05:00").price = test::TradingDay::price("180.50");
    day.fill_event("F1", FillEventKind::correct, "10:06:00").quantity = test::TradingDay::shares(150);
    day.fill_event("F1", FillEventKind::correct, "10:07:00").price = test::TradingDay::price("180.25");
    day.fill_event("F3", FillEventKind::correct, "10:08:00").price = test::TradingDay::price("183.00");
    day.fill_event("F3", FillEventKind::bust, "10:09:00");
    return day.assembled().value();
}

void expect_corrected(const market::Dataset& dataset) {
    ASSERT_EQ(dataset.fills.size(), 2U);
    EXPECT_EQ(dataset.fills[0].price, test::TradingDay::price("180.25")) << "the last correction";
    EXPECT_EQ(dataset.fills[0].quantity, test::TradingDay::shares(150));
    EXPECT_EQ(dataset.fills[1].price, test::TradingDay::price("181.00"));
}

TEST(CorrectedFills, AreTheSameAfterWritingAndReopeningAsOftenAsYouLike) {
    const test::ScratchFolder work;
    market::Dataset dataset = corrected_day();
    expect_corrected(dataset);
    for (const char* name : {"once", "twice", "thrice"}) {
        ASSERT_TRUE(write_dataset(dataset, work.path() / name));
        Result<market::Dataset> reopened = open_dataset(work.path() / name);
        ASSERT_TRUE(reopened) << reopened.error().message();
        dataset = std::move(*reopened);
        expect_corrected(dataset);
        EXPECT_EQ(dataset.quality.quarantined(), 0) << "no event is refused";
        for (const market::RuleCount& rule : dataset.quality.rules()) {
            ADD_FAILURE() << rule.table << "." << rule.field << ": " << rule.rule;
        }
        ASSERT_EQ(dataset.fill_events.size(), 3U)
            << "the history of a fill that stands; a busted fill leaves with its own";
        EXPECT_EQ(dataset.names.fills.name(dataset.fill_events[0].fill), "F1");
    }
}

}  // namespace
}  // namespace slipcast::io
