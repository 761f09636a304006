#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "slipcast/core/result.hpp"

namespace slipcast::venue::detail {

/// What every estimate says of an empty log.
[[nodiscard]] inline Error no_observations() {
    return {.code = ErrorCode::not_identified,
            .field = "observations",
            .value = "0",
            .rule = "needs at least one",
            .place = {}};
}

/// What every estimate says of a size past the end of its shape.
[[nodiscard]] inline Error beyond_max_liquidity(const char* field, std::int64_t lots) {
    return invalid_value(field, fmt::format("{}", lots), "must not exceed max_liquidity");
}

}  // namespace slipcast::venue::detail
