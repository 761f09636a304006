#include "slipcast/venue/power_law_family.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "slipcast/core/random.hpp"
#include "venue/power_sum.hpp"
#include "venue/tail_kernel.hpp"

using namespace slipcast;
using namespace slipcast::venue;

namespace {

using Row = PowerLawFamily::Row;

/// ln P(S >= size | S > 0).
double log_tail(double b, std::int64_t size, std::int64_t length) {
    return venue::detail::log_power_sum(b, size, length) - venue::detail::log_power_sum(b, 1, length);
}

Row uniform_row(RandomStream& stream, double from, double to) {
    Row row;
    for (double& x : row) x = from + (to - from) * stream.next_uniform();
    return row;
}

}  // namespace

TEST(PowerLawFamily, TailsEqualAddingUp) {
    for (const auto& [shortest, longest] : {std::pair<std::int64_t, std::int64_t>{1, 20}, {3, 3}, {100, 200'000}}) {
        const auto family = *PowerLawFamily::create(shortest, longest);
        EXPECT_EQ(family->length(0), shortest);
        EXPECT_EQ(family->longest(), longest);
        for (std::size_t j = 0; j < family->lengths(); j += 5) {
            const std::int64_t length = family->length(j);
            for (std::int64_t size = 1; size <= length; size += 1 + size / 7) {
                const Row sums = family->sums(size);
                for (const std::size_t i : {0U, 13U, 20U, 27U, 28U, 29U, 40U, 47U}) {
                    const double exact = std::exp(log_tail(PowerLawFamily::exponent(i), size, length));
                    EXPECT_NEAR(family->tail(j, i, sums), exact, 1e-6 * exact) << length << ' ' << size << ' ' << i;
                }
            }
        }
    }
    EXPECT_EQ(PowerLawFamily::create(0, 5).error().field, "max_liquidity");
    EXPECT_EQ(PowerLawFamily::create(6, 5).error().field, "max_liquidity");
}

TEST(PowerLawFamily, ProductsOfTailsAreTheirLogarithmsAddedUp) {
    const auto family = *PowerLawFamily::create(500, 2'000'000);
    RandomStream stream(3, "test.venue.family");
    for (std::size_t j = 0; j < family->lengths(); ++j) {
        Row mantissa;
        Row power{};
        Row logarithm{};
        mantissa.fill(1.0);
        for (std::size_t tails = 1; tails <= PowerLawFamily::kMostTails; ++tails) {
            std::vector<Row> sums;
            for (std::size_t k = 0; k < tails; ++k) {
                const double share = stream.next_uniform();
                sums.push_back(family->sums(
                    1 + static_cast<std::int64_t>(share * share * static_cast<double>(family->length(j) - 1))));
                for (std::size_t i = 0; i < PowerLawFamily::kExponents; ++i) {
                    logarithm[i] += std::log(family->tail(j, i, sums.back()));
                }
            }
            family->multiply_tails(j, sums, mantissa, power);
        }
        for (std::size_t i = 0; i < PowerLawFamily::kExponents; ++i) {
            ASSERT_GE(mantissa[i], 1.0);
            ASSERT_LT(mantissa[i], 2.0);
            EXPECT_NEAR(std::log(mantissa[i]) + power[i] * std::log(2.0), logarithm[i], 1e-13 * -logarithm[i] + 1e-13);
        }
    }
}

// A journal is replayed bit for bit on another processor.
TEST(PowerLawFamily, EveryWidthOfVectorUnitGivesTheSameBits) {
    const auto kernels = venue::detail::tail_kernels();
    RandomStream stream(4, "test.venue.family");
    for (int trial = 0; trial < 200; ++trial) {
        const Row scale = uniform_row(stream, 0.0, 1.0);
        const Row top = uniform_row(stream, 0.5, 1.5);
        std::vector<Row> sums;
        // Some tails are at the floor, also from below.
        for (int k = 0; k <= trial % 8; ++k) sums.push_back(uniform_row(stream, 0.0, 2.0));
        const Row first_mantissa = uniform_row(stream, 1.0, 2.0);
        Row plain_mantissa = first_mantissa;
        Row plain_power{};
        for (std::size_t i = 0; i < PowerLawFamily::kExponents; ++i) {
            for (const Row& sum : sums) plain_mantissa[i] *= std::max(1e-30, top[i] - scale[i] * sum[i]);
            const int exponent = std::ilogb(plain_mantissa[i]);
            plain_mantissa[i] = std::scalbn(plain_mantissa[i], -exponent);
            plain_power[i] = exponent;
        }
        for (const auto kernel : kernels) {
            Row mantissa = first_mantissa;
            Row power{};
            kernel(1e-30, scale, top, sums, mantissa, power);
            EXPECT_EQ(mantissa, plain_mantissa);
            EXPECT_EQ(power, plain_power);
        }
    }
}
