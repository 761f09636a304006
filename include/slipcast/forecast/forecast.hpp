#pragma once

#include "slipcast/forecast/forecaster.hpp"  // IWYU pragma: export
#include "slipcast/forecast/history.hpp"     // IWYU pragma: export
#include "slipcast/forecast/options.hpp"     // IWYU pragma: export
#include "slipcast/forecast/score.hpp"       // IWYU pragma: export
