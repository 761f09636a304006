#pragma once

// Everything of module control: how fast to trade.

#include "slipcast/control/calibrate.hpp"
#include "slipcast/control/exact.hpp"
#include "slipcast/control/factor_grid.hpp"
#include "slipcast/control/factors.hpp"
#include "slipcast/control/fast_factor.hpp"
#include "slipcast/control/guards.hpp"
#include "slipcast/control/linear_value.hpp"
#include "slipcast/control/multi_asset.hpp"
#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/parameters.hpp"
#include "slipcast/control/pricing.hpp"
#include "slipcast/control/recalibration.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/control/sampled.hpp"
#include "slipcast/control/seed_execution.hpp"
#include "slipcast/control/simulate.hpp"
#include "slipcast/control/small_impact.hpp"
#include "slipcast/control/study.hpp"
#include "slipcast/control/trader.hpp"
