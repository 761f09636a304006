#include <gtest/gtest.h>

#include "support/cost_book.hpp"
#include "support/measured.hpp"

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

market::Placement& place(CostBook& book, std::string_view id, std::string_view sent, std::string_view done) {
    market::Placement& row = book.dataset.placements.emplace_back();
    row.id = book.dataset.names.placements.intern(id);
    row.order = book.dataset.names.orders.find("O1");
    row.quantity = Quantity::from_units(200);
    row.sent_time = CostBook::at(sent);
    row.done_time = CostBook::at(done);
    return row;
}

/// A sale of 400 in two children: the second is sent after the price has fallen.
CostBook two_children() {
    CostBook book;
    book.quote("14:00:00", "99.99", "100.01");
    book.quote("14:05:00", "99.89", "99.91");
    book.quote("14:10:00", "99.79", "99.81");
    book.order("O1", Side::sell, 400, "14:01:00");
    place(book, "P1", "14:02:00", "14:04:00");
    place(book, "P2", "14:05:00.000000001", "14:12:00");
    book.fill("O1", "14:03:00", "99.99", 200).placement = book.dataset.names.placements.find("P1");
    for (const char* clock : {"14:06:00", "14:11:00"}) {
        const char* price = clock[4] == '6' ? "99.89" : "99.79";
        book.fill("O1", clock, price, 100).placement = book.dataset.names.placements.find("P2");
    }
    return book;
}

TEST(Placements, EachIsMeasuredAgainstTheMidBeforeItWasSent) {
    const Measured result(two_children().made());
    EXPECT_NEAR(result.number("placements", "placement_arrival_price", 0), 100.0, 1e-12);
    EXPECT_NEAR(result.number("placements", "placement_arrival_cost_cash", 0), 2.0, 1e-12);
    EXPECT_NEAR(result.number("placements", "placement_arrival_price", 1), 99.9, 1e-12);
    EXPECT_NEAR(result.number("placements", "average_price", 1), 99.84, 1e-12);
    EXPECT_NEAR(result.number("placements", "placement_arrival_cost_cash", 1), 0.06 * 200, 1e-12);
    EXPECT_NEAR(result.number("placements", "placement_arrival_cost_ticks", 1), 6.0, 1e-9);
    EXPECT_NEAR(result.number("placements", "placement_arrival_cost_bps", 1), 0.06 / 99.9 * 1e4, 1e-9);
}

TEST(Placements, WhatCannotBeKnownOfOneIsMissing) {
    CostBook book = two_children();
    place(book, "P3", "14:00:00", "14:00:30");
    place(book, "P4", "14:07:00", "14:08:00");
    const Measured result(book.made());
    EXPECT_FALSE(result.has("placements", "placement_arrival_price", 2))
        << "a quote at the instant itself is no quote before";
    EXPECT_TRUE(result.has("placements", "placement_arrival_price", 3));
    EXPECT_FALSE(result.has("placements", "placement_arrival_cost_bps", 3)) << "nothing was executed";
    market::Dataset dataset = two_children().made();
    dataset.corporate_actions.push_back({InstrumentId::from_index(0),
                                         CostBook::at("14:10:00"),
                                         market::CorporateActionKind::split,
                                         CostBook::price("2"),
                                         {}});
    const Measured split(dataset);
    EXPECT_TRUE(split.has("placements", "placement_arrival_price", 0));
    EXPECT_FALSE(split.has("placements", "placement_arrival_price", 1)) << "it lived through a split";
    dataset = two_children().made();
    dataset.tape.reset();
    EXPECT_FALSE(Measured(dataset).has("placements", "placement_arrival_price", 0));
}

}  // namespace
}  // namespace slipcast::tca
