#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "support/replayed.hpp"

namespace slipcast::sim {
namespace {

using test::scene;

class Replay : public ::testing::Test {
protected:
    static test::Scene made() {
        return scene({.symbols = 3, .days = 2, .seed = 5, .quotes_per_day = 12'000, .halt_rate = 1.0},
                     {.count = 300, .seed = 9, .max_size = 5e-3});
    }
    static ReplayOutcome run(bool impact, std::uint64_t seed = 1) {
        test::Scene all = made();
        ReplayOptions options;
        options.seed = seed;
        options.impact.enabled = impact;
        options.impact.cross_fraction = 0.3;
        for (VenueTerms& venue : options.venues) venue.reject_rate = 0.05;
        return replay_in_memory(std::move(all.market), all.parents, options).value();
    }
    static const ReplayOutcome& with_impact() {
        static const ReplayOutcome kOutcome = run(true);
        return kOutcome;
    }
    static const ReplayOutcome& without_impact() {
        static const ReplayOutcome kOutcome = run(false);
        return kOutcome;
    }
    static TimeRange everything() { return {Timestamp::min(), Timestamp::max()}; }
};

TEST_F(Replay, TheAuditHasNothingToSay) {
    for (const ReplayOutcome* outcome : {&with_impact(), &without_impact()}) {
        const auto assembled = market::assemble(test::draft_of(outcome->dataset));
        ASSERT_TRUE(assembled);
        for (const market::RuleCount& rule : assembled->quality.rules()) {
            ADD_FAILURE() << rule.table << " " << rule.field << ": " << rule.rule << " x " << rule.count << ", e.g. "
                          << rule.examples.front().error.message();
        }
        EXPECT_EQ(assembled->fills.size(), outcome->dataset.fills.size());
        EXPECT_GT(outcome->dataset.fills.size(), 1000U);
        ASSERT_EQ(assembled->orders.size(), outcome->dataset.orders.size());
        for (std::size_t i = 0; i < assembled->orders.size(); ++i) {
            EXPECT_EQ(assembled->orders[i].cancel_time, outcome->dataset.orders[i].cancel_time);
        }
    }
}

TEST_F(Replay, NoParentTradesMoreThanItsQuantityOutsideItsLifeOrBeyondItsLimit) {
    const market::Dataset& dataset = with_impact().dataset;
    std::map<OrderId, Quantity> filled;
    std::map<OrderId, const market::Order*> orders;
    for (const market::Order& order : dataset.orders) orders[order.id] = &order;
    int limited = 0;
    for (const market::Fill& fill : dataset.fills) {
        const market::Order& order = *orders.at(fill.order);
        filled[fill.order] += fill.quantity;
        EXPECT_LE(filled[fill.order], order.quantity);
        EXPECT_GT(fill.time, *order.broker_arrival_time);
        EXPECT_LE(fill.time, *order.end_time);
        if (!order.limit_price) continue;
        ++limited;
        EXPECT_LE(signed_move(order.side, fill.price - *order.limit_price), PriceMove{});
    }
    EXPECT_GT(limited, 50);
}

TEST_F(Replay, ScheduledOrdersWithoutLimitOrCancelCompleteByTheirEnd) {
    const market::Dataset& dataset = without_impact().dataset;
    std::map<OrderId, Quantity> filled;
    for (const market::Fill& fill : dataset.fills) filled[fill.order] += fill.quantity;
    double wanted = 0.0;
    double done = 0.0;
    for (const market::Order& order : dataset.orders) {
        const std::string_view algo = dataset.names.labels.name(order.algo);
        if (order.limit_price || order.cancel_time || (algo != "twap" && algo != "vwap")) continue;
        wanted += static_cast<double>(order.quantity.units());
        done += static_cast<double>(filled[order.id].units());
    }
    EXPECT_GT(done / wanted, 0.95) << "only halts and thin touches near the end leave a rest";
}

TEST_F(Replay, FeesFollowTheVenueAndTheLiquidity) {
    const market::Dataset& dataset = without_impact().dataset;
    std::map<VenueId, VenueTerms> terms;
    for (const VenueTerms& venue : default_venues()) terms[dataset.names.venues.find(venue.name)] = venue;
    std::set<std::pair<VenueId, market::Liquidity>> seen;
    for (const market::Fill& fill : dataset.fills) {
        const bool added = fill.liquidity == market::Liquidity::added;
        const PriceMove fee = added ? terms.at(fill.venue).add_fee : terms.at(fill.venue).remove_fee;
        EXPECT_EQ(fill.fee.units(), Int128{fee.units()} * fill.quantity.units() * 1'000'000'000);
        seen.insert({fill.venue, fill.liquidity});
    }
    EXPECT_EQ(seen.size(), 6U) << "three venues, both kinds";
}

TEST_F(Replay, NobodyTradesInAHaltAndChildrenThatArriveThereAreRejected) {
    const market::Dataset& dataset = with_impact().dataset;
    ASSERT_FALSE(dataset.events.empty());
    std::map<OrderId, InstrumentId> instruments;
    for (const market::Order& order : dataset.orders) instruments[order.id] = order.instrument;
    for (const market::Fill& fill : dataset.fills) {
        for (const market::MarketEvent& halt : dataset.events) {
            const bool inside = halt.instrument == instruments[fill.order] && halt.window.contains(fill.time);
            EXPECT_FALSE(inside) << fill.time.to_string();
        }
    }
    EXPECT_GT(with_impact().counts.rejected, 0);
}

TEST_F(Replay, WithoutImpactTheTapeIsTheSourceBitForBit) {
    const test::Scene all = made();
    for (const market::Instrument& instrument : all.market.instruments) {
        const auto source = all.market.tape->load(instrument.id, {Timestamp::from_ns(0), Timestamp::max()}).value();
        const auto shown = without_impact().dataset.tape->load(instrument.id, everything()).value();
        const auto same = [](const auto& a, const auto& b) {
            return std::equal(a.begin(), a.end(), b.begin(), b.end());
        };
        EXPECT_TRUE(same(source.quotes.time, shown.quotes.time));
        EXPECT_TRUE(same(source.quotes.bid, shown.quotes.bid));
        EXPECT_TRUE(same(source.quotes.ask_size, shown.quotes.ask_size));
        EXPECT_TRUE(same(source.trades.price, shown.trades.price));
        EXPECT_TRUE(same(source.trades.size, shown.trades.size));
        EXPECT_TRUE(same(source.trades.flags, shown.trades.flags));
    }
    EXPECT_EQ(without_impact().dataset.provenance.at("replay.impact"), "no own impact");
}

TEST_F(Replay, WithImpactTheTapeIsTheSourceShiftedByTheFormula) {
    const test::Scene all = made();
    const market::Dataset& dataset = with_impact().dataset;
    ImpactOptions impact;
    impact.enabled = true;
    impact.cross_fraction = 0.3;
    std::vector<double> adv;
    for (const auto& instrument : dataset.instruments) adv.push_back(*instrument.adv);
    std::map<OrderId, const market::Order*> orders;
    for (const market::Order& order : dataset.orders) orders[order.id] = &order;
    std::vector<market::Fill> fills = dataset.fills;
    std::stable_sort(fills.begin(), fills.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    const InstrumentId id = InstrumentId::from_index(0);
    const auto source = all.market.tape->load(id, everything()).value();
    const auto shown = dataset.tape->load(id, everything()).value();
    ImpactState state(impact, adv);
    std::size_t fill = 0;
    std::size_t row = 0;
    double reference = 0.0;
    const market::Session* session = nullptr;
    std::int64_t moved = 0;
    for (std::size_t i = 0; i < source.quotes.size(); ++i) {
        const Timestamp time = source.quotes.time[i];
        for (; fill < fills.size() && fills[fill].time < time; ++fill) {
            const market::Order& order = *orders.at(fills[fill].order);
            state.add(static_cast<std::size_t>(order.instrument.index()),
                      static_cast<double>(sign(order.side) * fills[fill].quantity.units()), fills[fill].time);
        }
        const market::Session* now = dataset.sessions.at(dataset.instruments[0].market, time);
        if (now != session) {
            session = now;
            reference = midpoint(source.quotes.bid[i], source.quotes.ask[i]).to_double();
        }
        const double ticks = state.move(0, time) * reference / 0.01;
        while (shown.quotes.time[row] < time) ++row;
        const double shift = (shown.quotes.bid[row] - source.quotes.bid[i]).to_double() / 0.01;
        EXPECT_NEAR(shift, ticks, 0.5 + 1e-6);
        moved += shift != 0.0;
        ++row;
    }
    EXPECT_GT(moved, static_cast<std::int64_t>(source.quotes.size() / 10));
    EXPECT_GT(with_impact().counts.inserted_quotes, 0);
}

TEST_F(Replay, PairedRunsShareTheirDraws) {
    std::map<OrderId, const market::Placement*> earliest;
    for (const market::Placement& row : without_impact().dataset.placements) earliest.try_emplace(row.order, &row);
    int compared = 0;
    std::set<OrderId> seen;
    for (const market::Placement& row : with_impact().dataset.placements) {
        if (!seen.insert(row.order).second) continue;
        const market::Placement& other = *earliest.at(row.order);
        if (other.sent_time != row.sent_time) continue;
        EXPECT_EQ(row.venue, other.venue);
        ++compared;
    }
    EXPECT_GT(compared, 250);
    EXPECT_EQ(with_impact().dataset.orders.size(), without_impact().dataset.orders.size());
}

TEST_F(Replay, TheSameSeedGivesTheSameRowsAndAWindowChangesNothing) {
    test::Scene all = made();
    ReplayOptions options;
    options.impact.enabled = true;
    options.impact.cross_fraction = 0.3;
    options.window = std::chrono::minutes{7};
    for (VenueTerms& venue : options.venues) venue.reject_rate = 0.05;
    const auto again = replay(std::move(all.market), all.parents, options).value();
    const auto& fills = with_impact().dataset.fills;
    ASSERT_EQ(again.dataset.fills.size(), fills.size());
    for (std::size_t i = 0; i < fills.size(); ++i) {
        EXPECT_EQ(again.dataset.fills[i].time, fills[i].time);
        EXPECT_EQ(again.dataset.fills[i].price, fills[i].price);
        EXPECT_EQ(again.dataset.fills[i].quantity, fills[i].quantity);
    }
    EXPECT_NE(run(true, 2).dataset.fills.front().time, fills.front().time);
}

TEST_F(Replay, NobodyTradesWhileTheFeedIsDown) {
    test::Scene all = made();
    const TimeRange down{all.market.sessions.all()[0].open + std::chrono::hours{2},
                         all.market.sessions.all()[0].open + std::chrono::hours{3}};
    auto gapped = std::make_shared<market::MemoryTape>();
    for (const market::Instrument& instrument : all.market.instruments) {
        market::MemoryTape::Series series = test::copied(all.market.tape->load(instrument.id, everything()).value());
        series.gaps = {down};
        ASSERT_TRUE(gapped->add(instrument.id, std::move(series)));
    }
    all.market.tape = gapped;
    const ReplayOutcome outcome = replay(std::move(all.market), all.parents, {}).value();
    const auto inside = [&](const ReplayOutcome& run) {
        return std::count_if(run.dataset.fills.begin(), run.dataset.fills.end(),
                             [&](const market::Fill& fill) { return down.contains(fill.time); });
    };
    EXPECT_EQ(inside(outcome), 0);
    EXPECT_GT(inside(without_impact()), 100) << "with the feed up there are many";
}

TEST_F(Replay, NobodyTradesOnACrossedQuote) {
    test::Scene all = made();
    const TimeRange crossed{all.market.sessions.all()[0].open + std::chrono::hours{2},
                            all.market.sessions.all()[0].open + std::chrono::hours{3}};
    auto tape = std::make_shared<market::MemoryTape>();
    for (const market::Instrument& instrument : all.market.instruments) {
        market::MemoryTape::Series series = test::copied(all.market.tape->load(instrument.id, everything()).value());
        for (std::size_t row = 0; row < series.quotes.time.size(); ++row) {
            if (crossed.contains(series.quotes.time[row])) std::swap(series.quotes.bid[row], series.quotes.ask[row]);
        }
        ASSERT_TRUE(tape->add(instrument.id, std::move(series)));
    }
    all.market.tape = tape;
    const ReplayOutcome outcome = replay(std::move(all.market), all.parents, {}).value();
    const auto taken = std::count_if(outcome.dataset.fills.begin(), outcome.dataset.fills.end(), [&](const auto& fill) {
        // The last sound quote stands until the first crossed one, some seconds after the beginning.
        const bool is_inside = crossed.contains(fill.time) && fill.time - crossed.begin > std::chrono::minutes{1};
        return is_inside && fill.liquidity == market::Liquidity::removed;
    });
    EXPECT_EQ(taken, 0);
}

TEST_F(Replay, RefusesParentsItCannotWork) {
    test::Scene all = made();
    all.parents.front().order.end_time.reset();
    EXPECT_EQ(replay(all.market, all.parents, {}).error().field, "end_time");
    all.parents.front().order.instrument = InstrumentId::none();
    EXPECT_EQ(replay(all.market, all.parents, {}).error().field, "instrument");
    EXPECT_EQ(replay(all.market, {}, {.venues = {}}).error().field, "venues");
}

}  // namespace
}  // namespace slipcast::sim
