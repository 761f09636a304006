#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <vector>

#include "slipcast/tca/shortfall.hpp"

namespace slipcast::tca {
namespace {

/// A random order with prices anywhere, possibly missing, and its fills.
struct Case {
    LedgerOrder order;
    std::vector<LedgerFill> fills;
};

Price any_price() {
    return Price::from_units(*rc::gen::inRange<std::int64_t>(1'000'000, 5'000'000'000'000));
}

Case any_case(bool has_decision, bool may_miss_mids) {
    Case made;
    const Currency usd = Currency::parse("USD").value();
    made.order.side = *rc::gen::element(Side::buy, Side::sell);
    made.order.value = ContractValue::create(*rc::gen::inRange(0, 9), "1", usd).value();
    if (has_decision) made.order.decision = any_price();
    made.order.arrival = any_price();
    made.order.end_price = any_price();
    for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
        LedgerFill fill;
        fill.price = any_price();
        fill.quantity = Quantity::from_units(*rc::gen::inRange<std::int64_t>(1, 1'000'000));
        if (!may_miss_mids || *rc::gen::inRange(0, 4) != 0) fill.mid = any_price();
        fill.fee = Money::from_units(*rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000), usd);
        made.order.quantity += fill.quantity;
        made.fills.push_back(fill);
    }
    made.order.quantity += Quantity::from_units(*rc::gen::inRange<std::int64_t>(made.fills.empty() ? 1 : 0, 100'000));
    return made;
}

Int128 signed_sum(const Shortfall& s, const std::optional<Money>& delay, const std::optional<Money>& opportunity) {
    return delay->units() + s.spread.units() + s.drift->units() + s.unmarked->units() + opportunity->units() +
           s.fees.units();
}

TEST(ShortfallLaws, PartsAddUpToTheDefinitionOnBothBases) {
    EXPECT_TRUE(rc::check("parts = s (sum q p + (Q - q) Pn - Q Pd) + F", [] {
        const Case made = any_case(true, true);
        const Shortfall parts = shortfall(made.order, made.fills);
        Int128 cost = 0;
        Int128 fees = 0;
        Int128 filled = 0;
        for (const LedgerFill& fill : made.fills) {
            cost += static_cast<Int128>(fill.price.units()) * fill.quantity.units();
            fees += fill.fee.units();
            filled += fill.quantity.units();
        }
        cost += made.order.end_price->units() * (made.order.quantity.units() - filled);
        cost -= static_cast<Int128>(made.order.decision->units()) * made.order.quantity.units();
        const Int128 total = cost * sign(made.order.side) * made.order.value.factor() + fees;
        RC_ASSERT(parts.total->units() == total);
        RC_ASSERT(signed_sum(parts, parts.delay, parts.opportunity) == total);
        RC_ASSERT(signed_sum(parts, parts.delay_executed, parts.opportunity_executed) == total);
    }));
}

TEST(ShortfallLaws, WithoutADecisionPriceTheTotalIsTheMarketActivityShortfall) {
    EXPECT_TRUE(rc::check("the same parts as with decision = arrival, and no delay", [] {
        Case made = any_case(false, true);
        const Shortfall activity = shortfall(made.order, made.fills);
        made.order.decision = made.order.arrival;
        const Shortfall known = shortfall(made.order, made.fills);
        RC_ASSERT(!activity.delay.has_value());
        RC_ASSERT(activity.gap == LedgerGap::no_decision_price);
        RC_ASSERT(*activity.total == *known.total);
        RC_ASSERT(known.delay->units() == 0);
    }));
}

TEST(ShortfallLaws, BuyAndSellMirror) {
    EXPECT_TRUE(rc::check("mirroring every price around a level turns a buy into a sell of the same cost", [] {
        Case made = any_case(true, true);
        const Shortfall own = shortfall(made.order, made.fills);
        const auto mirror = [](Price price) { return Price::from_units(6'000'000'000'000 - price.units()); };
        made.order.side = opposite(made.order.side);
        made.order.decision = mirror(*made.order.decision);
        made.order.arrival = mirror(*made.order.arrival);
        made.order.end_price = mirror(*made.order.end_price);
        for (LedgerFill& fill : made.fills) {
            fill.price = mirror(fill.price);
            if (fill.mid) fill.mid = mirror(*fill.mid);
        }
        const Shortfall other = shortfall(made.order, made.fills);
        RC_ASSERT(own.delay == other.delay);
        RC_ASSERT(own.spread == other.spread);
        RC_ASSERT(own.drift == other.drift);
        RC_ASSERT(own.unmarked == other.unmarked);
        RC_ASSERT(own.opportunity == other.opportunity);
        RC_ASSERT(own.total == other.total);
    }));
}

TEST(ShortfallLaws, QuantitiesScale) {
    EXPECT_TRUE(rc::check("k times the quantities and fees cost k times", [] {
        Case made = any_case(true, true);
        const Shortfall own = shortfall(made.order, made.fills);
        const std::int64_t k = *rc::gen::inRange<std::int64_t>(2, 100);
        made.order.quantity = Quantity::from_units(made.order.quantity.units() * k);
        for (LedgerFill& fill : made.fills) {
            fill.quantity = Quantity::from_units(fill.quantity.units() * k);
            fill.fee = Money::from_units(fill.fee.units() * k, fill.fee.currency());
        }
        const Shortfall scaled = shortfall(made.order, made.fills);
        RC_ASSERT(scaled.total->units() == own.total->units() * k);
        RC_ASSERT(scaled.drift->units() == own.drift->units() * k);
        const double bps = *bps_of(own.total, own.paper_notional);
        RC_ASSERT(std::abs(*bps_of(scaled.total, scaled.paper_notional) - bps) <= 1e-12 * std::abs(bps));
    }));
}

TEST(ShortfallLaws, AFillWithoutAMidIsUnmarkedNotFree) {
    EXPECT_TRUE(rc::check("taking a mid away moves spread and drift of that fill to unmarked", [] {
        Case made = any_case(true, false);
        RC_PRE(!made.fills.empty());
        const Shortfall marked = shortfall(made.order, made.fills);
        for (LedgerFill& fill : made.fills) fill.mid.reset();
        const Shortfall bare = shortfall(made.order, made.fills);
        RC_ASSERT(bare.spread.units() == 0);
        RC_ASSERT(bare.drift->units() == 0);
        RC_ASSERT(bare.unmarked->units() == marked.spread.units() + marked.drift->units());
        RC_ASSERT(*bare.total == *marked.total);
    }));
}

}  // namespace
}  // namespace slipcast::tca
