#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>

#include "slipcast/core/random.hpp"
#include "support/measured.hpp"
#include "support/sector_book.hpp"

// The flow of a sector before each decision against a computation straight from its definition: for every order, every
// print of every other instrument is signed anew by looking at everything before it.

namespace slipcast::tca {
namespace {

using test::Measured;
using test::SectorBook;

constexpr std::int64_t kSeconds = 3'000;

/// Whole numbers from a seed: these books take thousands of draws, too many to shrink one by one.
class Any {
public:
    explicit Any(std::uint64_t seed) : random_(seed, "test.sector_flow", 0) {}
    std::int64_t operator()(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.next_uniform() * static_cast<double>(high - low + 1));
    }

private:
    RandomStream random_;
};

void add_tape(Any& any, SectorBook& book, std::size_t stock, bool has_own) {
    std::int64_t mid = 10'000;
    for (std::int64_t second = any(0, 60); second < kSeconds; second += any(1, 150)) {
        mid += any(-2, 2);
        book.quote(stock, second, mid - any(0, 1), mid + any(-1, 2));  // crossed and locked at times
    }
    std::int64_t second = any(-300, 60);
    for (std::int64_t prints = any(5, 60); prints > 0; --prints, second += any(0, 120)) {  // ties at times
        market::TradeFlags flags{static_cast<std::uint16_t>(any(0, 3))};
        using enum market::TradeFlag;
        for (const auto flag : {opening_auction, closing_auction, out_of_sequence}) {
            if (any(0, 19) == 0) flags.set(flag);
        }
        if (has_own && any(0, 3) == 0) flags.set(own);
        book.trade(stock, second, mid + any(-3, 3), any(1, 9) * 100, static_cast<int>(any(-1, 3) / 3), flags);
    }
}

SectorBook any_book(Any& any, bool has_own) {
    SectorBook book;
    const char* const sectors[] = {"banks", "banks", "banks", "mines", ""};
    for (std::size_t i = 0; i < 5; ++i) {
        book.stock("S" + std::to_string(i), sectors[i], i == 2 && any(0, 1) == 1 ? "EUR" : "USD");
        add_tape(any, book, i, has_own);
    }
    for (std::int64_t n = any(2, 6); n > 0; --n) {
        const auto stock = static_cast<std::size_t>(any(0, 4));
        const std::int64_t decided = any(0, kSeconds);
        market::Order& order = book.order(stock, any(0, 1) == 0 ? Side::buy : Side::sell, 1'000, decided + any(0, 30));
        if (any(0, 2) > 0) order.decision_time = book.at(decided);
        order.end_time = *order.arrival_time + std::chrono::seconds{any(1, 900)};
        for (std::int64_t left = any(0, 1) * 10; left > 0;) {  // round lots; half of the orders are filled whole
            const std::int64_t lots = any(1, left);
            left -= lots;
            book.fill(decided + any(30, 900), 10'000 + any(-3, 3), lots * 100).liquidity =
                static_cast<market::Liquidity>(any(0, 4));
        }
    }
    return book;
}

std::int64_t floor_minute(Timestamp time) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(time.ns()) / 60e9));
}

/// The definition, one print at a time.
class Slow {
public:
    Slow(const SectorBook& book, std::int64_t window) : book_(book), window_(window) {}

    std::optional<double> flow(std::size_t order_row) const {
        const market::Order& order = book_.dataset.orders[order_row];
        const auto& own = book_.dataset.instrument(order.instrument);
        const std::int64_t end = floor_minute(order.decision_time ? *order.decision_time : *order.arrival_time);
        double net = 0.0;
        double gross = 0.0;
        for (std::size_t stock = 0; stock < book_.series.size(); ++stock) {
            const market::Instrument& other = book_.dataset.instruments[stock];
            if (other.id == own.id || other.sector.is_none() || other.sector != own.sector ||
                other.value.currency() != own.value.currency()) {
                continue;
            }
            const auto [part, whole] = flow_of(stock, end - window_, end);
            net += part;
            gross += whole;
        }
        if (gross <= 0.0) return std::nullopt;
        return net / gross * (order.side == Side::buy ? 1.0 : -1.0);
    }

private:
    bool counts(std::size_t stock, std::size_t row) const {
        using enum market::TradeFlag;
        const market::TradeFlags flags = book_.series[stock].trades.flags[row];
        return flags.has(in_vwap) && !flags.has(own) && !flags.has(opening_auction) && !flags.has(closing_auction) &&
               !flags.has(out_of_sequence);
    }
    /// Twice the mid strictly before, in ticks; absent without a usable quote or outside the session.
    std::optional<double> twice_mid(std::size_t stock, Timestamp time) const {
        const auto& quotes = book_.series[stock].quotes;
        std::optional<std::size_t> last;
        for (std::size_t i = 0; i < quotes.time.size(); ++i) {
            if (quotes.time[i] < time) last = i;
        }
        if (!last || time < book_.session.open || time >= book_.session.close) return std::nullopt;
        if (quotes.bid[*last] > quotes.ask[*last]) return std::nullopt;
        return quotes.bid[*last].to_double() + quotes.ask[*last].to_double();
    }
    int side_of_mid(std::size_t stock, Timestamp time, Price price) const {
        const auto mid = twice_mid(stock, time);
        if (!mid || std::abs(2 * price.to_double() - *mid) < 1e-9) return 0;
        return 2 * price.to_double() > *mid ? 1 : -1;
    }
    int sign(std::size_t stock, std::size_t row) const {
        const auto& trades = book_.series[stock].trades;
        if (trades.aggressor[row] != 0) return trades.aggressor[row];
        if (const int side = side_of_mid(stock, trades.time[row], trades.price[row]); side != 0) return side;
        for (std::size_t i = row; i-- > 0;) {
            if (!counts(stock, i) || trades.price[i] == trades.price[row]) continue;
            return trades.price[row] > trades.price[i] ? 1 : -1;
        }
        return 0;
    }
    std::pair<double, double> flow_of(std::size_t stock, std::int64_t begin, std::int64_t end) const {
        const auto& trades = book_.series[stock].trades;
        std::map<std::int64_t, std::pair<double, double>> minutes;
        bool has_flagged = false;
        for (std::size_t row = 0; row < trades.time.size(); ++row) {
            has_flagged = has_flagged || trades.flags[row].has(market::TradeFlag::own);
            if (!counts(stock, row)) continue;
            const double cash = trades.price[row].to_double() * static_cast<double>(trades.size[row].units());
            auto& sums = minutes[floor_minute(trades.time[row])];
            sums.first += cash * sign(stock, row);
            sums.second += cash;
        }
        if (!has_flagged && !book_.dataset.provenance.contains("replay.seed")) take_ours(stock, minutes);
        std::pair<double, double> sum;
        for (const auto& [minute, flow] : minutes) {
            if (minute < begin || minute >= end) continue;
            sum.first += flow.first;
            sum.second += flow.second;
        }
        return sum;
    }
    void take_ours(std::size_t stock, std::map<std::int64_t, std::pair<double, double>>& minutes) const {
        for (const market::Fill& fill : book_.dataset.fills) {
            const market::Order& order = book_.dataset.orders[static_cast<std::size_t>(fill.order.index())];
            const auto found = minutes.find(floor_minute(fill.time));
            if (order.instrument != book_.dataset.instruments[stock].id || found == minutes.end()) continue;
            if (fill.liquidity == market::Liquidity::auction) continue;
            int sign = order.side == Side::buy ? 1 : -1;
            if (fill.liquidity == market::Liquidity::added) sign = -sign;
            const bool is_said =
                fill.liquidity == market::Liquidity::added || fill.liquidity == market::Liquidity::removed;
            if (!is_said) sign = side_of_mid(stock, fill.time, fill.price);
            const double cash = fill.price.to_double() * static_cast<double>(fill.quantity.units());
            found->second.first -= cash * sign;
            found->second.second -= cash;
        }
    }

    const SectorBook& book_;
    std::int64_t window_;
};

constexpr std::uint64_t kBooks = 40;

enum class Whose { ours, replay_source, replay_written };

void check_flows(Whose whose, std::uint64_t seed) {
    SCOPED_TRACE(seed);
    Any any(seed);
    SectorBook book = any_book(any, whose == Whose::replay_written);
    if (whose != Whose::ours) book.dataset.provenance["replay.seed"] = "1";
    const std::int64_t minutes = any(1, 40);
    MeasureOptions options;
    options.markouts = {"1min"};
    options.resamples = 100;
    options.sector_flow_window = std::chrono::minutes{minutes};
    options.window = std::chrono::seconds{any(1, 5'000)};
    const Measured measured(book.made(), options);
    const Slow slow(book, minutes);
    for (std::size_t row = 0; row < book.dataset.orders.size(); ++row) {
        const auto expected = slow.flow(row);
        ASSERT_EQ(measured.has("orders", "sector_net_flow", row), expected.has_value());
        if (!expected) continue;
        ASSERT_NEAR(measured.number("orders", "sector_net_flow", row), *expected, 1e-9);
    }
}

TEST(SectorFlow, IsTheSignedFlowOfTheOtherInstrumentsWithoutOurs) {
    for (std::uint64_t seed = 0; seed < kBooks; ++seed) {
        for (const Whose whose : {Whose::ours, Whose::replay_source, Whose::replay_written}) check_flows(whose, seed);
    }
}

TEST(SectorFlow, NothingAfterTheDecisionChangesIt) {
    for (std::uint64_t seed = 0; seed < kBooks; ++seed) {
        SCOPED_TRACE(seed);
        Any any(seed);
        SectorBook book = any_book(any, false);
        book.dataset.provenance["replay.seed"] = "1";
        const Measured before(book.made());
        const market::Order& first = book.dataset.orders.front();
        const Timestamp decided = first.decision_time.value_or(*first.arrival_time);
        for (auto& series : book.series) {
            for (std::size_t i = 0; i < series.trades.time.size(); ++i) {
                if (series.trades.time[i] < decided) continue;
                series.trades.size[i] = Quantity::from_units(any(1, 1'000'000));
                series.trades.aggressor[i] = static_cast<std::int8_t>(any(-1, 1));
            }
        }
        const Measured after(book.made());
        EXPECT_EQ(before.text("orders", "sector_net_flow"), after.text("orders", "sector_net_flow"));
    }
}

TEST(SectorFlow, AWindowOfZeroLeavesItOutAndReadsNoOtherTape) {
    Any any(1);
    MeasureOptions options;
    options.sector_flow_window = Duration{};
    const SectorBook book = any_book(any, false);
    const Measured measured(book.made(), options);
    for (std::size_t row = 0; row < book.dataset.orders.size(); ++row) {
        EXPECT_FALSE(measured.has("orders", "sector_net_flow", row));
    }
    options.sector_flow_window = std::chrono::seconds{90};
    EXPECT_EQ(options.validate().error().rule, "must be whole minutes");
}

void expect_same(const Measurement& one, const Measurement& other) {
    EXPECT_EQ(one.provenance, other.provenance);
    EXPECT_EQ(one.worst_orders, other.worst_orders);
    ASSERT_EQ(one.tables.size(), other.tables.size());
    for (std::size_t t = 0; t < one.tables.size(); ++t) {
        const auto& columns = one.tables[t].columns();
        ASSERT_EQ(columns.size(), other.tables[t].columns().size());
        for (std::size_t c = 0; c < columns.size(); ++c) {
            EXPECT_TRUE(columns[c].data == other.tables[t].columns()[c].data) << columns[c].meta.name;
            EXPECT_TRUE(columns[c].valid == other.tables[t].columns()[c].valid) << columns[c].meta.name;
        }
    }
}

TEST(Threads, OneTwoAndSevenGiveTheSameBytes) {
    for (std::uint64_t seed = 0; seed < kBooks; ++seed) {
        SCOPED_TRACE(seed);
        Any any(seed);
        const market::Dataset dataset = any_book(any, seed % 2 == 1).made();
        MeasureOptions options;
        options.resamples = 100;
        options.threads = 1;
        const Measured one(dataset, options);
        for (const int threads : {2, 7}) {
            options.threads = threads;
            expect_same(one.measurement, Measured(dataset, options).measurement);
        }
    }
}

/// Whether the desk knew, strictly before `decided`, that the order was filled whole.
bool is_known_done(const SectorBook& book, const market::Order& order, Timestamp decided) {
    Quantity filled;
    for (const market::Fill& fill : book.dataset.fills) {
        if (fill.order == order.id && fill.time < decided) filled += fill.quantity;
    }
    return filled >= order.quantity;
}

TEST(Overlap, IsTheSumOfPairwiseOverlapsAsKnownAtTheDecision) {
    for (std::uint64_t seed = 0; seed < kBooks; ++seed) {
        SCOPED_TRACE(seed);
        Any any(seed);
        const SectorBook book = any_book(any, false);
        const Measured measured(book.made());
        const auto& orders = book.dataset.orders;
        for (std::size_t i = 0; i < orders.size(); ++i) {
            const Timestamp decided = orders[i].decision_time.value_or(*orders[i].arrival_time);
            double sum = 0.0;
            for (const market::Order& other : orders) {
                if (*other.arrival_time >= decided || is_known_done(book, other, decided)) continue;
                for (Timestamp t = decided; t < *orders[i].end_time; t = t + std::chrono::seconds{1}) {
                    sum += t < *other.end_time ? 1.0 : 0.0;
                }
            }
            const auto life = static_cast<double>((*orders[i].end_time - decided) / std::chrono::seconds{1});
            EXPECT_NEAR(measured.number("orders", "concurrent_overlap", i), sum / life, 1e-9);
        }
    }
}

}  // namespace
}  // namespace slipcast::tca
