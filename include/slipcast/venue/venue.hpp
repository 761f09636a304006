#pragma once

// Everything of module venue: hidden liquidity from censored fills, and the split of an order over venues.

#include "slipcast/venue/allocate.hpp"            // IWYU pragma: export
#include "slipcast/venue/belief.hpp"              // IWYU pragma: export
#include "slipcast/venue/compare.hpp"             // IWYU pragma: export
#include "slipcast/venue/economics.hpp"           // IWYU pragma: export
#include "slipcast/venue/fit.hpp"                 // IWYU pragma: export
#include "slipcast/venue/fit_pairs.hpp"           // IWYU pragma: export
#include "slipcast/venue/kaplan_meier.hpp"        // IWYU pragma: export
#include "slipcast/venue/learner.hpp"             // IWYU pragma: export
#include "slipcast/venue/liquidity.hpp"           // IWYU pragma: export
#include "slipcast/venue/log.hpp"                 // IWYU pragma: export
#include "slipcast/venue/measured_economics.hpp"  // IWYU pragma: export
#include "slipcast/venue/observation.hpp"         // IWYU pragma: export
#include "slipcast/venue/online.hpp"              // IWYU pragma: export
#include "slipcast/venue/pool.hpp"                // IWYU pragma: export
#include "slipcast/venue/power_law_family.hpp"    // IWYU pragma: export
#include "slipcast/venue/power_law_grid.hpp"      // IWYU pragma: export
#include "slipcast/venue/proxy.hpp"               // IWYU pragma: export
#include "slipcast/venue/resubmission.hpp"        // IWYU pragma: export
#include "slipcast/venue/router.hpp"              // IWYU pragma: export
#include "slipcast/venue/simulate.hpp"            // IWYU pragma: export
#include "slipcast/venue/turnbull.hpp"            // IWYU pragma: export
