#pragma once

// Everything of module cost: what an order should cost, and whether it will finish.

#include "slipcast/cost/estimate.hpp"   // IWYU pragma: export
#include "slipcast/cost/evaluate.hpp"   // IWYU pragma: export
#include "slipcast/cost/model.hpp"      // IWYU pragma: export
#include "slipcast/cost/online.hpp"     // IWYU pragma: export
#include "slipcast/cost/options.hpp"    // IWYU pragma: export
#include "slipcast/cost/predictor.hpp"  // IWYU pragma: export
#include "slipcast/cost/terms.hpp"      // IWYU pragma: export
