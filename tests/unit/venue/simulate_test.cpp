#include "slipcast/venue/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

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

const std::vector<double>& doubles(const Table& table, const char* name) {
    return std::get<std::vector<double>>(table.find(name)->data);
}

std::vector<std::vector<double>> numbers(const Simulation& done) {
    std::vector<std::vector<double>> all;
    for (const char* name : {"fraction_of_ideal", "of_ideal_std_error", "fraction_executed", "cumulative_regret",
                             "cumulative_regret_std_error", "half_life", "half_life_std_error"}) {
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

TEST(Simulate, RegretAddsUpToWhatTheSummarySaysAnOrder) {
    const SimulateOptions options = small();
    const auto done = simulate(symbols(), options);
    ASSERT_TRUE(done);
    const std::vector<double>& curve = doubles(done->curves, "cumulative_regret");
    const std::vector<double>& error = doubles(done->curves, "cumulative_regret_std_error");
    const std::size_t windows = static_cast<std::size_t>(options.episodes / options.window);
    const auto episodes = static_cast<double>(options.episodes);
    for (std::size_t i = 0; i < done->summary.rows(); ++i) {
        const std::size_t last = (i + 1) * windows - 1;
        EXPECT_NEAR(curve[last], doubles(done->summary, "regret")[i] * episodes, 1e-9 * episodes);
        EXPECT_NEAR(error[last], doubles(done->summary, "regret_std_error")[i] * episodes, 1e-9 * episodes);
        for (std::size_t w = 1; w < windows; ++w) EXPECT_GE(curve[last - w + 1], curve[last - w] - 1e-9);
    }
    EXPECT_NEAR(curve[windows - 1], 0.0, 1e-9);  // ideal
}

TEST(Simulate, TheHalfLifeCurveChangesNothingElse) {
    SimulateOptions options = small();
    options.algorithms = {"all"};
    options.trials = 2;
    const auto with = simulate(symbols(), options);
    options.half_life_curve_orders = 0;
    const auto without = simulate(symbols(), options);
    ASSERT_TRUE(with && without);
    for (const char* name : {"fraction_of_ideal", "of_ideal_std_error", "cumulative_regret"}) {
        EXPECT_EQ(doubles(with->curves, name), doubles(without->curves, name)) << name;
    }
    EXPECT_EQ(doubles(with->summary, "half_life"), doubles(without->summary, "half_life"));
    for (std::size_t row = 0; row < with->curves.rows(); ++row) {
        EXPECT_TRUE(with->curves.find("half_life")->is_valid(row));
        EXPECT_FALSE(without->curves.find("half_life")->is_valid(row));
        EXPECT_FALSE(without->curves.find("half_life_std_error")->is_valid(row));
    }
}

TEST(Simulate, HalfLifeCountsRoundsUntilMoreThanHalfIsDone) {
    SimulateOptions options = small();
    options.volume = 10;
    options.episodes = 50;
    options.algorithms = {"ideal", "uniform"};
    // One lot at a single venue every time: five lots are half of ten, the sixth is more.
    const auto slow = simulate(std::vector<SimulatedSymbol>{{"A", {*Liquidity::uniform(0.0, 1)}}}, options);
    ASSERT_TRUE(slow);
    EXPECT_EQ(doubles(slow->curves, "half_life"), (std::vector<double>{6.0, 6.0}));
    EXPECT_EQ(doubles(slow->curves, "half_life_std_error"), (std::vector<double>{0.0, 0.0}));
    // Everything fills at once.
    const auto fast = simulate(std::vector<SimulatedSymbol>{{"A", {*Liquidity::exponential(0.0, 1.0)}}}, options);
    ASSERT_TRUE(fast);
    EXPECT_EQ(doubles(fast->curves, "half_life"), (std::vector<double>{1.0, 1.0}));
    // Nothing ever fills: given up after 200 rounds.
    const auto never = simulate(std::vector<SimulatedSymbol>{{"A", {*Liquidity::uniform(1.0, 1)}}}, options);
    ASSERT_TRUE(never);
    EXPECT_EQ(doubles(never->curves, "half_life"), (std::vector<double>{200.0, 200.0}));
}

TEST(Learner, ACloneKnowsTheSameAndLearnsOnByItself) {
    for (const Algorithm algorithm : kAlgorithms) {
        const auto original = learner(algorithm, {.venues = 3, .max_order = 600, .episodes = 50});
        ASSERT_TRUE(original);
        const std::vector<Liquidity> truth(3, *Liquidity::power_law(0.5, 0.8, 600));
        (*original)->reveal(truth);
        std::vector<std::int64_t> sent(3);
        const auto work = [&](Learner& one, std::int64_t most) {
            one.allocate(600, sent);
            std::vector<std::int64_t> filled(3);
            for (std::size_t i = 0; i < 3; ++i) {
                filled[i] = std::min(sent[i], most * static_cast<std::int64_t>(i));
            }
            one.observe(sent, filled);
            return sent;
        };
        for (int order = 0; order < 10; ++order) work(**original, 40);
        const std::unique_ptr<Learner> twin = (*original)->clone();
        const std::unique_ptr<Learner> other = (*original)->clone();
        for (int order = 0; order < 10; ++order) work(*other, 300);
        for (int order = 0; order < 10; ++order) EXPECT_EQ(work(*twin, 40), work(**original, 40)) << name(algorithm);
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
