#include <gtest/gtest.h>

#include <map>

#include "slipcast/io/io.hpp"
#include "slipcast/sim/sim.hpp"
#include "slipcast/tca/tca.hpp"
#include "support/replayed.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"

namespace slipcast {
namespace {

/// A real day with five levels: imported, traded against with sizes that the touch does not hold, and measured.
class LobsterReplay : public testing::Test {
protected:
    static sim::ReplayOutcome replayed(const std::filesystem::path& folder, std::int64_t levels) {
        std::vector<std::filesystem::path> sources;
        for (const auto& entry : std::filesystem::directory_iterator(test::shared_data("lobster-lob-2012"))) {
            if (entry.path().filename().string().find("AMZN") != std::string::npos) sources.push_back(entry.path());
        }
        io::LobsterOptions options;
        options.levels = levels;
        EXPECT_TRUE(io::import_lobster(sources, folder, options).has_value());
        market::Dataset market = io::open_dataset(folder).value();
        sim::ParentOptions parents;
        parents.count = 300;
        parents.min_size = 1e-3;
        parents.max_size = 2e-2;
        parents.style_weights = {0.2, 0.2, 0.2, 0.4, 0.0};
        auto book = sim::generate_parents(market, parents).value();
        return sim::replay(std::move(market), book, {}).value();
    }
    static Money paid(const sim::ReplayOutcome& outcome, Quantity& filled) {
        Money sum;
        std::map<OrderId, Side> sides;
        for (const market::Order& order : outcome.dataset.orders) sides[order.id] = order.side;
        for (const market::Fill& fill : outcome.dataset.fills) {
            if (sides[fill.order] != Side::buy) continue;
            filled += fill.quantity;
            sum += outcome.dataset.instruments[0].value.notional(fill.price, fill.quantity);
        }
        return sum;
    }
};

TEST_F(LobsterReplay, OrdersBeyondTheTouchWalkTheRealBook) {
    SLIPCAST_SHARED_DATA_OR_SKIP(data, "lobster-lob-2012");
    const test::ScratchFolder folder;
    const sim::ReplayOutcome deep = replayed(folder.path() / "deep", 5);
    const sim::ReplayOutcome flat = replayed(folder.path() / "flat", 1);
    EXPECT_GT(deep.counts.walked_fills, 100);
    EXPECT_EQ(flat.counts.walked_fills, 0);
    const auto audited = market::assemble(test::draft_of(deep.dataset));
    ASSERT_TRUE(audited);
    EXPECT_EQ(audited->quality.quarantined(), 0);
    // Every fill that took stands at a price some quote in force showed; the tape says which.
    const market::TapeSlice slice =
        deep.dataset.tape->load(InstrumentId::from_index(0), {Timestamp::min(), Timestamp::max()}).value();
    std::map<OrderId, const market::Order*> orders;
    for (const market::Order& order : deep.dataset.orders) orders[order.id] = &order;
    std::int64_t taken = 0;
    for (const market::Fill& fill : deep.dataset.fills) {
        const market::Order& order = *orders.at(fill.order);
        if (order.limit_price) {
            EXPECT_LE(signed_move(order.side, fill.price - *order.limit_price), PriceMove{});
        }
        if (fill.liquidity != market::Liquidity::removed) continue;
        const auto& time = slice.quotes.time;
        const auto after = std::upper_bound(time.begin(), time.end(), fill.time) - time.begin();
        const auto before = std::lower_bound(time.begin(), time.end(), fill.time) - time.begin();
        bool is_shown = false;
        for (auto row = std::max<std::ptrdiff_t>(before - 1, 0); row < after; ++row) {
            for (std::size_t level = 1; level <= 5; ++level)
                is_shown =
                    is_shown ||
                    slice.quotes.level(opposite(order.side), static_cast<std::size_t>(row), level).price == fill.price;
        }
        EXPECT_TRUE(is_shown) << fill.time.to_string() << " " << fill.price.to_string();
        ++taken;
    }
    EXPECT_GT(taken, 500);
    Quantity deep_filled, flat_filled;
    const Money deep_paid = paid(deep, deep_filled);
    const Money flat_paid = paid(flat, flat_filled);
    EXPECT_GE(deep_filled, flat_filled) << "a book with depth gives at least as much";
    EXPECT_GT(deep_paid.units(), 0);
    EXPECT_GT(flat_paid.units(), 0);
}

TEST_F(LobsterReplay, TheImportedDayIsMeasuredWhole) {
    SLIPCAST_SHARED_DATA_OR_SKIP(data, "lobster-lob-2012");
    const test::ScratchFolder folder;
    const sim::ReplayOutcome outcome = replayed(folder.path() / "tape", 5);
    const auto measured = tca::measure(outcome.dataset, {}, {});
    ASSERT_TRUE(measured) << measured.error().message();
    ASSERT_NE(measured->find("orders"), nullptr);
    EXPECT_EQ(measured->find("orders")->rows(), 300U);
    ASSERT_NE(measured->find("fills"), nullptr);
    EXPECT_EQ(measured->find("fills")->rows(), outcome.dataset.fills.size());
    EXPECT_EQ(outcome.dataset.provenance.at("replay.depth"),
              "1 of 1 instruments show depth, up to 5 levels: size beyond the touch walks them, then waits");
}

}  // namespace
}  // namespace slipcast
