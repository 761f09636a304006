#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <deque>
#include <vector>

#include "slipcast/tca/shortfall.hpp"
#include "support/cost_book.hpp"
#include "support/measured.hpp"

// Laws of orders whose quantity and deadline were amended while they were worked.

namespace slipcast::tca {
namespace {

using test::CostBook;
using test::Measured;

std::int64_t any(std::int64_t low, std::int64_t high) {
    return *rc::gen::inRange(low, high + 1);
}

Price any_price() {
    return Price::from_units(any(1'000'000, 5'000'000'000'000));
}

/// What each share of an order went through, told share by share: executions take the oldest share that is wanted, an
/// increase adds shares at the end of the queue, a decrease takes them from there.
struct ByShare {
    struct Share {
        Price decision, arrival;
    };
    std::deque<Share> open;
    Int128 delay = 0, delay_executed = 0, drift = 0, opportunity = 0, opportunity_executed = 0;

    void order(const Share& share, std::int64_t count) {
        open.insert(open.end(), static_cast<std::size_t>(count), share);
    }
    void execute(Price mid) {
        drift += mid.units() - open.front().arrival.units();
        delay_executed += open.front().arrival.units() - open.front().decision.units();
        open.pop_front();
    }
    void give_up(const Share& share, Price end) {
        opportunity += end.units() - share.arrival.units();
        opportunity_executed += end.units() - share.decision.units();
    }
    void take_back(std::int64_t count, Price end) {
        for (; count > 0; --count) {
            give_up(open.back(), end);
            open.pop_back();
        }
    }
};

TEST(AmendLaws, TheLedgerIsThatOfItsSharesOneByOne) {
    EXPECT_TRUE(rc::check("every part, share by share; the parts add up on both bases", [] {
        LedgerOrder order;
        order.side = *rc::gen::element(Side::buy, Side::sell);
        order.value = ContractValue::create(static_cast<int>(any(0, 8)), "1", Currency::parse("USD").value()).value();
        order.decision = any_price();
        order.arrival = any_price();
        order.end_price = any_price();
        order.quantity = Quantity::from_units(any(1, 30));
        ByShare shares;
        shares.order({*order.decision, *order.arrival}, order.quantity.units());
        shares.delay = (order.arrival->units() - order.decision->units()) * Int128{order.quantity.units()};
        std::vector<LedgerFill> fills;
        Int128 spread = 0;
        for (std::int64_t steps = any(0, 12); steps > 0; --steps) {
            const auto open = static_cast<std::int64_t>(shares.open.size());
            const Price price = any_price();
            if (const std::int64_t kind = any(0, 2); kind == 0) {
                const std::int64_t more = any(1, 20);
                order.amends.push_back({Quantity::from_units(more), price});
                shares.order({price, price}, more);
            } else if (open > 0) {
                const std::int64_t part = any(1, open);
                if (kind == 1) {
                    order.amends.push_back({Quantity::from_units(-part), price});
                    shares.take_back(part, price);
                    continue;
                }
                LedgerFill& fill = fills.emplace_back();
                fill.price = any_price();
                fill.quantity = Quantity::from_units(part);
                fill.mid = price;
                spread += Int128{part} * (fill.price.units() - price.units());
                for (std::int64_t i = 0; i < part; ++i) shares.execute(price);
            }
        }
        const Shortfall parts = shortfall(order, fills);
        for (; !shares.open.empty(); shares.open.pop_front()) shares.give_up(shares.open.front(), *order.end_price);
        const auto cash = [&](Int128 move) { return move * sign(order.side) * order.value.factor(); };
        RC_ASSERT(parts.delay->units() == cash(shares.delay));
        RC_ASSERT(parts.delay_executed->units() == cash(shares.delay_executed));
        RC_ASSERT(parts.spread.units() == cash(spread));
        RC_ASSERT(parts.drift->units() == cash(shares.drift));
        RC_ASSERT(parts.opportunity->units() == cash(shares.opportunity));
        RC_ASSERT(parts.opportunity_executed->units() == cash(shares.opportunity_executed));
        RC_ASSERT(parts.total->units() == cash(shares.delay + spread + shares.drift + shares.opportunity));
        RC_ASSERT(parts.total->units() ==
                  cash(shares.delay_executed + spread + shares.drift + shares.opportunity_executed));
    }));
}

/// A random day of several orders; `amends` of them known as a list of events that can be cut off at any time.
struct Day {
    CostBook book;
    std::vector<market::OrderEvent> amends;

    Day() {
        std::int64_t mid = 10'000;
        for (std::int64_t second = 0; second < 20'000; second += any(100, 900)) {
            mid += any(-5, 5);
            book.series.quotes.push(at(second), Price::from_units((mid - 1) * 10'000'000),
                                    Price::from_units((mid + 1) * 10'000'000), Quantity::from_units(any(1, 9) * 100),
                                    Quantity::from_units(any(1, 9) * 100));
            book.series.trades.push(at(second), Price::from_units(mid * 10'000'000),
                                    Quantity::from_units(any(1, 9) * 100), market::kRegularTrade, VenueId::none());
        }
        for (std::int64_t n = any(1, 5); n > 0; --n) add_order("O" + std::to_string(n));
        std::stable_sort(amends.begin(), amends.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    }
    [[nodiscard]] Timestamp at(std::int64_t second) const { return book.session.open + std::chrono::seconds{second}; }

    void add_order(const std::string& id) {
        const std::int64_t arrival = any(1'000, 10'000);
        const std::int64_t quantity = any(3, 50) * 100;
        market::Order& order = book.order(id, any(0, 1) == 0 ? Side::buy : Side::sell, quantity, "14:00:00");
        order.decision_time = at(arrival - any(0, 900));
        order.arrival_time = at(arrival);
        order.end_time = at(arrival + any(600, 9'000));
        std::int64_t second = arrival;
        std::int64_t in_force = quantity;
        std::int64_t filled = 0;
        for (std::int64_t steps = any(0, 6); steps > 0; --steps) {
            second += any(0, 900);
            if (any(0, 1) == 0 && in_force - filled >= 100) {
                const std::int64_t part = any(1, (in_force - filled) / 100) * 100;
                market::Fill& fill = book.fill(id, "14:00:00", "100", part);
                fill.time = at(second);
                filled += part;
                continue;
            }
            market::OrderEvent amend;
            amend.order = order.id;
            amend.time = at(second);
            if (any(0, 2) > 0) {
                in_force = std::max<std::int64_t>(100, filled) + any(0, 30) * 100;
                amend.quantity = Quantity::from_units(in_force);
            }
            if (any(0, 1) == 0) amend.end_time = at(second + any(1, 9'000));
            if (any(0, 3) == 0) amend.limit_price = CostBook::price("100");
            amends.push_back(amend);
        }
    }
    /// The measurement of what was known before `time`: later amends and fills do not exist.
    [[nodiscard]] Measured known_before(Timestamp time) const {
        CostBook cut = book;
        for (const market::OrderEvent& amend : amends) {
            if (amend.time < time) cut.dataset.order_events.push_back(amend);
        }
        std::erase_if(cut.dataset.fills, [&](const market::Fill& fill) { return fill.time >= time; });
        return Measured(cut.made());
    }
};

TEST(AmendLaws, WhatIsKnownAtADecisionDoesNotDependOnAnythingLater) {
    EXPECT_TRUE(rc::check("features, size and the order's own terms", [] {
        const Day day;
        const Measured whole = day.known_before(Timestamp::max());
        const auto& orders = day.book.dataset.orders;
        for (std::size_t row = 0; row < orders.size(); ++row) {
            const Measured then = day.known_before(*orders[row].decision_time);
            for (const Column& column : whole.table("orders").columns()) {
                const std::string& name = column.meta.name;
                const bool is_known = name.starts_with("feature_") || name.starts_with("forecast_") ||
                                      name == "concurrent_overlap" || name == "sector_net_flow" || name == "size" ||
                                      name == "size_basis" || name == "quantity" || name == "end_time";
                if (is_known) RC_ASSERT(whole.text("orders", name, row) == then.text("orders", name, row));
            }
        }
    }));
}

TEST(AmendLaws, PartsOfAmendedOrdersAddUpOnBothBases) {
    EXPECT_TRUE(rc::check("identity", [] {
        const Day day;
        const Measured result = day.known_before(Timestamp::max());
        for (std::size_t row = 0; row < result.table("orders").rows(); ++row) {
            RC_ASSERT(test::parts_add_up(result, row));
        }
    }));
}

}  // namespace
}  // namespace slipcast::tca
