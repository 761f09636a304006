#pragma once

#include "slipcast/core/table_builder.hpp"
