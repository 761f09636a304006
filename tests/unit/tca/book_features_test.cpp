#include <gtest/gtest.h>

#include "support/measured.hpp"
#include "support/session_tape.hpp"

namespace slipcast::tca {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::SessionTape;

/// A seller who decides at `decision`, against books at one and at two minutes.
test::Measured measured(Duration decision, bool with_depth, Duration window = std::chrono::hours{1}) {
    SessionTape tape(1);
    if (with_depth) tape.series.quotes.depth.resize(2);
    const auto level = [](std::int64_t ticks, std::int64_t size) {
        return market::BookLevel{Price::from_units(ticks * 10'000'000), Quantity::from_units(size)};
    };
    tape.quote(tape.at(0, minutes{1}), 9999, 10001);  // 100 at each touch
    if (with_depth) {
        tape.series.quotes.push_depth(std::vector{level(9998, 200), level(9997, 300)}, std::vector{level(10002, 60)});
    }
    tape.quote(tape.at(0, minutes{2}), 9999, 10001);
    if (with_depth) tape.series.quotes.push_depth({}, std::vector{level(10002, 700)});
    market::Dataset dataset = tape.made();
    market::Order order;
    order.id = dataset.names.orders.intern("B1");
    order.instrument = SessionTape::stock();
    order.side = Side::sell;
    order.quantity = Quantity::from_units(100);
    order.decision_time = SessionTape::at(0, decision);
    order.arrival_time = order.decision_time;
    order.end_time = SessionTape::at(0, minutes{30});
    dataset.orders.push_back(order);
    MeasureOptions options;
    options.window = window;
    return test::Measured(dataset, options);
}

TEST(BookFeatures, SumTheLevelsOfTheQuoteStrictlyBeforeTheDecision) {
    for (const Duration window : {Duration{std::chrono::hours{1}}, Duration{seconds{7}}}) {
        const test::Measured early = measured(minutes{2}, true, window);
        EXPECT_DOUBLE_EQ(early.number("orders", "feature_book_depth"), 380.0);  // bids 600, asks 160
        EXPECT_DOUBLE_EQ(early.number("orders", "feature_book_imbalance"), -440.0 / 760.0) << "a seller's sign";
        EXPECT_DOUBLE_EQ(early.number("orders", "feature_depth"), 100.0) << "the touch alone";
        const test::Measured late = measured(minutes{3}, true, window);
        EXPECT_DOUBLE_EQ(late.number("orders", "feature_book_depth"), 450.0);  // bids 100, asks 800
        EXPECT_DOUBLE_EQ(late.number("orders", "feature_book_imbalance"), 700.0 / 900.0);
    }
}

TEST(BookFeatures, AreMissingWithoutDepth) {
    const test::Measured flat = measured(minutes{3}, false);
    EXPECT_TRUE(flat.has("orders", "feature_depth"));
    EXPECT_FALSE(flat.has("orders", "feature_book_depth"));
    EXPECT_FALSE(flat.has("orders", "feature_book_imbalance"));
}

}  // namespace
}  // namespace slipcast::tca
