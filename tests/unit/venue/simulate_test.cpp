#include "slipcast/venue/simulate.hpp"

#include <gtest/gtest.h>

// What a simulation does besides drawing: the same bytes for any number of threads, and a clean stop.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

std::vector<SimulatedSymbol> symbols() {
    SuiteOptions suite;
    suite.symbols = 2;
    suite.venues = 3;
    return *simulated_suite(suite);
}

SimulateOptions small() {
    SimulateOptions options;
    options.volume = 1'000;
    options.episodes = 100;
    options.trials = 5;
    options.half_life_orders = 2;
    options.algorithms = {"ideal", "slipcast", "thompson", "kaplan_meier"};
    return options;
}

std::vector<std::vector<double>> numbers(const Simulation& done) {
    std::vector<std::vector<double>> all;
    for (const char* name : {"fraction_of_ideal", "of_ideal_std_error", "fraction_executed"}) {
        all.push_back(std::get<std::vector<double>>(done.curves.find(name)->data));
    }
    for (const char* name : {"regret", "regret_std_error", "half_life", "half_life_std_error"}) {
        all.push_back(std::get<std::vector<double>>(done.summary.find(name)->data));
    }
    return all;
}

}  // namespace

TEST(Simulate, TheNumberOfThreadsChangesNoBit) {
    SimulateOptions options = small();
    options.threads = 1;
    const auto alone = numbers(*simulate(symbols(), options));
    for (const std::int64_t threads : {2, 3, 7, 64}) {
        options.threads = threads;
        EXPECT_EQ(numbers(*simulate(symbols(), options)), alone) << threads;
    }
}

TEST(Simulate, StopsWhenAsked) {
    int calls = 0;
    const auto stopped =
        simulate(symbols(), small(), [&](std::string_view, std::int64_t, std::int64_t) { return ++calls < 3; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

TEST(Simulate, AllIsEveryAlgorithm) {
    SimulateOptions options = small();
    options.trials = 2;
    options.episodes = 50;
    options.algorithms = {"all"};
    const auto done = simulate(symbols(), options);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->summary.rows(), kAlgorithms.size());
    options.algorithms = {"al"};
    EXPECT_FALSE(simulate(symbols(), options));
}
