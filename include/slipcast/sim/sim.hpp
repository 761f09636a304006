#pragma once

#include "slipcast/sim/costs.hpp"      // IWYU pragma: export
#include "slipcast/sim/curve.hpp"      // IWYU pragma: export
#include "slipcast/sim/impact.hpp"     // IWYU pragma: export
#include "slipcast/sim/market.hpp"     // IWYU pragma: export
#include "slipcast/sim/parents.hpp"    // IWYU pragma: export
#include "slipcast/sim/queue.hpp"      // IWYU pragma: export
#include "slipcast/sim/replay.hpp"     // IWYU pragma: export
#include "slipcast/sim/tape_sink.hpp"  // IWYU pragma: export
