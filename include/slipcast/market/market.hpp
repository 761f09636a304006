#pragma once

#include "slipcast/market/audit.hpp"           // IWYU pragma: export
#include "slipcast/market/corrections.hpp"     // IWYU pragma: export
#include "slipcast/market/dataset.hpp"         // IWYU pragma: export
#include "slipcast/market/depth.hpp"           // IWYU pragma: export
#include "slipcast/market/draft.hpp"           // IWYU pragma: export
#include "slipcast/market/instrument.hpp"      // IWYU pragma: export
#include "slipcast/market/names.hpp"           // IWYU pragma: export
#include "slipcast/market/order.hpp"           // IWYU pragma: export
#include "slipcast/market/quality.hpp"         // IWYU pragma: export
#include "slipcast/market/quality_tables.hpp"  // IWYU pragma: export
#include "slipcast/market/route.hpp"           // IWYU pragma: export
#include "slipcast/market/session.hpp"         // IWYU pragma: export
#include "slipcast/market/splits.hpp"          // IWYU pragma: export
#include "slipcast/market/tape.hpp"            // IWYU pragma: export
