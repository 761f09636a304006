#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <map>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

// Laws of a whole measurement on random books.

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

constexpr std::int64_t kTick = 10'000'000;
constexpr std::int64_t kMirror = 20'000;  // ticks: a price p becomes kMirror - p

/// A random day told in ticks and seconds after the open, so that it can be told again mirrored or scaled.
struct Story {
    struct Quote {
        std::int64_t second, bid, ask, bid_size, ask_size;
    };
    struct Print {
        std::int64_t second, price, size;
    };
    struct Order {
        Side side = Side::buy;
        std::int64_t quantity = 0, decision = 0, arrival = 0, end = 0;
        std::vector<Print> fills;
    };
    std::vector<Quote> quotes;
    std::vector<Print> prints;
    std::vector<Order> orders;
};

std::int64_t any(std::int64_t low, std::int64_t high) {
    return *rc::gen::inRange(low, high + 1);
}

Story any_story() {
    Story story;
    std::int64_t mid = 10'000;
    for (std::int64_t second = 0; second < 20'000; second += any(100, 900)) {
        mid += any(-5, 5);
        const std::int64_t half = any(0, 3);  // locked at times
        story.quotes.push_back({second, mid - half, mid + half, any(1, 9) * 100, any(1, 9) * 100});
        if (any(0, 2) > 0) story.prints.push_back({second, mid + any(-half, half), any(1, 20) * 100});
    }
    for (std::int64_t n = any(1, 4); n > 0; --n) {
        Story::Order order;
        order.side = any(0, 1) == 0 ? Side::buy : Side::sell;
        order.decision = any(1'000, 5'000);
        order.arrival = order.decision + any(1, 600);
        order.end = order.arrival + any(600, 9'000);
        order.quantity = any(0, 3) * 100;
        for (std::int64_t f = any(0, 4); f > 0; --f) {
            order.fills.push_back({any(order.arrival, order.end), 10'000 + any(-20, 20), any(1, 5) * 100});
            order.quantity += order.fills.back().size;
        }
        if (order.quantity == 0) order.quantity = 100;
        std::sort(order.fills.begin(), order.fills.end(),
                  [](const auto& a, const auto& b) { return a.second < b.second; });
        story.orders.push_back(order);
    }
    return story;
}

struct Telling {
    bool mirrored = false;
    std::int64_t scale = 1;  ///< of every quantity
};

market::Dataset told(const Story& story, const Telling& telling) {
    CostBook book;
    const auto at = [&](std::int64_t second) { return book.session.open + std::chrono::seconds{second}; };
    const auto price = [&](std::int64_t ticks) {
        return Price::from_units((telling.mirrored ? kMirror - ticks : ticks) * kTick);
    };
    const auto size = [&](std::int64_t units) { return Quantity::from_units(units * telling.scale); };
    for (const auto& q : story.quotes) {
        const bool flip = telling.mirrored;
        book.series.quotes.push(at(q.second), price(flip ? q.ask : q.bid), price(flip ? q.bid : q.ask),
                                size(flip ? q.ask_size : q.bid_size), size(flip ? q.bid_size : q.ask_size));
    }
    for (const auto& p : story.prints) {
        book.series.trades.push(at(p.second), price(p.price), size(p.size), market::kRegularTrade, VenueId::none());
    }
    for (std::size_t i = 0; i < story.orders.size(); ++i) {
        const Story::Order& order = story.orders[i];
        const std::string id = "O" + std::to_string(i);
        const Side side = telling.mirrored ? opposite(order.side) : order.side;
        market::Order& row = book.order(id, side, order.quantity * telling.scale, "14:00:00");
        row.decision_time = at(order.decision);
        row.arrival_time = at(order.arrival);
        row.end_time = at(order.end);
        for (const auto& f : order.fills) {
            market::Fill& fill = book.fill(id, "14:00:00", "1", f.size * telling.scale);
            fill.time = at(f.second);
            fill.price = price(f.price);
        }
    }
    return book.made();
}

MeasureOptions options_of(int threads, Duration window) {
    MeasureOptions options;
    options.markouts = {"-10s", "0s", "1min", "5min", "3trades", "-2trades", "2000shares"};
    options.resamples = 100;
    options.threads = threads;
    options.window = window;
    return options;
}

/// Price-like columns mirror; levels and the ratios over them do not.
bool is_mirrored_exactly(const Column& column) {
    const std::string& name = column.meta.name;
    return name.ends_with("_ticks") || (name.ends_with("_cash") && name.find("notional") == std::string::npos) ||
           name == "participation" || name == "rpm" || name == "completion" || name == "duration_s" ||
           name == "effective_over_quoted" || name == "feature_imbalance" || name == "feature_depth";
}

TEST(MeasureLaws, EveryCashAndTickMetricOfABuyIsThatOfTheMirroredSell) {
    EXPECT_TRUE(rc::check("mirror", [] {
        const Story story = any_story();
        const Measured own(told(story, {}), options_of(1, std::chrono::hours{24}));
        const Measured other(told(story, {.mirrored = true}), options_of(1, std::chrono::hours{24}));
        for (const char* table : {"orders", "fills"}) {
            for (const Column& column : own.table(table).columns()) {
                if (!is_mirrored_exactly(column)) continue;
                const Column& twin = other.column(table, column.meta.name);
                RC_ASSERT(column.valid == twin.valid);
                RC_ASSERT(column.data == twin.data);
            }
        }
    }));
}

TEST(MeasureLaws, ScalingEveryQuantityLeavesRatiosAndMultipliesCash) {
    EXPECT_TRUE(rc::check("scaling", [] {
        const Story story = any_story();
        const std::int64_t k = any(2, 50);
        MeasureOptions options = options_of(1, std::chrono::hours{24});
        options.markouts = {"1min", "3trades"};
        const Measured own(told(story, {}), options);
        const Measured scaled(told(story, {.scale = k}), options);
        for (const Column& column : own.table("orders").columns()) {
            const Column& twin = scaled.column("orders", column.meta.name);
            RC_ASSERT(column.valid == twin.valid);
            for (std::size_t row = 0; row < column.size(); ++row) {
                if (!column.is_valid(row)) continue;
                if (const auto* cash = std::get_if<MoneyColumn>(&column.data)) {
                    RC_ASSERT(std::get<MoneyColumn>(twin.data).units[row] == cash->units[row] * k);
                } else if (std::holds_alternative<std::vector<Price>>(column.data)) {
                    RC_ASSERT(std::get<std::vector<Price>>(twin.data)[row] ==
                              std::get<std::vector<Price>>(column.data)[row]);
                } else if (column.meta.unit == "bps" || column.meta.unit == "ticks") {
                    const double value = std::get<std::vector<double>>(column.data)[row];
                    const double other = std::get<std::vector<double>>(twin.data)[row];
                    RC_ASSERT(std::abs(other - value) <= 1e-9 * std::max(1.0, std::abs(value)));
                }
            }
        }
    }));
}

TEST(MeasureLaws, PartsOfEveryOrderAddUpOnBothBases) {
    EXPECT_TRUE(rc::check("identity", [] {
        const Measured result(told(any_story(), {}), options_of(1, std::chrono::hours{24}));
        for (std::size_t row = 0; row < result.table("orders").rows(); ++row) {
            RC_ASSERT(test::parts_add_up(result, row));
        }
    }));
}

TEST(MeasureLaws, ThreadsAndWindowsDoNotMatter) {
    EXPECT_TRUE(rc::check("same bytes", [] {
        const market::Dataset dataset = told(any_story(), {});
        const Measured one(dataset, options_of(1, std::chrono::hours{24}));
        const Measured many(dataset, options_of(3, std::chrono::seconds{any(1, 5'000)}));
        RC_ASSERT(one.measurement.provenance == many.measurement.provenance);
        RC_ASSERT(one.measurement.worst_orders == many.measurement.worst_orders);
        RC_ASSERT(one.measurement.tables.size() == many.measurement.tables.size());
        for (std::size_t t = 0; t < one.measurement.tables.size(); ++t) {
            const auto& columns = one.measurement.tables[t].columns();
            for (std::size_t c = 0; c < columns.size(); ++c) {
                RC_ASSERT(columns[c].data == many.measurement.tables[t].columns()[c].data);
                RC_ASSERT(columns[c].valid == many.measurement.tables[t].columns()[c].valid);
            }
        }
    }));
}

}  // namespace
}  // namespace slipcast::tca
