#pragma once

#include "slipcast/tca/asof.hpp"           // IWYU pragma: export
#include "slipcast/tca/benchmarks.hpp"     // IWYU pragma: export
#include "slipcast/tca/group_summary.hpp"  // IWYU pragma: export
#include "slipcast/tca/horizon.hpp"        // IWYU pragma: export
#include "slipcast/tca/measure.hpp"        // IWYU pragma: export
#include "slipcast/tca/shortfall.hpp"      // IWYU pragma: export
