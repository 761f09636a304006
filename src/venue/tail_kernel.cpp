#include "tail_kernel.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace slipcast::venue::detail {
namespace {

constexpr std::size_t kExponents = PowerLawFamily::kExponents;
using Row = PowerLawFamily::Row;
using Products = std::span<double, kExponents>;

/// As many numbers as a vector register holds. Loaded and stored by reference: how a vector is passed by value depends
/// on the unit.
struct Twos {
    using Numbers = double __attribute__((vector_size(16)));
    using Bits = std::uint64_t __attribute__((vector_size(16)));
};
struct Fours {
    using Numbers = double __attribute__((vector_size(32)));
    using Bits = std::uint64_t __attribute__((vector_size(32)));
};
struct Eights {
    using Numbers = double __attribute__((vector_size(64)));
    using Bits = std::uint64_t __attribute__((vector_size(64)));
};

// A block of exponents stays in registers over all sizes. Mantissa and exponent of a product are taken apart by their
// bits; those of the exponent become a number as the last bits of one that counts in ones.
template <typename Lanes>
[[gnu::always_inline]] inline void multiply(double floor, const Row& scale, const Row& top, std::span<const Row> sums,
                                            Products mantissa, Products power) {
    using Numbers = typename Lanes::Numbers;
    constexpr std::size_t kBytes = sizeof(Numbers);
    constexpr std::size_t kLanes = kBytes / sizeof(double);
    static_assert(kExponents % kLanes == 0);
    constexpr double kWholes = 0x1p52;
    constexpr double kBias = 1023.0;
    constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52U) - 1U;
    const Numbers least = Numbers{} + floor;
    for (std::size_t first = 0; first < kExponents; first += kLanes) {
        Numbers product, scales, tops, sum, so_far;
        std::memcpy(&product, &mantissa[first], kBytes);
        std::memcpy(&scales, &scale[first], kBytes);
        std::memcpy(&tops, &top[first], kBytes);
        std::memcpy(&so_far, &power[first], kBytes);
        for (const Row& of_size : sums) {
            std::memcpy(&sum, &of_size[first], kBytes);
            const Numbers tail = tops - scales * sum;
            product *= tail > least ? tail : least;
        }
        typename Lanes::Bits bits;
        std::memcpy(&bits, &product, kBytes);
        const auto exponent = bits >> 52U | std::bit_cast<std::uint64_t>(kWholes);
        bits = (bits & kFraction) | std::bit_cast<std::uint64_t>(1.0);
        std::memcpy(&mantissa[first], &bits, kBytes);
        std::memcpy(&sum, &exponent, kBytes);
        so_far += sum - (kWholes + kBias);
        std::memcpy(&power[first], &so_far, kBytes);
    }
}

void multiply_by_twos(double floor, const Row& scale, const Row& top, std::span<const Row> sums, Products mantissa,
                      Products power) {
    multiply<Twos>(floor, scale, top, sums, mantissa, power);
}

#if defined(__x86_64__)

[[gnu::target("avx2")]] void multiply_by_fours(double floor, const Row& scale, const Row& top,
                                               std::span<const Row> sums, Products mantissa, Products power) {
    multiply<Fours>(floor, scale, top, sums, mantissa, power);
}

[[gnu::target("avx512f")]] void multiply_by_eights(double floor, const Row& scale, const Row& top,
                                                   std::span<const Row> sums, Products mantissa, Products power) {
    multiply<Eights>(floor, scale, top, sums, mantissa, power);
}

#endif

}  // namespace

std::array<TailKernel, 3> tail_kernels() {
    std::array<TailKernel, 3> kernels{multiply_by_twos, multiply_by_twos, multiply_by_twos};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) kernels[1] = kernels[2] = multiply_by_fours;
    if (__builtin_cpu_supports("avx512f")) kernels[2] = multiply_by_eights;
#endif
    return kernels;
}

}  // namespace slipcast::venue::detail
