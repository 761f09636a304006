#pragma once

// Everything of module venue: hidden liquidity from censored fills, and the split of an order over venues.

#include "slipcast/venue/observation.hpp"
