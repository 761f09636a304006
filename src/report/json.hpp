#pragma once

#include <nlohmann/json.hpp>

namespace slipcast::report {

/// Keys keep the order they were added in, so that a page reads top-down in its payload too.
using Json = nlohmann::ordered_json;

}  // namespace slipcast::report
