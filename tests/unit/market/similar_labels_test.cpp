#include <gtest/gtest.h>

#include "market/similar_labels.hpp"
#include "support/trading_day.hpp"

namespace slipcast::market {
namespace {

TEST(SimilarLabels, CaseSpacesAndPunctuationDoNotTellLabelsApart) {
    using detail::bare_label;
    EXPECT_EQ(bare_label("Broker A"), "brokera");
    EXPECT_EQ(bare_label(" broker-a. "), "brokera");
    EXPECT_NE(bare_label("Broker A"), bare_label("Broker B"));
    EXPECT_NE(bare_label("Z\xC3\xBCrich"), bare_label("Zrich")) << "bytes beyond ASCII are letters";
    EXPECT_EQ(bare_label("--"), "");
}

TEST(SimilarLabels, TheSpellingThatMostRowsUseIsTheUsualOne) {
    const std::vector<std::size_t> usual = detail::usual_spellings({"ubs", "UBS", "GS", "--", "Ubs", "**"},  //
                                                                   {1, 5, 2, 1, 0, 1});
    EXPECT_EQ(usual, (std::vector<std::size_t>{1, 1, 2, 3, 4, 5})) << "unused labels and bare ones stay themselves";
}

TEST(SimilarLabels, RowsAreFlaggedAndKeepTheirLabels) {
    test::TradingDay day;
    const auto label = [&](const char* text) { return day.draft.names.labels.intern(text); };
    for (const char* id : {"A", "B", "C"}) {
        day.order(id, 100, "09:30:00").broker = label("Broker A");
        day.fill(std::string("F") + id, id, 100, "10:00:00");
    }
    day.draft.orders.rows[1].broker = label("broker a ");
    day.draft.orders.rows[2].algo = label("VWAP");
    const Dataset dataset = day.assembled().value();
    ASSERT_EQ(dataset.orders.size(), 3U);
    EXPECT_EQ(test::first_finding(dataset, "orders", Disposition::flagged),
              "row 2 broker: differs from 'Broker A' only in case, spaces or punctuation: counted as another label");
    ASSERT_EQ(dataset.quality.rules().size(), 1U);
    EXPECT_EQ(dataset.quality.rules().front().examples.front().error.value, "broker a ");
    EXPECT_EQ(dataset.quality.flagged(), 1);
    EXPECT_EQ(dataset.names.labels.name(dataset.orders[1].broker), "broker a ") << "never merged";
}

}  // namespace
}  // namespace slipcast::market
