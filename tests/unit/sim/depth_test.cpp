#include <gtest/gtest.h>

#include "support/book_tape.hpp"

namespace slipcast::sim {
namespace {

using std::chrono::seconds;
using test::BookTape;

/// "size@price" of each fill, in order.
std::vector<std::string> fills_of(const ReplayOutcome& outcome) {
    std::vector<std::string> fills;
    for (const market::Fill& fill : outcome.dataset.fills)
        fills.push_back(fill.quantity.to_string(0) + "@" + fill.price.to_string());
    return fills;
}
using Fills = std::vector<std::string>;

/// A buyer of 1,000 up to 100.02 and three quotes.
BookTape golden(std::size_t levels) {
    BookTape tape(levels);
    tape.book(seconds{1}, {{9998, 500}, {9997, 500}}, {{10000, 200}, {10001, 300}, {10003, 400}});
    tape.book(seconds{20}, {{9998, 500}, {9997, 500}}, {{10000, 200}, {10001, 350}, {10003, 400}});
    tape.book(seconds{30}, {{9998, 500}, {9997, 500}}, {{9999, 100}, {10000, 150}, {10001, 350}});
    tape.parent(Side::buy, 1000, seconds{10}).order.limit_price = BookTape::price(10002);
    return tape;
}

TEST(Depth, AMarketableChildWalksTheBookWithinItsLimitAndRemembersWhatItTook) {
    const ReplayOutcome outcome = golden(3).replayed();
    // At 10 s: 200 at 100.00, 300 at 100.01; 100.03 is past the limit. At 20 s the 100.01 shows more than it did, so
    // its 350 are new; the 100.00 shows what we took. At 30 s 99.99 is new; 100.00 shows less than it did and stays
    // gone.
    EXPECT_EQ(fills_of(outcome), (Fills{"200@100.00", "300@100.01", "350@100.01", "100@99.99"}));
    Money paid;
    for (const market::Fill& fill : outcome.dataset.fills)
        paid += outcome.dataset.instruments[0].value.notional(fill.price, fill.quantity);
    EXPECT_EQ(paid.to_string(), "95005.50");  // 20,000.00 + 30,003.00 + 35,003.50 + 9,999.00
    EXPECT_EQ(outcome.counts.walked_fills, 2);
    EXPECT_EQ(outcome.dataset.placements.back().filled_quantity, Quantity::from_units(950));
    EXPECT_EQ(outcome.dataset.provenance.at("replay.depth"),
              "1 of 1 instruments show depth, up to 3 levels: size beyond the touch walks them, then waits");
}

TEST(Depth, WithoutDepthItTakesTheTouchAndWaits) {
    const ReplayOutcome outcome = golden(1).replayed();
    EXPECT_EQ(fills_of(outcome), (Fills{"200@100.00", "100@99.99"}));
    EXPECT_EQ(outcome.counts.walked_fills, 0);
    EXPECT_EQ(outcome.dataset.provenance.at("replay.depth"), "touch only: size beyond it waits for the next quote");
}

TEST(Depth, ALevelThatBecomesTheTouchIsStillWhatWeLeftOfIt) {
    BookTape tape(2);
    tape.book(seconds{1}, {{9998, 500}}, {{10000, 200}, {10001, 300}});
    tape.book(seconds{20}, {{9998, 500}}, {{10001, 300}, {10004, 50}});
    tape.parent(Side::buy, 300, seconds{10});
    tape.parent(Side::buy, 300, seconds{25});
    EXPECT_EQ(fills_of(tape.replayed()), (Fills{"200@100.00", "100@100.01", "200@100.01", "50@100.04"}));
}

TEST(Depth, PrintsTakeFromTheLevelOfTheirPrice) {
    BookTape tape(3);
    tape.book(seconds{1}, {{9998, 500}}, {{10000, 200}, {10001, 300}, {10003, 400}});
    tape.print(seconds{5}, 10001, 250);  // a sweep: the touch's own print follows
    tape.print(seconds{5}, 10000, 150);
    tape.print(seconds{6}, 10002, 20);  // between levels: the last one better than it
    tape.parent(Side::buy, 1000, seconds{10});
    EXPECT_EQ(fills_of(tape.replayed()), (Fills{"50@100.00", "30@100.01", "400@100.03"}));
}

TEST(Depth, SellersWalkTheBids) {
    BookTape tape(2);
    tape.book(seconds{1}, {{9998, 100}, {9990, 60}}, {{10000, 200}});
    tape.parent(Side::sell, 1000, seconds{10});
    EXPECT_EQ(fills_of(tape.replayed()), (Fills{"100@99.98", "60@99.90"}));
}

TEST(Depth, ARestingChildTradesAtItsPriceWithEveryLevelThatComesToIt) {
    BookTape tape(2);
    tape.book(seconds{1}, {{9998, 10}}, {{10002, 200}, {10003, 200}});
    tape.book(seconds{20}, {{9996, 10}}, {{9997, 30}, {9998, 40}});
    tape.parent(Side::buy, 100, seconds{10}, Style::passive_then_aggressive);
    const ReplayOutcome outcome = tape.replayed();
    EXPECT_EQ(fills_of(outcome), (Fills{"30@99.98", "40@99.98"}));
    EXPECT_EQ(outcome.dataset.fills[0].liquidity, market::Liquidity::added);
}

TEST(Depth, AShownLevelTellsTheQueueOfARestingChild) {
    // The near touch moves up past a resting buyer at 99.98 with 40 ahead of it; half of that cancels behind the touch.
    BookTape tape(2);
    tape.book(seconds{1}, {{9998, 40}}, {{10002, 200}});
    tape.book(seconds{20}, {{9999, 10}, {9998, 40}}, {{10002, 200}});
    tape.book(seconds{21}, {{9999, 10}, {9998, 20}}, {{10002, 200}});
    tape.book(seconds{22}, {{9998, 60}, {9997, 5}}, {{10002, 200}});
    tape.print(seconds{23}, 9998, 50);
    tape.parent(Side::buy, 100, seconds{10}, Style::passive_then_aggressive);
    EXPECT_EQ(fills_of(tape.replayed()), (Fills{"30@99.98", "70@100.02"}))
        << "20 ahead, then us, the 40 that joined behind later; what is left crosses near the end";
}

TEST(Depth, ImpactMovesEveryLevelAndTheShownTapeHasThem) {
    BookTape tape = golden(3);
    tape.dataset.instruments[0].adv = 1e6;
    ImpactOptions impact;
    impact.enabled = true;
    impact.own_bps = 2000.0;
    const ReplayOutcome outcome = tape.replayed(impact);
    const market::QuoteColumns shown =
        outcome.dataset.tape->load(BookTape::stock(), {Timestamp::min(), Timestamp::max()}).value().quotes;
    ASSERT_EQ(shown.levels(), 3U);
    std::int64_t moved = 0;
    for (std::size_t row = 0; row < shown.size(); ++row) {
        if (shown.time[row] >= BookTape::at(0, seconds{30})) continue;
        const PriceMove shift = shown.ask[row] - BookTape::price(10000);
        EXPECT_EQ(shown.level(Side::buy, row, 1).price - BookTape::price(9998), shift);
        EXPECT_EQ(shown.level(Side::buy, row, 2).price - BookTape::price(9997), shift);
        EXPECT_EQ(shown.level(Side::sell, row, 2).price - BookTape::price(10001), shift);
        EXPECT_EQ(shown.level(Side::sell, row, 3).price - BookTape::price(10003), shift);
        EXPECT_FALSE(market::broken_levels(
            Side::sell, std::vector{shown.level(Side::sell, row, 1), shown.level(Side::sell, row, 2)}, false));
        moved += shift > PriceMove{};
    }
    EXPECT_GT(moved, 0);
    EXPECT_EQ(shown.level(Side::sell, shown.size() - 1, 2).size, Quantity::from_units(150));
}

}  // namespace
}  // namespace slipcast::sim
