// decode(encode(x)) == x for random datasets, compared as text by names (handles may differ).

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"

namespace slipcast::interchange {
namespace {

using namespace market;

template <typename T>
std::optional<T> maybe(const T& value) {
    return *rc::gen::arbitrary<bool>() ? std::optional<T>(value) : std::nullopt;
}

std::int64_t between(std::int64_t low, std::int64_t high) {
    return *rc::gen::inRange<std::int64_t>(low, high);
}

Timestamp moment(std::int64_t low, std::int64_t high) {
    return Timestamp::from_ns(between(low, high));
}

std::string word() {
    return *rc::gen::element<std::string>("", "a", "Größe 大", "a,\"b\"", "algo/1", "not so short a label");
}

void add_instruments(DatasetDraft& draft) {
    const auto count = between(1, 4);
    for (std::int64_t i = 0; i < count; ++i) {
        Instrument row;
        row.id = draft.names.symbols.intern("S" + std::to_string(i));
        row.market = draft.names.labels.intern("XNYS");
        row.tick_size = PriceMove::from_units(between(1, 1'000'000'000));
        row.lot_size = Quantity::from_units(between(1, 100));
        const auto scale = static_cast<int>(between(0, 9));
        row.value = ContractValue::create(scale, *rc::gen::element<std::string>("1", "50", "1000000"),
                                          Currency::parse("USD").value())
                        .value();
        row.sector = draft.names.labels.intern(word());
        row.kind = *rc::gen::element(ContractKind::outright, ContractKind::spread);
        row.expiry = maybe(Date::from_days(static_cast<std::int32_t>(between(-1000, 40'000))));
        row.front_month = maybe(true);
        row.adv = maybe(static_cast<double>(between(0, 1'000'000'000)) / 7.0);
        row.daily_volatility = maybe(DailyVolatility{Bps{static_cast<double>(between(0, 100'000)) / 8.0}.to_ratio()});
        const auto days = between(1, 3);
        for (std::int64_t day = 0; day < days; ++day) {
            row.as_of = Date::from_days(static_cast<std::int32_t>(15'900 + day));
            draft.instruments.add(row);
        }
    }
}

void add_orders(DatasetDraft& draft) {
    const auto count = between(1, 6);
    for (std::int64_t i = 0; i < count; ++i) {
        Order row;
        row.id = draft.names.orders.intern("O" + std::to_string(i));
        row.instrument = InstrumentId::from_index(static_cast<std::int32_t>(between(0, draft.names.symbols.size())));
        row.side = *rc::gen::element(Side::buy, Side::sell);
        row.quantity = Quantity::from_units(between(1, 1'000));
        row.decision_time = maybe(moment(0, 10));
        row.decision_price = maybe(Price::from_units(between(1, 1'000'000'000'000)));
        row.desk_arrival_time = maybe(moment(10, 20));
        row.arrival_time = maybe(moment(20, 30));
        row.broker_arrival_time = maybe(moment(30, 40));
        row.end_time = maybe(moment(40, 1'000));
        row.limit_price = maybe(Price::from_units(between(1, 1'000'000'000'000)));
        row.basket = draft.names.labels.intern(word());
        row.algo = draft.names.labels.intern(word());
        row.broker = draft.names.labels.intern(word());
        row.wheel_arm = draft.names.labels.intern(word());
        row.is_private = *rc::gen::arbitrary<bool>();
        row.critical = *rc::gen::arbitrary<bool>();
        row.kind = *rc::gen::element(OrderKind::work, OrderKind::target);
        row.expected_alpha = maybe(Bps{static_cast<double>(between(-1'000, 1'000)) / 3.0});
        row.alpha_half_life = maybe(Duration{between(1, 1'000'000'000'000)});
        row.min_completion = maybe(static_cast<double>(between(0, 11)) / 10.0);
        row.max_participation = maybe(static_cast<double>(between(1, 11)) / 10.0);
        row.assignment_probability = maybe(1.0 / static_cast<double>(between(1, 9)));
        draft.orders.add(row);
    }
}

OrderId any_order(const DatasetDraft& draft) {
    return OrderId::from_index(static_cast<std::int32_t>(between(0, draft.names.orders.size())));
}

void add_executions(DatasetDraft& draft) {
    for (std::int64_t i = 0, count = between(0, 6); i < count; ++i) {
        Placement row;
        row.id = draft.names.placements.intern("P" + std::to_string(i));
        row.order = any_order(draft);
        row.venue = draft.names.venues.intern(*rc::gen::element<std::string>("XNYS", "DARK"));
        row.venue_kind = *rc::gen::element(VenueKind::lit, VenueKind::dark, VenueKind::unknown);
        row.order_type = draft.names.labels.intern(word());
        row.limit_price = maybe(Price::from_units(between(1, 1'000'000'000)));
        row.quantity = Quantity::from_units(between(10, 1'000));
        row.min_quantity = maybe(Quantity::from_units(between(1, 10)));
        row.sent_time = moment(30, 100);
        row.done_time = moment(100, 1'000);
        row.end = *rc::gen::element(PlacementEnd::filled, PlacementEnd::cancelled, PlacementEnd::expired);
        row.end_reason = *rc::gen::element(EndReason::market, EndReason::deadline, EndReason::unknown);
        row.filled_quantity = Quantity::from_units(between(0, 10));
        row.cumulative_quantity = maybe(Quantity::from_units(between(0, 100)));
        draft.placements.add(row);
    }
    for (std::int64_t i = 0, count = between(0, 12); i < count; ++i) {
        Fill row;
        row.id = draft.names.fills.intern("F" + std::to_string(i));
        row.order = any_order(draft);
        if (draft.names.placements.size() > 0 && *rc::gen::arbitrary<bool>()) {
            row.placement =
                PlacementId::from_index(static_cast<std::int32_t>(between(0, draft.names.placements.size())));
            row.order = draft.placements.rows[static_cast<std::size_t>(row.placement.index())].order;
        }
        row.time = moment(20, 1'000);
        row.price = Price::from_units(between(1, 1'000'000'000'000));
        row.quantity = Quantity::from_units(between(1, 300));
        row.venue = draft.names.venues.intern(*rc::gen::element<std::string>("", "XNYS"));
        row.liquidity = *rc::gen::element(Liquidity::added, Liquidity::removed, Liquidity::unknown);
        row.fee = Money::from_units(
            static_cast<Int128>(between(-1'000'000'000'000, 1'000'000'000'000)) * between(1, 1'000'000'007),
            Currency::parse("USD").value());
        draft.fills.add(row);
    }
}

void add_events(DatasetDraft& draft) {
    for (std::int64_t i = 0, count = between(0, 5); i < count; ++i) {
        OrderEvent row;
        row.order = any_order(draft);
        row.time = moment(20, 1'000);
        row.kind = *rc::gen::element(OrderEventKind::amend, OrderEventKind::pause, OrderEventKind::cancel);
        row.quantity = maybe(Quantity::from_units(between(1, 2'000)));
        row.end_time = maybe(moment(20, 2'000));
        draft.order_events.add(row);
    }
    for (std::int64_t i = 0, count = between(0, 4); i < count && draft.names.fills.size() > 0; ++i) {
        FillEvent row;
        row.fill = FillId::from_index(static_cast<std::int32_t>(between(0, draft.names.fills.size())));
        row.time = moment(20, 2'000);
        row.kind = *rc::gen::element(FillEventKind::correct, FillEventKind::correct, FillEventKind::bust);
        row.price = maybe(Price::from_units(between(1, 1'000'000)));
        draft.fill_events.add(row);
    }
    Session session;
    session.market = draft.names.labels.intern("XNYS");
    session.open = moment(0, 10);
    session.close = moment(1'000, 2'000);
    session.closing_auction = maybe(session.close);
    session.half_day = *rc::gen::arbitrary<bool>();
    draft.sessions.add(session);
    draft.events.add({InstrumentId::from_index(0),
                      draft.names.labels.intern(word()),
                      {moment(0, 5), moment(5, 9)},
                      MarketEventKind::halt});
    draft.fx.add({Currency::parse("EUR").value(), moment(0, 9), Price::from_units(between(1, 2'000'000'000))});
    draft.corporate_actions.add({InstrumentId::from_index(0), moment(0, 9), CorporateActionKind::split,
                                 Price::from_units(between(1, 9'000'000'000)), InstrumentId::none()});
}

/// Every row of every table as one line of text.
std::vector<std::string> lines_of(const Dataset& dataset) {
    std::vector<std::string> lines;
    for (const Table& table : contract_tables_of(dataset)) {
        for (std::size_t row = 0; row < table.rows(); ++row) {
            std::string line = table.name();
            for (std::size_t column = 0; column < table.columns().size(); ++column) {
                line += " " + table.columns()[column].meta.name + "=" + table.text(row, column, 18);
            }
            lines.push_back(std::move(line));
        }
    }
    // Handles differ after a reading, and with them the order of rows that tie in time.
    std::sort(lines.begin(), lines.end());
    return lines;
}

Dataset read_back(const Dataset& dataset) {
    DatasetDraft draft;
    for (Table& table : contract_tables_of(dataset)) {
        const std::string name = table.name();
        ArrowArrayStream stream{};
        encode_table(std::make_shared<const Table>(std::move(table)), &stream);
        const Result<void> decoded = decode_table(&stream, name, name, draft);
        if (!decoded) RC_FAIL(decoded.error().message());
    }
    return assemble(std::move(draft)).value();
}

TEST(RoundTripProperty, DecodeOfEncodeIsTheSameDataset) {
    EXPECT_TRUE(rc::check("every table reads back", [] {
        DatasetDraft draft;
        add_instruments(draft);
        add_orders(draft);
        add_executions(draft);
        add_events(draft);
        const Dataset before = assemble(std::move(draft)).value();
        const Dataset after = read_back(before);
        RC_ASSERT(after.quality.quarantined() == 0);
        RC_ASSERT(lines_of(after) == lines_of(before));
        std::vector<std::string> volatilities[2];
        for (const Dataset* dataset : {&before, &after}) {
            for (const Instrument& row : dataset->instrument_days) {
                volatilities[dataset == &before ? 0 : 1].push_back(
                    fmt::format("{} {:a}", dataset->names.symbols.name(row.id),
                                row.daily_volatility ? row.daily_volatility->per_sqrt_day() : -1.0));
            }
        }
        RC_ASSERT(volatilities[0] == volatilities[1]);
    }));
}

TEST(RoundTripProperty, DerivedOrdersAreDerivedAgain) {
    EXPECT_TRUE(rc::check("fills carry what their orders need", [] {
        DatasetDraft draft;
        add_instruments(draft);
        add_orders(draft);
        std::vector<Order> parents = draft.orders.rows;
        draft.orders = {};
        add_executions(draft);
        draft.placements = {};
        for (Fill& fill : draft.fills.rows) {
            fill.placement = PlacementId::none();
            const Order& parent = parents[static_cast<std::size_t>(fill.order.index())];
            draft.fill_origins.push_back({parent.instrument, parent.side});
        }
        RC_PRE(!draft.fills.rows.empty());
        const Dataset before = assemble(std::move(draft)).value();
        const Dataset after = read_back(before);
        RC_ASSERT(after.orders.size() == before.orders.size());
        RC_ASSERT(after.quality.quarantined() == 0);
        RC_ASSERT(lines_of(after) == lines_of(before));
        Quantity sums[2];
        for (const Order& order : before.orders) sums[0] += order.quantity;
        for (const Order& order : after.orders) sums[1] += order.derived ? order.quantity : Quantity{};
        RC_ASSERT(sums[0] == sums[1]);
    }));
}

}  // namespace
}  // namespace slipcast::interchange
