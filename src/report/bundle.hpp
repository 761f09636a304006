#pragma once

#include <span>
#include <string_view>

namespace slipcast::report {

// Made by report/web/build.mjs from the TypeScript, style sheet and fonts of report/web: see cmake/page.cmake. In
// pieces, because compilers limit the length of one literal.
[[nodiscard]] std::span<const std::string_view> page_script();
[[nodiscard]] std::span<const std::string_view> page_style();

}  // namespace slipcast::report
