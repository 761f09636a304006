#pragma once

#include <string_view>

namespace slipcast {

/// "major.minor.patch" of the engine, as stamped into every result.
[[nodiscard]] std::string_view version();

}  // namespace slipcast
