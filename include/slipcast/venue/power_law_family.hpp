#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast::venue {

/// The power laws s^-b on 1..M for a row of exponents b and a row of lengths M (largest liquidities): what a belief
/// that knows neither is computed on. With x = s - 1/2 and
///   G_b(s) = x^(1-b) (1 / (1-b) + b / (24 x^2) - 7 b (b+1) (b+2) / (5760 x^4)),  ln x for the first term at b = 1,
/// Euler and Maclaurin's formula at midpoints says P(S >= s | S > 0) = (G_b(M + 1) - G_b(s)) / H(M, b); sums of a few
/// terms are added up instead. The powers x^(1-b) of equally spaced exponents are a geometric sequence, so a size costs
/// two exponentials whatever its magnitude, and the table holds no sizes at all. Relative error of a tail below 1e-6
/// for lengths up to 1e8. Immutable; venues share it.
class PowerLawFamily {
public:
    static constexpr std::size_t kExponents = 48;
    static constexpr std::size_t kMostLengths = 32;
    static constexpr std::size_t kMostTails = 8;
    static constexpr double kLowest = -2.5;  ///< exponents are kLowest + i kStep
    static constexpr double kStep = 0.125;
    static constexpr double kHighest = kLowest + kStep * (kExponents - 1);
    using Row = std::array<double, kExponents>;

    /// Lengths equally spaced in their logarithm from `shortest` to `longest`, 32 of them or as many as there are whole
    /// ones. Refused: 1 <= shortest <= longest <= 2^40 lots does not hold.
    [[nodiscard]] static Result<std::shared_ptr<const PowerLawFamily>> create(std::int64_t shortest,
                                                                              std::int64_t longest);

    [[nodiscard]] static constexpr double exponent(std::size_t index) {
        return kLowest + kStep * static_cast<double>(index);
    }
    [[nodiscard]] std::size_t lengths() const { return members_.size(); }
    /// Ascending.
    [[nodiscard]] std::int64_t length(std::size_t index) const { return members_[index].length; }
    [[nodiscard]] double log_length(std::size_t index) const { return members_[index].log_length; }
    [[nodiscard]] std::int64_t longest() const { return members_.back().length; }
    /// ln H(M, b) for each exponent.
    [[nodiscard]] const Row& log_normalizer(std::size_t length) const { return members_[length].log_normalizer; }

    /// G_b(size) for each exponent, 1 <= size <= longest + 1 (asserted).
    [[nodiscard]] Row sums(std::int64_t size) const;
    /// P(S >= size | S > 0) from the size's `sums`, size <= length. Never below 1e-30.
    [[nodiscard]] double tail(std::size_t length, std::size_t exponent, const Row& sums) const {
        const Member& member = members_[length];
        return std::max(kFloor, member.top[exponent] - member.scale[exponent] * sums[exponent]);
    }
    /// Multiplies mantissa x 2^power of each exponent by its tails of at most `kMostTails` sizes (asserted), given by
    /// their `sums`; the mantissa is in [1, 2) afterwards, and must be before.
    void multiply_tails(std::size_t length, std::span<const Row> sums, std::span<double, kExponents> mantissa,
                        std::span<double, kExponents> power) const;

private:
    static constexpr double kFloor = 1e-30;
    static constexpr std::size_t kHead = 24;  ///< sizes up to here are added up

    struct Member {
        std::int64_t length = 0;
        double log_length = 0.0;
        Row log_normalizer{};
        Row scale{};  ///< 1 / H
        Row top{};    ///< G(M + 1) / H
    };

    PowerLawFamily() = default;
    void prepare();
    [[nodiscard]] Member member(std::int64_t length) const;
    [[nodiscard]] Row smooth_sums(std::int64_t size) const;

    std::array<Row, kHead + 1> head_{};  ///< G of sizes up to kHead
    Row inverse_rise_{};                 ///< 1 / (1 - b); 0 at b = 1
    Row second_{};                       ///< b / 24
    Row fourth_{};                       ///< 7 b (b + 1) (b + 2) / 5760
    std::vector<Member> members_;
};

}  // namespace slipcast::venue
