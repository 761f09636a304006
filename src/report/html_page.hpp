#pragma once

#include <string>

#include "json.hpp"

namespace slipcast::report {

/// The file around a payload: head, style, the payload as inert JSON, and the one script that draws every page.
[[nodiscard]] std::string html_page(const std::string& title, const Json& payload);

}  // namespace slipcast::report
