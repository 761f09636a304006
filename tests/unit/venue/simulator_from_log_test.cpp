#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "slipcast/venue/fit_pairs.hpp"
#include "slipcast/venue/simulate.hpp"

// A simulator from a log uses each pair that the log identifies, names the others, and asks for no size that the log
// never sent; routes of a simulation are a log again.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

/// Partial, full and missed routes of one pair, of at most `largest` lots.
PairLog pair(const std::string& symbol, const std::string& venue, std::int64_t largest = 100) {
    PairLog log{.symbol = symbol, .venue = venue, .observations = {}};
    for (const std::int64_t filled : {0, 3, 10, 0, 4, 1, 25}) {
        log.observations.push_back({.sent = largest, .filled = std::min(filled, largest)});
    }
    return log;
}

PairLog misses(const std::string& symbol, const std::string& venue) {
    PairLog log{.symbol = symbol, .venue = venue, .observations = {}};
    for (int i = 0; i < 6; ++i) log.observations.push_back({.sent = 100, .filled = 0});
    return log;
}

std::map<std::string, std::string> left_out(const SimulatorFromLog& simulator) {
    std::map<std::string, std::string> reasons;
    for (std::size_t row = 0; row < simulator.left_out.rows(); ++row) {
        reasons[simulator.left_out.text(row, 0) + " " + simulator.left_out.text(row, 1)] =
            simulator.left_out.text(row, 2);
    }
    return reasons;
}

SimulateOptions small() {
    SimulateOptions options;
    options.volume = 100;
    options.episodes = 60;
    options.trials = 2;
    options.half_life_orders = 0;
    options.algorithms = {"slipcast"};
    return options;
}

}  // namespace

TEST(SimulatorFromLog, EachSymbolHasTheVenuesThatItsLogHas) {
    const std::vector<PairLog> ragged{pair("A", "X"), pair("A", "Y"),     pair("B", "Y"), pair("B", "Z"),
                                      pair("C", "X"), pair("C", "Y", 40), pair("C", "Z")};
    const SimulatorFromLog made = *simulator_from_log(ragged);
    ASSERT_EQ(made.symbols.size(), 3U);
    EXPECT_EQ(made.symbols[0].names, (std::vector<std::string>{"X", "Y"}));
    EXPECT_EQ(made.symbols[1].names, (std::vector<std::string>{"Y", "Z"}));
    EXPECT_EQ(made.symbols[2].largest_sent, (std::vector<std::int64_t>{100, 40, 100}));
    EXPECT_EQ(made.largest_order, 40);
    EXPECT_EQ(made.left_out.rows(), 0U);
    SimulateOptions options = small();
    EXPECT_EQ(simulate(made.symbols, options).error().place.file, "C at Y");
    options.volume = 40;
    options.switch_at = 30;
    EXPECT_TRUE(simulate(made.symbols, options));
}

TEST(SimulatorFromLog, PairsThatCannotBeSimulatedAreNamedWithTheReason) {
    const std::vector<PairLog> logs{pair("A", "X"), pair("A", "Y"),   pair("B", "X"),
                                    pair("C", "X"), misses("C", "Y"), misses("D", "X")};
    const SimulatorFromLog made = *simulator_from_log(logs);
    ASSERT_EQ(made.symbols.size(), 1U);
    const std::map<std::string, std::string> expected{
        {"B X", "only_venue"}, {"C X", "only_venue"}, {"C Y", "no_fill"}, {"D X", "no_fill"}};
    EXPECT_EQ(left_out(made), expected);
    const auto refused = simulator_from_log(std::vector<PairLog>{misses("C", "Y"), misses("D", "X")});
    EXPECT_EQ(refused.error().code, ErrorCode::not_identified);
    EXPECT_NE(refused.error().rule.find("C at Y is left out: no_fill"), std::string::npos) << refused.error().rule;
}

TEST(SimulatorFromLog, SizesThatNoRouteHadAreRefusedUnlessAskedFor) {
    SimulatedSymbol symbol{.symbol = "A", .venues = {*Liquidity::power_law(0.5, 1.0, 1'000)}};
    symbol.venues.push_back(symbol.venues.front());
    SimulateOptions options = small();
    EXPECT_TRUE(simulate(std::vector{symbol}, options));
    symbol.largest_sent = {kLargestSize, 99};
    const auto refused = simulate(std::vector{symbol}, options);
    EXPECT_EQ(refused.error().code, ErrorCode::not_identified);
    EXPECT_EQ(refused.error().field, "volume");
    EXPECT_EQ(refused.error().place.file, "A at POOL2");
    EXPECT_FALSE(simulated_routes(std::vector{symbol}, options, Algorithm::uniform));
    options.extrapolate = true;
    EXPECT_TRUE(simulate(std::vector{symbol}, options));
    symbol.largest_sent = {99};
    EXPECT_EQ(simulate(std::vector{symbol}, options).error().field, "venues");
}

TEST(SimulatedRoutes, VenuesAreExchangedAsInTheSimulation) {
    const std::vector<Liquidity> venues{*Liquidity::power_law(0.2, 0.7, 1'000), *Liquidity::power_law(0.4, 0.8, 1'000),
                                        *Liquidity::power_law(0.6, 0.9, 1'000), *Liquidity::power_law(0.8, 1.0, 1'000)};
    SimulateOptions options = small();
    options.volume = 3'000;
    options.episodes = 40;
    options.switch_at = 20;
    options.window = 20;
    const std::vector<SimulatedSymbol> symbols{{.symbol = "A", .venues = venues}, {.symbol = "B", .venues = venues}};
    const Table routes = *simulated_routes(symbols, options, Algorithm::ideal);
    // The ideal split is one of venues: what each gets before, and who gets it after, tells the shift.
    std::map<std::string, std::map<std::string, std::vector<std::int64_t>>> sent;
    for (std::size_t row = 0; row < routes.rows(); ++row) {
        sent[routes.text(row, 0)][routes.text(row, 1)].push_back(
            std::get<std::vector<std::int64_t>>(routes.find("sent")->data)[row]);
    }
    const std::map<std::string, int> shifts{{"A", 1}, {"B", 2}};
    for (const auto& [symbol, shift] : shifts) {
        for (int i = 0; i < 4; ++i) {
            const auto& here = sent[symbol]["POOL" + std::to_string(i + 1)];
            const auto& there = sent[symbol]["POOL" + std::to_string((i + shift) % 4 + 1)];
            ASSERT_EQ(here.size(), 40U) << symbol;
            EXPECT_EQ(here.back(), there.front()) << symbol << ", venue " << i;
        }
        EXPECT_NE(sent[symbol]["POOL1"].front(), sent[symbol]["POOL2"].front()) << "and the shift can be told";
    }
}

TEST(SimulatedRoutes, AreALogThatTheFitsRead) {
    SimulatedSymbol symbol{.symbol = "A",
                           .venues = {*Liquidity::power_law(0.6, 0.7, 1'000), *Liquidity::power_law(0.9, 0.7, 1'000)},
                           .names = {"X", "Y"}};
    SimulateOptions options = small();
    options.volume = 200;
    options.episodes = 4'000;
    const Table routes = *simulated_routes(std::vector{symbol}, options, Algorithm::uniform);
    EXPECT_EQ(routes.rows(), 8'000U);
    const auto& venues = std::get<std::vector<std::string>>(routes.find("venue")->data);
    const auto& sent = std::get<std::vector<std::int64_t>>(routes.find("sent")->data);
    const auto& filled = std::get<std::vector<std::int64_t>>(routes.find("filled")->data);
    std::map<std::string, PairLog> logs;
    for (std::size_t row = 0; row < routes.rows(); ++row) {
        PairLog& log = logs[venues[row]];
        log.symbol = "A";
        log.venue = venues[row];
        log.observations.push_back({.sent = sent[row], .filled = filled[row]});
    }
    // 4,000 misses or not at each venue: four standard errors of the share are 0.031 and 0.019.
    const PairFits fits = *fit_pairs(std::vector{logs["X"], logs["Y"]});
    const auto& zero_bin = std::get<std::vector<double>>(fits.fits.find("zero_bin")->data);
    EXPECT_NEAR(zero_bin[0], 0.6, 0.031);
    EXPECT_NEAR(zero_bin[1], 0.9, 0.019);
    EXPECT_EQ(routes.text(0, 4),
              "simulated: algorithm=uniform;volume=200;least_volume=0;episodes=4000;switch_at=0;seed=1");
    // The same draws whichever way the same sizes were chosen, and no row where nothing was sent.
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(
                  simulated_routes(std::vector{symbol}, options, Algorithm::uniform)->find("filled")->data),
              filled);
    for (const std::int64_t lots : sent) ASSERT_GT(lots, 0);
}
