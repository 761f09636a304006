#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace slipcast::market::detail {

/// A label without what people vary by accident: ASCII letters in lower case, no spaces, no ASCII punctuation.
[[nodiscard]] std::string bare_label(std::string_view label);

/// For each label the position of the one that more rows use among those with the same bare label (the first of
/// equals); its own position when there is no other, when it is that one, or when nothing is left of it.
[[nodiscard]] std::vector<std::size_t> usual_spellings(const std::vector<std::string_view>& labels,
                                                       const std::vector<std::int64_t>& uses);

}  // namespace slipcast::market::detail
