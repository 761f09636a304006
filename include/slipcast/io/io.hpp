#pragma once

#include "slipcast/io/dataset_files.hpp"  // IWYU pragma: export
#include "slipcast/io/import.hpp"         // IWYU pragma: export
#include "slipcast/io/libraries.hpp"      // IWYU pragma: export
#include "slipcast/io/route_files.hpp"    // IWYU pragma: export
#include "slipcast/io/table_files.hpp"    // IWYU pragma: export
#include "slipcast/io/tape_files.hpp"     // IWYU pragma: export
