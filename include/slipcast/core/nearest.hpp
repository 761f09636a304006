#pragma once

#include <span>
#include <string>
#include <string_view>

namespace slipcast {

/// The candidate with the smallest edit distance to `name` (the first of equals), for "did you mean ...?" in
/// refusals of unknown names; empty when there is no candidate.
[[nodiscard]] std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace slipcast
