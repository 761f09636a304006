#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "slipcast/core/random.hpp"

namespace slipcast::venue {

/// How likely a route is to find something at a venue where that may drift. Three memories predict it: one keeps all
/// answers, one counts each .995 as much as the next, one .98, each a Beta posterior of what it counts. Their weights
/// follow how well each predicted (Bayes, and a thousandth of the weight is shared anew after every answer: Herbster
/// and Warmuth 1998), so where nothing moves the first comes to rule, and where something does the one that keeps up.
class PresenceMemory {
public:
    /// fills, misses > 0: what the prior counts; forgetting in 0..1: the prior weight of the two that forget.
    PresenceMemory(double fills, double misses, double forgetting);

    void observe(bool is_filled);
    /// As made.
    void forget();

    struct Moments {
        double mean = 0.0;  ///< of the probability to find something
        double deviation = 0.0;
    };
    [[nodiscard]] Moments moments() const;
    /// Of the posterior.
    [[nodiscard]] double drawn(RandomStream& stream) const;

    static constexpr std::size_t kNumbers = 9;
    [[nodiscard]] std::array<double, kNumbers> state() const;
    /// False: not the state of such a memory.
    [[nodiscard]] bool restore(std::span<const double, kNumbers> state);

private:
    static constexpr std::size_t kMemories = 3;
    static constexpr std::array<double, kMemories> kKeeps{1.0, 0.995, 0.98};

    struct Memory {
        double fills = 0.0;  ///< the prior's too
        double misses = 0.0;
        double weight = 0.0;
    };

    double fills_;
    double misses_;
    std::array<double, kMemories> prior_{};
    std::array<Memory, kMemories> memories_{};
};

}  // namespace slipcast::venue
