#pragma once

#include "slipcast/interchange/tape_metadata.hpp"

namespace slipcast::io::detail {

using interchange::kTapeFormatKey;
using interchange::TapeMetadata;

}  // namespace slipcast::io::detail
