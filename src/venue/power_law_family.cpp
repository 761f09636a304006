#include "slipcast/venue/power_law_family.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "power_sum.hpp"
#include "slipcast/core/assert.hpp"
#include "tail_kernel.hpp"

namespace slipcast::venue {
namespace {

constexpr std::int64_t kMaxLength = std::int64_t{1} << 40;
/// The exponent 1 lies on the grid, where the integral of s^-b is a logarithm.
constexpr auto kLogarithm = static_cast<std::size_t>((1.0 - PowerLawFamily::kLowest) / PowerLawFamily::kStep);
static_assert(PowerLawFamily::exponent(kLogarithm) == 1.0);

}  // namespace

Result<std::shared_ptr<const PowerLawFamily>> PowerLawFamily::create(std::int64_t shortest, std::int64_t longest) {
    if (shortest < 1 || shortest > longest || longest > kMaxLength) {
        return invalid_value("max_liquidity", fmt::format("{}..{}", shortest, longest),
                             "must ascend within 1..2^40 lots");
    }
    std::shared_ptr<PowerLawFamily> family{new PowerLawFamily};
    family->prepare();
    const double span = std::log(static_cast<double>(longest) / static_cast<double>(shortest));
    for (std::size_t j = 0; j < kMostLengths; ++j) {
        const double share = static_cast<double>(j) / static_cast<double>(kMostLengths - 1);
        const auto length =
            static_cast<std::int64_t>(std::llround(static_cast<double>(shortest) * std::exp(share * span)));
        const bool is_new = family->members_.empty() || length > family->members_.back().length;
        if (is_new && length <= longest) family->members_.push_back(family->member(length));
    }
    if (family->members_.back().length < longest) family->members_.back() = family->member(longest);
    return std::shared_ptr<const PowerLawFamily>{std::move(family)};
}

void PowerLawFamily::prepare() {
    for (std::size_t i = 0; i < kExponents; ++i) {
        const double b = exponent(i);
        inverse_rise_[i] = i == kLogarithm ? 0.0 : 1.0 / (1.0 - b);
        second_[i] = b / 24.0;
        fourth_[i] = 7.0 * b * (b + 1.0) * (b + 2.0) / 5760.0;
    }
    // From the formula's first size down: G(s) = G(s + 1) - s^-b.
    head_[kHead] = smooth_sums(static_cast<std::int64_t>(kHead));
    for (std::size_t size = kHead - 1; size >= 1; --size) {
        for (std::size_t i = 0; i < kExponents; ++i) {
            head_[size][i] = head_[size + 1][i] - std::pow(static_cast<double>(size), -exponent(i));
        }
    }
}

PowerLawFamily::Member PowerLawFamily::member(std::int64_t length) const {
    Member made;
    made.length = length;
    made.log_length = std::log(static_cast<double>(length));
    const Row end = sums(length + 1);
    for (std::size_t i = 0; i < kExponents; ++i) {
        made.log_normalizer[i] = detail::log_power_sum(exponent(i), 1, length);
        // H = G(M + 1) - G(1), so that the tail of size 1 is 1.
        made.scale[i] = 1.0 / (end[i] - head_[1][i]);
        made.top[i] = end[i] * made.scale[i];
    }
    return made;
}

// Two pairs of powers at a time, each from the one four places before, so that few products wait for one another.
PowerLawFamily::Row PowerLawFamily::smooth_sums(std::int64_t size) const {
    using Pair = double __attribute__((vector_size(2 * sizeof(double))));
    static_assert(kExponents % 4 == 0);
    const double x = static_cast<double>(size) - 0.5;
    const double log_x = std::log(x);
    const double inverse_square = 1.0 / (x * x);
    const double power = std::exp((1.0 - kLowest) * log_x);
    const double ratio = std::exp(-kStep * log_x);
    const double square = ratio * ratio;
    Row sums;
    const auto add_pair = [&](std::size_t first, const Pair& powers) {
        Pair rise, second, fourth;
        std::memcpy(&rise, &inverse_rise_[first], sizeof rise);
        std::memcpy(&second, &second_[first], sizeof second);
        std::memcpy(&fourth, &fourth_[first], sizeof fourth);
        const Pair sum = powers * (rise + inverse_square * (second - inverse_square * fourth));
        std::memcpy(&sums[first], &sum, sizeof sum);
    };
    Pair even{power, power * ratio};
    Pair odd = even * square;
    for (std::size_t first = 0; first < kExponents; first += 4) {
        add_pair(first, even);
        add_pair(first + 2, odd);
        even *= square * square;
        odd *= square * square;
    }
    sums[kLogarithm] += log_x;
    return sums;
}

void PowerLawFamily::multiply_tails(std::size_t length, std::span<const Row> sums,
                                    std::span<double, kExponents> mantissa, std::span<double, kExponents> power) const {
    static_assert(kFloor >= 1e-30, "a product of kMostTails floors is a normal number");
    SLIPCAST_ASSERT(sums.size() <= kMostTails, "the product of more tails may be too small for a number");
    static const detail::TailKernel kKernel = detail::tail_kernels().back();
    const Member& member = members_[length];
    kKernel(kFloor, member.scale, member.top, sums, mantissa, power);
}

PowerLawFamily::Row PowerLawFamily::sums(std::int64_t size) const {
    SLIPCAST_ASSERT(1 <= size && size <= kMaxLength + 1, "a size is positive");
    if (size <= static_cast<std::int64_t>(kHead)) return head_[static_cast<std::size_t>(size)];
    return smooth_sums(size);
}

}  // namespace slipcast::venue
