#include "slipcast/venue/change_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/presence_memory.hpp"

// The lead of a challenger against the definition, spelled out over whole logs; the memories of a presence against
// sums.

using namespace slipcast;
using namespace slipcast::venue;

namespace {

std::vector<Observation> drawn_log(int count, const Liquidity& truth, RandomStream& stream) {
    std::vector<Observation> log;
    for (int i = 0; i < count; ++i) {
        const auto sent = 1 + static_cast<std::int64_t>(stream.next_uniform() * 2'000.0);
        const std::int64_t least = i % 3 == 0 ? std::min<std::int64_t>(sent, i % 2 == 0 ? 40 : 64) : 1;
        const std::int64_t there = truth.draw(stream);
        log.push_back({.sent = sent, .filled = there >= least ? std::min(sent, there) : 0, .min_quantity = least});
    }
    return log;
}

/// The bins' lower edges: 1, 2, 3, 4, 6, 8, 12, ...
std::vector<std::int64_t> edges() {
    std::vector<std::int64_t> all{1};
    for (std::int64_t power = 2; power < 100'000; power *= 2) {
        all.push_back(power);
        all.push_back(power + power / 2);
    }
    return all;
}

struct Answer {
    bool is_end = false;  ///< whether a size ended in a bin; else whether nothing was found
    std::int64_t bin = 0;
    bool is_yes = false;
};

std::int64_t bin_of(std::int64_t size) {
    const std::vector<std::int64_t> all = edges();
    return std::upper_bound(all.begin(), all.end(), size) - all.begin() - 1;
}

std::vector<Answer> answers(const Observation& one) {
    std::vector<Answer> asked{{.is_end = false, .bin = bin_of(one.min_quantity), .is_yes = one.filled == 0}};
    if (one.filled == 0) return asked;
    const std::vector<std::int64_t> all = edges();
    for (std::size_t i = 0; i + 1 < all.size() && all[i + 1] <= one.sent; ++i) {
        // Asked where the whole bin lies between the minimum and what was sent, and something came that far.
        if (all[i] < one.min_quantity || one.filled < all[i]) continue;
        const bool is_yes = one.filled < one.sent && one.filled < all[i + 1];
        asked.push_back({.is_end = true, .bin = static_cast<std::int64_t>(i), .is_yes = is_yes});
        if (is_yes) break;
    }
    return asked;
}

struct Count {
    double yes = 0.0;
    double all = 0.0;
};

/// What the definition says, from the whole log.
double lead_of(const std::vector<Observation>& log, std::size_t started) {
    std::map<std::pair<bool, std::int64_t>, Count> record;
    std::map<bool, Count> pooled;
    std::array<std::array<double, 3>, 2> tally{};  // answers, yes, expected
    std::map<std::pair<bool, std::int64_t>, Count> frozen;
    std::map<bool, Count> frozen_pooled;
    std::array<double, 2> factor{1.0, 1.0};
    const auto freeze = [&] {
        frozen = record;
        frozen_pooled = pooled;
        for (std::size_t kind = 0; kind < 2; ++kind) {
            const auto& [n, yes, expected] = tally[kind];
            factor[kind] = (yes + 2.0) / (expected + 2.0) * (n - expected + 2.0) / (n - yes + 2.0);
        }
    };
    double lead = 0.0;
    int in_block = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
        if (i == started) {
            tally = {};
            lead = 0.0;
            in_block = 0;
            freeze();
        }
        for (const Answer& one : answers(log[i])) {
            const Count& all = frozen_pooled[one.is_end];
            const double mean = one.is_end ? (all.yes + 0.5) / (all.all + 10.0) : (all.yes + 1.0) / (all.all + 2.0);
            const double strength = one.is_end ? 1.0 : 2.0;
            const Count& here = frozen[{one.is_end, one.bin}];
            const double q = (here.yes + strength * mean) / (here.all + strength);
            const std::size_t kind = one.is_end ? 1 : 0;
            const double tilted = factor[kind] * q / (1.0 - q + factor[kind] * q);
            if (i >= started) {
                lead += one.is_yes ? std::log(tilted / q) : std::log((1.0 - tilted) / (1.0 - q));
                tally[kind][0] += 1.0;
                tally[kind][1] += one.is_yes ? 1.0 : 0.0;
                tally[kind][2] += q;
            }
            record[{one.is_end, one.bin}].all += 1.0;
            record[{one.is_end, one.bin}].yes += one.is_yes ? 1.0 : 0.0;
            pooled[one.is_end].all += 1.0;
            pooled[one.is_end].yes += one.is_yes ? 1.0 : 0.0;
        }
        if (++in_block == 8) {
            freeze();
            in_block = 0;
        }
    }
    return lead;
}

}  // namespace

TEST(ChangeWatch, TheLeadIsTheLogLikelihoodRatioThatItsDefinitionSays) {
    RandomStream stream(1, "test.venue.watch");
    std::vector<Observation> log = drawn_log(300, *Liquidity::power_law(0.6, 0.6, 3'000), stream);
    const std::vector<Observation> after = drawn_log(100, *Liquidity::power_law(0.8, 1.1, 3'000), stream);
    log.insert(log.end(), after.begin(), after.end());
    ChangeWatch watch;
    std::vector<Observation> seen;
    double largest = 0.0;
    for (std::size_t i = 0; i < log.size(); ++i) {
        if (i == 304) watch.challenge();
        watch.observe(log[i]);
        seen.push_back(log[i]);
        if (i >= 304 && i % 13 == 0) {
            EXPECT_NEAR(watch.lead(), lead_of(seen, 304), 1e-9) << i;
        }
        largest = std::max(largest, i >= 304 ? watch.lead() : 0.0);
    }
    EXPECT_GT(largest, 5.0);
    ChangeWatch restored;
    ASSERT_TRUE(restored.restore(watch.state()));
    restored.observe(log[0]);
    watch.observe(log[0]);
    EXPECT_EQ(restored.state(), watch.state());
    EXPECT_FALSE(restored.restore(std::vector<double>(3)));
}

TEST(PresenceMemory, IsTheAverageOfThreeBetasByHowWellTheyPredicted) {
    RandomStream stream(2, "test.venue.memory");
    PresenceMemory memory(1.0, 2.0, 0.2);
    std::vector<bool> answers;
    for (int i = 0; i < 400; ++i) answers.push_back(stream.next_uniform() < (i < 200 ? 0.2 : 0.5));
    std::array<double, 3> weight{0.8, 0.15, 0.05};
    const std::array<double, 3> prior = weight;
    const std::array<double, 3> keeps{1.0, 0.995, 0.98};
    for (std::size_t n = 0; n < answers.size(); ++n) {
        double mean = 0.0;
        double sum = 0.0;
        std::array<double, 3> joint{};
        for (std::size_t k = 0; k < 3; ++k) {
            double fills = 1.0;
            double misses = 2.0;
            for (std::size_t i = 0; i < n; ++i) {
                (answers[i] ? fills : misses) += std::pow(keeps[k], static_cast<double>(n - 1 - i));
            }
            const double there = fills / (fills + misses);
            mean += weight[k] * there;
            joint[k] = weight[k] * (answers[n] ? there : 1.0 - there);
            sum += joint[k];
        }
        EXPECT_NEAR(memory.moments().mean, mean, 1e-10) << n;
        for (std::size_t k = 0; k < 3; ++k) weight[k] = 0.999 * joint[k] / sum + 0.001 * prior[k];
        memory.observe(answers[n]);
    }
    // The long memory says 0.35; the venue moved to 0.5.
    EXPECT_GT(memory.moments().mean, 0.42);
    PresenceMemory plain(1.0, 2.0, 0.0);
    for (int i = 0; i < 40; ++i) plain.observe(i % 4 == 0);
    EXPECT_NEAR(plain.moments().mean, 11.0 / 43.0, 1e-12);
    EXPECT_NEAR(plain.moments().deviation, std::sqrt(11.0 * 32.0 / 44.0) / 43.0, 1e-12);
}
