#pragma once

#include <cstdlib>

namespace slipcast::test {

/// How many kill points a test takes: its own sample, or as many as SLIPCAST_KILL_POINTS says.
inline int kill_points(int sample) {
    const char* wished = std::getenv("SLIPCAST_KILL_POINTS");
    return wished == nullptr ? sample : std::atoi(wished);
}

}  // namespace slipcast::test
