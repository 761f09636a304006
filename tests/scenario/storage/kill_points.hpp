#pragma once

#include <cstdlib>

namespace slipcast::test {

/// How many kill points a test takes: a sample, or as many as SLIPCAST_KILL_POINTS says.
inline int kill_points() {
    const char* wished = std::getenv("SLIPCAST_KILL_POINTS");
    return wished == nullptr ? 100 : std::atoi(wished);
}

}  // namespace slipcast::test
