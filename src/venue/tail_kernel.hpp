#pragma once

#include <array>
#include <span>

#include "slipcast/venue/power_law_family.hpp"

namespace slipcast::venue::detail {

/// Multiplies mantissa x 2^power by max(floor, top - scale x sum) of each of the rows `sums`, exponent by exponent, and
/// brings the mantissa back to [1, 2). The product on the way must stay a normal number (the caller's).
using TailKernel = void (*)(double floor, const PowerLawFamily::Row& scale, const PowerLawFamily::Row& top,
                            std::span<const PowerLawFamily::Row> sums,
                            std::span<double, PowerLawFamily::kExponents> mantissa,
                            std::span<double, PowerLawFamily::kExponents> power);

/// For registers of two, four and eight numbers, the widest that this processor has again in place of those that it has
/// not. The operations and their order are the same in each, so the results are too, bit for bit.
[[nodiscard]] std::array<TailKernel, 3> tail_kernels();

}  // namespace slipcast::venue::detail
