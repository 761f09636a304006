#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "slipcast/core/id.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/sim/policy.hpp"

namespace slipcast::sim {

/// The hidden sizes of a run's dark venues: see DarkVenueTerms.
class DarkPools {
public:
    DarkPools(const std::vector<DarkVenueTerms>& terms, std::uint64_t seed) : terms_(terms), seed_(seed) {}

    /// Takes up to `lots` of what a pool holds at `time` against an order of `side`; returns how much. Times ascend.
    [[nodiscard]] std::int64_t take(std::size_t pool, InstrumentId instrument, Side side, Timestamp time,
                                    std::int64_t lots);

private:
    struct Hidden {
        std::int64_t period = -1;
        std::int64_t left = 0;
    };
    const std::vector<DarkVenueTerms>& terms_;
    std::uint64_t seed_;
    std::map<std::tuple<std::size_t, std::int64_t, bool>, Hidden> hidden_;
};

}  // namespace slipcast::sim
