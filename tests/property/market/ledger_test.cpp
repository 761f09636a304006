// Random histories through the engine's audit and through a slow ledger that is written here from the rules: it keeps
// no state but the list of what it accepted, and asks every question of that list anew.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "support/trading_day.hpp"

namespace slipcast::market {
namespace {

using test::TradingDay;

/// One step of a history in whole seconds after 10:00 and whole shares.
struct HistoryStep {
    enum class Kind { fill, amend, cancel, pause, resume };
    Kind kind = Kind::fill;
    int second = 0;
    int quantity = 0;   ///< of a fill; new quantity of an amend (0 = unchanged)
    int end = 0;        ///< new end of an amend (0 = unchanged)
    int placement = 0;  ///< of a fill: 0 = none, 1, 2
};

struct History {
    int quantity = 0;
    int end = 0;              ///< 0 = none
    int sent[3] = {0, 0, 0};  ///< per placement 1, 2
    int done[3] = {0, 0, 0};
    int sent_quantity[3] = {0, 0, 0};
    std::vector<HistoryStep> steps;
};

Timestamp clock(int second) {
    return TradingDay::at("10:00:00") + std::chrono::seconds{second};
}

History random_history() {
    History h;
    h.quantity = *rc::gen::inRange(1, 20);
    h.end = *rc::gen::element(0, 0, 15, 30);
    for (int p = 1; p <= 2; ++p) {
        h.sent[p] = *rc::gen::inRange(0, 15);
        h.done[p] = h.sent[p] + *rc::gen::inRange(0, 15);
        h.sent_quantity[p] = *rc::gen::inRange(1, 12);
    }
    const int count = *rc::gen::inRange(0, 14);
    for (int i = 0; i < count; ++i) {
        HistoryStep step;
        step.kind = *rc::gen::weightedElement<HistoryStep::Kind>({{10, HistoryStep::Kind::fill},
                                                                  {3, HistoryStep::Kind::amend},
                                                                  {1, HistoryStep::Kind::cancel},
                                                                  {1, HistoryStep::Kind::pause},
                                                                  {1, HistoryStep::Kind::resume}});
        step.second = *rc::gen::inRange(-2, 33);
        step.quantity = step.kind == HistoryStep::Kind::fill ? *rc::gen::inRange(1, 8) : *rc::gen::inRange(0, 25);
        step.end = *rc::gen::element(0, 0, 10, 20, 33);
        step.placement = *rc::gen::inRange(0, 3);
        h.steps.push_back(step);
    }
    return h;
}

/// The positions of accepted steps, by the rules as DATA.md states them.
std::vector<std::size_t> reference_accepted(const History& h) {
    using Kind = HistoryStep::Kind;
    std::vector<std::size_t> order(h.steps.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto rank = [&](std::size_t i) {
        return h.steps[i].kind == Kind::fill ? 1 : h.steps[i].kind == Kind::cancel ? 2 : 0;
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return h.steps[a].second != h.steps[b].second ? h.steps[a].second < h.steps[b].second : rank(a) < rank(b);
    });
    std::vector<std::size_t> accepted;
    for (const std::size_t i : order) {
        const HistoryStep& step = h.steps[i];
        int filled = 0;
        int filled_of_placement = 0;
        int in_force = h.quantity;
        int end = h.end;
        bool cancelled_before = false;
        bool cancelled = false;
        for (const std::size_t j : accepted) {
            const HistoryStep& past = h.steps[j];
            if (past.kind == Kind::fill) filled += past.quantity;
            if (past.kind == Kind::fill && past.placement == step.placement) filled_of_placement += past.quantity;
            if (past.kind == Kind::amend && past.quantity != 0) in_force = past.quantity;
            if (past.kind == Kind::amend && past.end != 0) end = past.end;
            if (past.kind == Kind::cancel) cancelled = true;
            if (past.kind == Kind::cancel && past.second < step.second) cancelled_before = true;
        }
        bool good = step.second >= 0;
        if (step.kind == Kind::fill) {
            good = good && !cancelled_before && (end == 0 || step.second <= end) && filled + step.quantity <= in_force;
            if (const int p = step.placement; p > 0) {
                good = good && h.sent[p] <= step.second && step.second <= h.done[p] &&
                       filled_of_placement + step.quantity <= h.sent_quantity[p];
            }
        } else {
            good = good && !cancelled;
            if (step.kind == Kind::amend) {
                good = good && (step.quantity != 0 || step.end != 0) &&
                       (step.quantity == 0 || step.quantity >= filled) && (step.end == 0 || step.end >= step.second);
            }
        }
        if (good) accepted.push_back(i);
    }
    std::sort(accepted.begin(), accepted.end());
    return accepted;
}

TradingDay told(const History& h) {
    TradingDay day;
    Order& order = day.order("A", h.quantity, "10:00:00");
    if (h.end != 0) order.end_time = clock(h.end);
    for (int p = 1; p <= 2; ++p) {
        Placement& placement = day.placement(std::to_string(p), "A", h.sent_quantity[p], "10:00:00", "10:00:00");
        placement.sent_time = clock(h.sent[p]);
        placement.done_time = clock(h.done[p]);
    }
    for (std::size_t i = 0; i < h.steps.size(); ++i) {
        const HistoryStep& step = h.steps[i];
        using Kind = HistoryStep::Kind;
        if (step.kind == Kind::fill) {
            const std::string placement = step.placement == 0 ? "" : std::to_string(step.placement);
            day.fill(std::to_string(i), "A", step.quantity, "10:00:00", "180.00", placement).time = clock(step.second);
            continue;
        }
        const OrderEventKind kind = step.kind == Kind::amend    ? OrderEventKind::amend
                                    : step.kind == Kind::cancel ? OrderEventKind::cancel
                                    : step.kind == Kind::pause  ? OrderEventKind::pause
                                                                : OrderEventKind::resume;
        OrderEvent& event = day.event("A", kind, "10:00:00");
        event.time = clock(step.second);
        if (step.kind == Kind::amend && step.quantity != 0) event.quantity = TradingDay::shares(step.quantity);
        if (step.kind == Kind::amend && step.end != 0) event.end_time = clock(step.end);
        day.draft.order_events.source_row.back() = static_cast<std::int64_t>(i) + 1;
    }
    return day;
}

TEST(LedgerProperty, RandomHistoriesEndAsTheSlowLedgerSays) {
    EXPECT_TRUE(rc::check("audit equals the slow ledger", [] {
        const History h = random_history();
        const std::vector<std::size_t> accepted = reference_accepted(h);
        const Dataset result = told(h).assembled().value();

        std::vector<std::string> expected;
        std::int64_t filled = 0;
        std::int64_t quantity = h.quantity;
        std::optional<Timestamp> cancel;
        std::vector<std::pair<int, int>> amends;
        for (const std::size_t i : accepted) {
            if (h.steps[i].kind == HistoryStep::Kind::fill) {
                expected.push_back(std::to_string(i));
                filled += h.steps[i].quantity;
            }
            if (h.steps[i].kind == HistoryStep::Kind::cancel) cancel = clock(h.steps[i].second);
            if (h.steps[i].kind == HistoryStep::Kind::amend && h.steps[i].quantity != 0) {
                amends.emplace_back(h.steps[i].second, h.steps[i].quantity);
            }
        }
        std::stable_sort(amends.begin(), amends.end(), [](auto a, auto b) { return a.first < b.first; });
        if (!amends.empty()) quantity = amends.back().second;
        std::vector<std::string> actual;
        for (const Fill& fill : result.fills) actual.emplace_back(result.names.fills.name(fill.id));
        std::sort(expected.begin(), expected.end());
        std::sort(actual.begin(), actual.end());
        RC_ASSERT(actual == expected);
        RC_ASSERT(result.orders.at(0).quantity == TradingDay::shares(h.quantity));  // as first given
        RC_ASSERT(result.orders.at(0).cancel_time == cancel);
        RC_ASSERT(result.order_events.size() + result.fills.size() == accepted.size());
        RC_ASSERT(filled <= quantity);
        for (const TableCount& count : result.quality.tables())
            RC_ASSERT(count.read == count.accepted + count.quarantined);
    }));
}

TEST(LedgerProperty, AcceptedRowsAssembleAgainWithoutAFinding) {
    EXPECT_TRUE(rc::check("a second assembly quarantines nothing", [] {
        const Dataset once = told(random_history()).assembled().value();
        DatasetDraft again;
        again.names = once.names;
        for (const Instrument& row : once.instrument_days) again.instruments.add(row);
        for (const Order& row : once.orders) again.orders.add(row);
        for (Order& row : again.orders.rows) row.cancel_time.reset();
        for (const OrderEvent& row : once.order_events) again.order_events.add(row);
        for (const Placement& row : once.placements) again.placements.add(row);
        for (const Fill& row : once.fills) again.fills.add(row);
        const Dataset twice = assemble(std::move(again)).value();
        RC_ASSERT(twice.quality.quarantined() == 0);
        RC_ASSERT(twice.orders.at(0).quantity == once.orders.at(0).quantity);
        RC_ASSERT(twice.orders.at(0).end_time == once.orders.at(0).end_time);
        RC_ASSERT(twice.orders.at(0).cancel_time == once.orders.at(0).cancel_time);
        RC_ASSERT(twice.fills.size() == once.fills.size());
    }));
}

}  // namespace
}  // namespace slipcast::market
