#pragma once

// Everything of module control: how fast to trade.

#include "slipcast/control/parameters.hpp"
#include "slipcast/control/rule.hpp"
