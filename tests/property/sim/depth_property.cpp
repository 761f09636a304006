#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "support/book_tape.hpp"

namespace slipcast::sim {
namespace {

using std::chrono::seconds;
using test::BookTape;

struct Case {
    BookTape tape;
    BookTape touch_only;
    BookTape absent;  ///< with depth columns that hold nothing
};

test::Levels side_levels(std::int64_t best, std::int64_t step) {
    test::Levels levels;
    std::int64_t price = best;
    for (int i = 0; i < 4; ++i) {
        levels.emplace_back(price, *rc::gen::inRange<std::int64_t>(1, 50));
        price += step * *rc::gen::inRange<std::int64_t>(1, 4);
        if (*rc::gen::inRange(0, 5) == 0) break;
    }
    return levels;
}

/// Random books, prints and parents on both sides, the same rows with and without what stands behind the touch.
Case random_case() {
    Case made{BookTape(4), BookTape(1), BookTape(4)};
    std::int64_t mid = 10'000;
    const int rows = *rc::gen::inRange(5, 60);
    for (int i = 0; i < rows; ++i) {
        mid += *rc::gen::inRange<std::int64_t>(-2, 3);
        const auto bids = side_levels(mid - 1, -1);
        const auto asks = side_levels(mid + 1, 1);
        made.tape.book(seconds{10 + i}, bids, asks);
        made.touch_only.book(seconds{10 + i}, bids, asks);
        made.absent.book(seconds{10 + i}, {bids.front()}, {asks.front()});
        if (*rc::gen::inRange(0, 3) > 0) continue;
        const std::int64_t price = mid + *rc::gen::inRange<std::int64_t>(-3, 4);
        const std::int64_t size = *rc::gen::inRange<std::int64_t>(1, 60);
        for (BookTape* tape : {&made.tape, &made.touch_only, &made.absent}) tape->print(seconds{10 + i}, price, size);
    }
    const int parents = *rc::gen::inRange(1, 5);
    for (int i = 0; i < parents; ++i) {
        const Side side = *rc::gen::element(Side::buy, Side::sell);
        const std::int64_t quantity = *rc::gen::inRange<std::int64_t>(1, 400);
        // Between quotes: at a quote's own instant a child still sees the row before.
        const Duration start = seconds{*rc::gen::inRange(5, 70)} + std::chrono::microseconds{123'457};
        const Style style =
            *rc::gen::element(Style::immediate, Style::twap, Style::passive_then_aggressive, Style::pov);
        const auto limit = *rc::gen::inRange<std::int64_t>(-12, 4);
        for (BookTape* tape : {&made.tape, &made.touch_only, &made.absent}) {
            Parent& parent = tape->parent(side, quantity, start, style);
            parent.participation = 0.3;
            if (limit > -4) parent.order.limit_price = BookTape::price(10'000 + sign(side) * limit);
        }
    }
    return made;
}

TEST(DepthProperty, FillsStayWithinTouchLimitAndWhatWasShown) {
    EXPECT_TRUE(rc::check("fills", [] {
        const Case made = random_case();
        const ReplayOutcome outcome = made.tape.replayed();
        const market::QuoteColumns quotes = made.tape.series.quotes.view();
        std::map<std::pair<bool, Price>, Quantity> taken;
        for (const market::Fill& fill : outcome.dataset.fills) {
            const Parent& parent = made.tape.parents[static_cast<std::size_t>(fill.order.index())];
            const Side side = parent.order.side;
            if (parent.order.limit_price)
                RC_ASSERT(signed_move(side, fill.price - *parent.order.limit_price) <= PriceMove{});
            if (fill.liquidity != market::Liquidity::removed) continue;
            std::size_t row = 0;
            while (row + 1 < quotes.size() && quotes.time[row + 1] <= fill.time) ++row;
            const Price touch = quotes.level(opposite(side), row, 1).price;
            RC_ASSERT(signed_move(side, fill.price - touch) >= PriceMove{});
            bool is_shown = false;
            for (std::size_t level = 1; level <= quotes.levels(); ++level)
                is_shown = is_shown || quotes.level(opposite(side), row, level).price == fill.price;
            RC_ASSERT(is_shown);
            taken[{side == Side::buy, fill.price}] += fill.quantity;
        }
        // What was ever offered anew at a price: its first size, and each size larger than the one shown before.
        for (const auto& [key, quantity] : taken) {
            const Side far = key.first ? Side::sell : Side::buy;
            Quantity offered, before;
            for (std::size_t row = 0; row < quotes.size(); ++row) {
                Quantity now;
                for (std::size_t level = 1; level <= quotes.levels(); ++level) {
                    const market::BookLevel shown = quotes.level(far, row, level);
                    if (shown.price == key.second) now = shown.size;
                }
                if (now > before) offered += now;
                before = now;
            }
            RC_ASSERT(quantity <= offered);
        }
    }));
}

TEST(DepthProperty, LevelsThatHoldNothingChangeNothing) {
    EXPECT_TRUE(rc::check("absent levels", [] {
        const Case made = random_case();
        const ReplayOutcome without = made.touch_only.replayed();
        const ReplayOutcome with = made.absent.replayed();
        RC_ASSERT(without.dataset.fills.size() == with.dataset.fills.size());
        for (std::size_t i = 0; i < with.dataset.fills.size(); ++i) {
            const market::Fill& a = without.dataset.fills[i];
            const market::Fill& b = with.dataset.fills[i];
            RC_ASSERT(a.time == b.time);
            RC_ASSERT(a.price == b.price);
            RC_ASSERT(a.quantity == b.quantity);
            RC_ASSERT(a.liquidity == b.liquidity);
        }
        RC_ASSERT(without.dataset.placements.size() == with.dataset.placements.size());
    }));
}

}  // namespace
}  // namespace slipcast::sim
