#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace slipcast {

/// Called by long work with what it is doing, how much is done and how much there is (0 = unknown). Returning
/// false asks the work to stop: it returns a refusal with code `interrupted` and leaves no half-written result.
using Progress = std::function<bool(std::string_view stage, std::int64_t done, std::int64_t total)>;

}  // namespace slipcast
