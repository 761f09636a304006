#pragma once

#include "slipcast/core/packing.hpp"

namespace slipcast::desk::detail {

using slipcast::Packer;
using slipcast::Unpacker;

}  // namespace slipcast::desk::detail
