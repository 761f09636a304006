#pragma once

// Everything of module math: samplers, distributions, statistics, block resampling.

#include "slipcast/math/binomial.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/math/resample.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/special.hpp"
#include "slipcast/math/statistics.hpp"
#include "slipcast/math/student.hpp"
