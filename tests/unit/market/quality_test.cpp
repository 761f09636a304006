#include "slipcast/market/quality.hpp"

#include <gtest/gtest.h>

namespace slipcast::market {
namespace {

Finding finding(const char* rule, std::int64_t row, Disposition disposition) {
    return {"fills", disposition, {ErrorCode::invalid_value, "price", "-1", rule, {"fills.csv", row, {}}}};
}

TEST(QualityReport, ReadIsAcceptedPlusQuarantined) {
    QualityReport report;
    report.count_read("fills", 10);
    report.add(finding("must be > 0", 3, Disposition::quarantined));
    report.add(finding("must be > 0", 7, Disposition::quarantined));
    report.add(finding("off tick", 8, Disposition::flagged));
    ASSERT_EQ(report.tables().size(), 1U);
    EXPECT_EQ(report.tables()[0].read, 10);
    EXPECT_EQ(report.tables()[0].accepted, 8);
    EXPECT_EQ(report.quarantined(), 2);
    EXPECT_EQ(report.flagged(), 1);
    ASSERT_EQ(report.quarantine().size(), 2U);
    EXPECT_EQ(report.quarantine()[1].error.message(), "fills.csv row 7: price = -1: must be > 0 (invalid_value)");
}

TEST(QualityReport, KeepsEveryQuarantinedRowButFewExamplesARule) {
    QualityReport report;
    report.count_read("fills", 100);
    for (int row = 1; row <= 40; ++row) report.add(finding("must be > 0", row, Disposition::quarantined));
    ASSERT_EQ(report.rules().size(), 1U);
    EXPECT_EQ(report.rules()[0].count, 40);
    EXPECT_EQ(report.rules()[0].examples.size(), QualityReport::kExamples);
    EXPECT_EQ(report.quarantine().size(), 40U);
}

TEST(QualityReport, ARowWithTwoFlagsIsOneFlaggedRow) {
    QualityReport report;
    report.count_read("fills", 5);
    report.add(finding("off tick", 2, Disposition::flagged));
    report.add(finding("odd lot", 2, Disposition::flagged));
    report.add(finding("off tick", 3, Disposition::flagged));
    EXPECT_EQ(report.flagged(), 2);
    EXPECT_EQ(report.rules()[0].count, 2);
    EXPECT_EQ(report.rules()[1].count, 1);
}

TEST(QualityReport, ManyFlaggedRowsAreCountedByOneExample) {
    QualityReport report;
    report.count_read("quotes", 1'000'000);
    report.add_flagged({"quotes", Disposition::flagged, {ErrorCode::inconsistent, "bid", "", "locked", {"q", 12, {}}}},
                       250'000);
    report.add_flagged({"quotes", Disposition::flagged, {ErrorCode::inconsistent, "bid", "", "crossed", {}}}, 0);
    EXPECT_EQ(report.flagged(), 250'000);
    ASSERT_EQ(report.rules().size(), 1U);
    EXPECT_EQ(report.rules()[0].examples.size(), 1U);
    EXPECT_EQ(report.tables()[0].accepted, 1'000'000);
}

TEST(QualityReport, MergeAddsCountsRulesAndDegradations) {
    QualityReport a;
    a.count_read("fills", 4);
    a.add(finding("must be > 0", 1, Disposition::quarantined));
    a.add(Degradation{"orders", "decision_time", "no delay cost", 3});
    QualityReport b = a;
    b.add(finding("off tick", 2, Disposition::flagged));
    a.merge(b);
    EXPECT_EQ(a.tables()[0].read, 8);
    EXPECT_EQ(a.tables()[0].accepted, 6);
    EXPECT_EQ(a.quarantined(), 2);
    EXPECT_EQ(a.flagged(), 1);
    EXPECT_EQ(a.rules().size(), 2U);
    EXPECT_EQ(a.quarantine().size(), 2U);
    ASSERT_EQ(a.degradations().size(), 1U);
    EXPECT_EQ(a.degradations()[0].rows, 6);
}

}  // namespace
}  // namespace slipcast::market
