#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/simulate.hpp"
#include "support/table_reading.hpp"

// Tables and digests of what venues were taken to be.

using namespace slipcast;
using namespace slipcast::venue;
using slipcast::test::text_in;

namespace {

std::vector<VenueTerms> terms() {
    return {{.liquidity = *Liquidity::power_law(0.8, 0.7, 10'000), .value = 1.2},
            {.liquidity = *Liquidity::poisson(0.5, 40.0), .leakage_rate = 0.01, .leakage_power = 1.5},
            {.liquidity = *Liquidity::empirical({10, 50}, {0.6, 0.2}), .min_quantity = 100}};
}

}  // namespace

TEST(VenueTables, TermsAreThoseGiven) {
    const std::vector<std::string> names{"A", "B", "C"};
    const Table table = terms_table(terms(), names);
    ASSERT_EQ(table.rows(), 3U);
    EXPECT_EQ(text_in(table, 0, "venue"), "A");
    EXPECT_EQ(text_in(table, 0, "shape"), "power_law");
    EXPECT_EQ(text_in(table, 0, "parameter"), "exponent");
    EXPECT_EQ(text_in(table, 0, "parameter_value"), "0.7000");
    EXPECT_EQ(text_in(table, 0, "max_liquidity"), "10000");
    EXPECT_EQ(text_in(table, 0, "value"), "1.2000");
    EXPECT_EQ(text_in(table, 1, "parameter"), "mean");
    EXPECT_EQ(text_in(table, 1, "max_liquidity"), "");  // a Poisson law has no end
    EXPECT_EQ(text_in(table, 1, "leakage_power"), "1.5000");
    EXPECT_EQ(text_in(table, 2, "zero_bin"), "0.4000");
    EXPECT_EQ(text_in(table, 2, "parameter_value"), "");
    EXPECT_EQ(text_in(table, 2, "min_quantity"), "100");
}

TEST(VenueTables, TheDigestSeesEveryTerm) {
    EXPECT_EQ(terms_digest(terms()), terms_digest(terms()));
    const std::vector<std::function<void(std::vector<VenueTerms>&)>> changes{
        [](auto&) {},
        [](auto& all) { all[0].value = 1.3; },
        [](auto& all) { all[0].liquidity = *Liquidity::power_law(0.8, 0.71, 10'000); },
        [](auto& all) { all[0].liquidity = *Liquidity::power_law(0.81, 0.7, 10'000); },
        [](auto& all) { all[0].liquidity = *Liquidity::power_law(0.8, 0.7, 10'001); },
        [](auto& all) { all[1].liquidity = *Liquidity::exponential(0.5, 0.9); },
        [](auto& all) { all[1].leakage_rate = 0.02; },
        [](auto& all) { all[1].leakage_power = 2.0; },
        [](auto& all) { all[2].min_quantity = 101; },
        [](auto& all) { all[2].liquidity = *Liquidity::empirical({11, 50}, {0.6, 0.2}); },
        [](auto& all) { all[2].liquidity = *Liquidity::empirical({10, 50}, {0.6, 0.21}); },
        [](auto& all) { std::swap(all[0], all[1]); },
        [](auto& all) { all.pop_back(); },
    };
    std::set<std::uint64_t> digests;
    for (const auto& change : changes) {
        std::vector<VenueTerms> all = terms();
        change(all);
        digests.insert(terms_digest(all));
    }
    EXPECT_EQ(digests.size(), changes.size());
}

TEST(VenueTables, SimulatedVenuesStandByTheirSymbols) {
    const std::vector<SimulatedSymbol> symbols{
        {"X", {*Liquidity::uniform(0.1, 30), *Liquidity::exponential(0.2, 0.5)}},
        {"Y", {*Liquidity::uniform(0.3, 40), *Liquidity::exponential(0.4, 0.6)}, {"left", "right"}}};
    const Table table = venues_table(symbols);
    ASSERT_EQ(table.rows(), 4U);
    EXPECT_EQ(text_in(table, 1, "symbol"), "X");
    EXPECT_EQ(text_in(table, 1, "venue"), "POOL2");
    EXPECT_EQ(text_in(table, 3, "venue"), "right");
    EXPECT_EQ(text_in(table, 2, "symbol"), "Y");
    EXPECT_EQ(text_in(table, 2, "parameter_value"), "40.0000");
    EXPECT_EQ(text_in(table, 3, "max_liquidity"), "");
}
