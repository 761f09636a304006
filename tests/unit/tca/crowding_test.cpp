#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

using market::FillEventKind;
using test::CostBook;
using test::Measured;

/// O1 is worked from 14:00 to 16:00; the orders after it were decided one half hour after the other and end then too.
CostBook crowded() {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    for (const auto& [id, arrival] : {std::pair{"O1", "14:00:00"}, std::pair{"O2", "14:30:00"},
                                      std::pair{"O3", "15:00:00"}, std::pair{"O4", "15:30:00"}}) {
        book.order(id, Side::buy, 100, arrival).end_time = CostBook::at("16:00:00");
    }
    return book;
}

/// Something happened to a fill of the book: the fill as it stands now, and as it was first reported.
void changed(CostBook& book, FillEventKind kind, std::string_view clock, std::int64_t quantity) {
    market::Fill& fill = book.dataset.fills.back();
    book.dataset.first_reports.push_back(fill);
    market::FillEvent& event = book.dataset.fill_events.emplace_back();
    event.fill = fill.id;
    event.time = CostBook::at(clock);
    event.kind = kind;
    if (kind == FillEventKind::bust) {
        book.dataset.fills.pop_back();
    } else {
        event.quantity = fill.quantity = Quantity::from_units(quantity);
    }
}

/// Orders that O2, O3 and O4 saw in the plan at their decisions.
std::array<double, 3> seen(const CostBook& book) {
    const Measured result(book.made());
    std::array<double, 3> overlaps{};
    for (std::size_t i = 0; i < overlaps.size(); ++i) {
        overlaps[i] = result.number("orders", "concurrent_overlap", i + 1);
    }
    return overlaps;
}

TEST(Crowding, AFilledOrderIsInThePlanAgainOnceItsFillIsBusted) {
    CostBook book = crowded();
    EXPECT_EQ(seen(book), (std::array{1.0, 2.0, 3.0}));
    book.fill("O1", "14:10:00", "100", 100);
    EXPECT_EQ(seen(book), (std::array{0.0, 1.0, 2.0}));
    changed(book, FillEventKind::bust, "15:15:00", 0);
    EXPECT_EQ(seen(book), (std::array{0.0, 1.0, 3.0})) << "until 15:15 nobody knew that it was not done";
}

TEST(Crowding, ACorrectionCountsFromItsOwnTime) {
    CostBook less = crowded();
    less.fill("O1", "14:10:00", "100", 100);
    changed(less, FillEventKind::correct, "14:45:00", 60);
    EXPECT_EQ(seen(less), (std::array{0.0, 2.0, 3.0}));
    CostBook more = crowded();
    more.fill("O1", "14:10:00", "100", 60);
    changed(more, FillEventKind::correct, "14:45:00", 100);
    EXPECT_EQ(seen(more), (std::array{1.0, 1.0, 2.0}));
}

TEST(Crowding, ABustAfterTheCancelPlansNothingAnew) {
    CostBook book = crowded();
    book.fill("O1", "14:10:00", "100", 100);
    changed(book, FillEventKind::bust, "15:15:00", 0);
    book.dataset.orders.front().cancel_time = CostBook::at("15:10:00");
    EXPECT_EQ(seen(book), (std::array{0.0, 1.0, 2.0}));
}

}  // namespace
}  // namespace slipcast::tca
