#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace slipcast::bench {

/// The sum of the values, read once with eight independent sums: as fast as one core reads memory.
template <typename T>
[[nodiscard]] std::uint64_t plain_read(std::span<const T> values) {
    static_assert(sizeof(T) == sizeof(std::uint64_t));
    std::uint64_t sums[8] = {};
    std::size_t i = 0;
    const auto word = [&](std::size_t at) {
        if constexpr (requires { values[at].ns(); })
            return static_cast<std::uint64_t>(values[at].ns());
        else
            return static_cast<std::uint64_t>(values[at].units());
    };
    for (; i + 8 <= values.size(); i += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += word(i + lane);
    }
    for (; i < values.size(); ++i) sums[0] += word(i);
    std::uint64_t total = 0;
    for (const std::uint64_t sum : sums) total += sum;
    return total;
}

}  // namespace slipcast::bench
