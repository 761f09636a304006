#include "slipcast/venue/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace slipcast;
using namespace slipcast::venue;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// One symbol with a round lot of 100 and one order; placements are added by the tests.
struct Desk {
    market::Dataset dataset;
    std::int32_t placed = 0;

    Desk() {
        market::Instrument instrument;
        instrument.id = dataset.names.symbols.intern("ABC");
        instrument.lot_size = Quantity::from_units(100);
        dataset.instruments.push_back(instrument);
        market::Order order;
        order.id = dataset.names.orders.intern("O1");
        order.instrument = instrument.id;
        dataset.orders.push_back(order);
        dataset.names.venues.intern("POOL");
    }

    market::Placement& place(std::int64_t sent, std::int64_t filled, market::PlacementEnd end,
                             market::EndReason reason = market::EndReason::market) {
        market::Placement placement;
        placement.id = PlacementId::from_index(placed++);
        placement.order = dataset.orders[0].id;
        placement.venue = VenueId::from_index(0);
        placement.venue_kind = market::VenueKind::dark;
        placement.quantity = Quantity::from_units(sent);
        placement.filled_quantity = Quantity::from_units(filled);
        placement.sent_time = Timestamp::from_ns(kSecond);
        placement.done_time = Timestamp::from_ns(2 * kSecond);
        placement.end = end;
        placement.end_reason = reason;
        dataset.placements.push_back(placement);
        return dataset.placements.back();
    }
};

std::int64_t left_out(const PairLogs& logs, const std::string& reason) {
    for (const LeftOut& one : logs.left_out) {
        if (one.reason == reason) return one.count;
    }
    return 0;
}

void expect_observation(const Observation& one, std::int64_t sent, std::int64_t filled, std::int64_t minimum = 1) {
    EXPECT_EQ(one.sent, sent);
    EXPECT_EQ(one.filled, filled);
    EXPECT_EQ(one.min_quantity, minimum);
}

}  // namespace

TEST(PairLogs, ReadsEachEndOfAPlacementByItsRule) {
    using market::EndReason;
    using market::PlacementEnd;
    Desk desk;
    desk.place(500, 500, PlacementEnd::filled);
    desk.place(500, 200, PlacementEnd::expired, EndReason::deadline);
    desk.place(500, 0, PlacementEnd::cancelled, EndReason::market);
    // Canceled by the desk after a second: answered. After a millisecond: what filled is a lower bound.
    desk.place(500, 0, PlacementEnd::cancelled, EndReason::discretionary);
    desk.place(500, 300, PlacementEnd::cancelled, EndReason::discretionary).done_time =
        Timestamp::from_ns(kSecond + 1'000'000);
    desk.place(500, 0, PlacementEnd::cancelled, EndReason::discretionary).done_time =
        Timestamp::from_ns(kSecond + 1'000'000);
    desk.place(500, 100, PlacementEnd::cancelled, EndReason::venue);
    desk.place(500, 0, PlacementEnd::cancelled, EndReason::venue);
    desk.place(500, 0, PlacementEnd::rejected, EndReason::venue);
    desk.place(500, 0, PlacementEnd::expired, EndReason::deadline).min_quantity = Quantity::from_units(400);
    desk.place(500, 300, PlacementEnd::expired, EndReason::deadline).min_quantity = Quantity::from_units(400);
    desk.place(500, 0, PlacementEnd::expired).venue_kind = market::VenueKind::lit;
    const PairLogs logs = *pair_logs(desk.dataset);
    ASSERT_EQ(logs.pairs.size(), 1U);
    EXPECT_EQ(logs.pairs[0].symbol, "ABC");
    EXPECT_EQ(logs.pairs[0].venue, "POOL");
    const std::vector<Observation>& seen = logs.pairs[0].observations;
    ASSERT_EQ(seen.size(), 7U);
    expect_observation(seen[0], 500, 500);
    expect_observation(seen[1], 500, 200);
    expect_observation(seen[2], 500, 0);
    expect_observation(seen[3], 500, 0);
    expect_observation(seen[4], 300, 300);
    expect_observation(seen[5], 100, 100);
    expect_observation(seen[6], 500, 0, 400);
    EXPECT_EQ(left_out(logs, "canceled_within_patience"), 1);
    EXPECT_EQ(left_out(logs, "ended_by_venue"), 1);
    EXPECT_EQ(left_out(logs, "rejected"), 1);
    EXPECT_EQ(left_out(logs, "filled_below_minimum"), 1);
    EXPECT_EQ(left_out(logs, "other_kind_of_venue"), 1);
    EXPECT_EQ(logs.routes, 12);
    EXPECT_EQ(logs.observations(), 7);
    EXPECT_EQ(logs.counts().rows(), 2U + 5U);
    EXPECT_EQ(pair_logs(desk.dataset, {.venue_kinds = LogOptions::all})->observations(), 8);
}

TEST(PairLogs, ACancelWithoutAReasonMayHaveBeenTheDesks) {
    using market::EndReason;
    using market::PlacementEnd;
    Desk desk;
    const Timestamp soon = Timestamp::from_ns(kSecond + 1'000'000);
    desk.place(500, 0, PlacementEnd::cancelled, EndReason::unknown);
    desk.place(500, 0, PlacementEnd::cancelled, EndReason::unknown).done_time = soon;
    desk.place(500, 200, PlacementEnd::cancelled, EndReason::unknown).done_time = soon;
    // A route that ran out says so by its end.
    desk.place(500, 0, PlacementEnd::expired, EndReason::unknown).done_time = soon;
    desk.place(500, 500, PlacementEnd::filled, EndReason::unknown).done_time = soon;
    PairLogs logs = *pair_logs(desk.dataset);
    const std::vector<Observation>& seen = logs.pairs[0].observations;
    ASSERT_EQ(seen.size(), 4U);
    expect_observation(seen[0], 500, 0);
    expect_observation(seen[1], 200, 200);
    expect_observation(seen[2], 500, 0);
    expect_observation(seen[3], 500, 500);
    EXPECT_EQ(left_out(logs, "canceled_within_patience"), 1);
    EXPECT_EQ(logs.without_reason, 3);
    const Table counts = logs.counts();
    EXPECT_EQ(std::get<std::vector<std::string>>(counts.find("count_of")->data)[2],
              "canceled, end_reason missing: read by patience");
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(counts.find("routes")->data)[2], 3);
    EXPECT_EQ(pair_logs(desk.dataset, {.patience = Duration{0}})->observations(), 5);
}

TEST(PairLogs, ADatasetThatSaysNothingSaysWhy) {
    Desk desk;
    for (int i = 0; i < 3; ++i) {
        desk.place(500, 0, market::PlacementEnd::expired).venue_kind =
            i < 2 ? market::VenueKind::lit : market::VenueKind::auction;
    }
    desk.place(500, 0, market::PlacementEnd::rejected);
    const Error error = pair_logs(desk.dataset).error();
    EXPECT_EQ(error.code, ErrorCode::not_identified);
    EXPECT_EQ(error.value, "4");
    EXPECT_NE(error.rule.find("2 went to venues of kind lit, 1 went to venues of kind auction"), std::string::npos);
    EXPECT_NE(error.rule.find("--venue-kinds"), std::string::npos);
    EXPECT_NE(error.rule.find("1 rejected"), std::string::npos) << error.rule;
    EXPECT_EQ(pair_logs(market::Dataset{}).error().rule, "no route was sent");
}

TEST(PairLogs, CountsInRoundLotsAndSaysWhatIsNone) {
    Desk desk;
    desk.place(500, 200, market::PlacementEnd::expired);
    desk.place(550, 200, market::PlacementEnd::expired);
    const PairLogs logs = *pair_logs(desk.dataset, {.round_lots = true});
    expect_observation(logs.pairs[0].observations[0], 5, 2);
    EXPECT_EQ(logs.pairs[0].lot_size, 100);
    EXPECT_EQ(left_out(logs, "not_whole_lots"), 1);
    EXPECT_EQ(pair_logs(desk.dataset, {.patience = Duration{-1}}).error().field, "patience");
}

TEST(PairLogs, TrustsFillsOverTheReportedSum) {
    Desk desk;
    const PlacementId id = desk.place(500, 400, market::PlacementEnd::expired).id;
    for (const std::int64_t size : {100, 50}) {
        market::Fill fill;
        fill.placement = id;
        fill.quantity = Quantity::from_units(size);
        desk.dataset.fills.push_back(fill);
    }
    expect_observation(pair_logs(desk.dataset)->pairs[0].observations[0], 500, 150);
}

TEST(PairLogs, QuarantineAndHypotheticalRoutesAreCounted) {
    market::RouteTable table;
    table.rows = {{"B", "X", 10, 1, 1, std::nullopt}, {"B", "X", 20, 2, 1, std::nullopt}};
    EXPECT_EQ(pair_logs(table).caveat(), "");
    table.hypothetical["sizes=10"] = 1;
    table.quality.count_read("routes", 3);
    table.quality.add({"routes", market::Disposition::quarantined, invalid_value("sent", "0", "must be > 0")});
    const PairLogs logs = pair_logs(table);
    EXPECT_EQ(logs.routes, 3);
    EXPECT_EQ(left_out(logs, "quarantined"), 1);
    EXPECT_NE(logs.caveat().find("1 of 2 routes are hypothetical: nobody sent them. Declared: sizes=10."),
              std::string::npos)
        << logs.caveat();
    const Table counts = logs.counts();
    EXPECT_EQ(std::get<std::vector<std::string>>(counts.find("count_of")->data).back(), "hypothetical: sizes=10");

    Desk desk;
    desk.place(500, 200, market::PlacementEnd::expired);
    desk.dataset.quality.count_read("placements", 2);
    desk.dataset.quality.add(
        {"placements", market::Disposition::quarantined, invalid_value("quantity", "0", "must be > 0")});
    EXPECT_EQ(left_out(*pair_logs(desk.dataset), "quarantined"), 1);
}

TEST(PairLogs, RoutesComeInTheOrderOfTime) {
    std::vector<market::Route> routes{{"B", "X", 10, 1, 1, Timestamp::from_ns(2)},
                                      {"B", "X", 20, 2, 1, Timestamp::from_ns(1)},
                                      {"A", "X", 30, 0, 5, Timestamp::from_ns(3)}};
    PairLogs logs = pair_logs(routes);
    ASSERT_EQ(logs.pairs.size(), 2U);
    expect_observation(logs.pairs[0].observations[0], 30, 0, 5);
    expect_observation(logs.pairs[1].observations[0], 20, 2);
    routes[2].time.reset();
    logs = pair_logs(routes);
    expect_observation(logs.pairs[1].observations[0], 10, 1);
}
