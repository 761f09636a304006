#pragma once

#include <cstdint>

namespace slipcast::math {

/// Both ends of an interval for a share.
struct ShareInterval {
    double low = 0.0;
    double high = 1.0;
};

/// The exact interval for the chance of a success after `successes` of `trials` independent ones: the chances p at
/// which seeing at least (at most) as many has probability (1 - confidence) / 2. Covers at least as often as it says,
/// for any p. Without trials 0 to 1. 0 <= successes <= trials and 0 < confidence < 1 (asserted).
/// Source: Clopper and Pearson 1934.
[[nodiscard]] ShareInterval share_interval(std::int64_t successes, std::int64_t trials, double confidence = 0.95);

}  // namespace slipcast::math
