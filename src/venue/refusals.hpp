#pragma once

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

}  // namespace slipcast::venue::detail
