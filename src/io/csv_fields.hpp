#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "slipcast/core/result.hpp"

// Plain comma-separated lines without quotes, as exchanges' own files have them.

namespace slipcast::io::detail {

/// The fields of `line` into `fields`, which is used again for each line.
inline void split_fields(std::string_view line, std::vector<std::string_view>& fields) {
    fields.clear();
    for (;;) {
        const std::size_t comma = line.find(',');
        fields.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return;
        line.remove_prefix(comma + 1);
    }
}

/// A line has another number of fields than it must have.
inline Error wrong_field_count(std::string_view line, std::size_t expected, std::size_t found) {
    return Error{ErrorCode::malformed,
                 "row",
                 std::string(line.substr(0, 80)),
                 fmt::format("must have {} fields, has {}", expected, found),
                 {}};
}

inline Result<std::int64_t> whole_number(std::string_view text, const char* field, std::int64_t low,
                                         std::int64_t high) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
        return invalid_value(field, std::string(text), fmt::format("must be a whole number from {} to {}", low, high));
    }
    return value;
}

}  // namespace slipcast::io::detail
