#include "factors_text.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace slipcast::control::detail {
namespace {

/// More numbers than any factor has: a damaged count must not ask for all memory.
constexpr std::int64_t kMostNumbers = 10'000'000;

void write_numbers(StateWriter& writer, const std::vector<double>& numbers) {
    writer.whole(static_cast<std::int64_t>(numbers.size()));
    for (const double number : numbers) writer.number(number);
}

std::vector<double> read_numbers(StateReader& reader) {
    const std::int64_t count = reader.whole();
    if (count < 0 || count > kMostNumbers) reader.fail("count of numbers");
    std::vector<double> numbers;
    for (std::int64_t i = 0; i < count && !reader.failed(); ++i) numbers.push_back(reader.finite());
    return numbers;
}

}  // namespace

void FactorsText::write_fast(StateWriter& writer, const FastFactor& fast) {
    writer.line("fast").whole(fast.is_affine_ ? 1 : 0);
    for (const double number : {fast.mean_variance_, fast.time_scale_, fast.phi_squared_, fast.volatility_phi_,
                                fast.volatility_psi_, fast.phi_slope_, fast.psi_slope_, fast.low_, fast.width_}) {
        writer.number(number);
    }
    for (const std::vector<double>* column : {&fast.signal_correlation_, &fast.phi_.value, &fast.phi_.slope,
                                              &fast.psi_.value, &fast.psi_.slope, &fast.probes_}) {
        write_numbers(writer, *column);
    }
}

FastFactor FactorsText::read_fast(StateReader& reader) {
    reader.expect("fast");
    FastFactor fast;
    fast.is_affine_ = reader.whole() != 0;
    for (double* number : {&fast.mean_variance_, &fast.time_scale_, &fast.phi_squared_, &fast.volatility_phi_,
                           &fast.volatility_psi_, &fast.phi_slope_, &fast.psi_slope_, &fast.low_, &fast.width_}) {
        *number = reader.finite();
    }
    for (std::vector<double>* column : {&fast.signal_correlation_, &fast.phi_.value, &fast.phi_.slope, &fast.psi_.value,
                                        &fast.psi_.slope, &fast.probes_}) {
        *column = read_numbers(reader);
    }
    const std::size_t ends = fast.phi_.value.size();
    const bool is_table = ends >= 2 && fast.phi_.slope.size() == ends && fast.psi_.value.size() == ends &&
                          fast.psi_.slope.size() == ends && fast.width_ > 0.0;
    if (!fast.is_affine_ && !is_table) reader.fail("curve of the fast factor");
    if (!(fast.time_scale_ > 0.0) || fast.probes_.empty()) reader.fail("fast factor");
    return fast;
}

void FactorsText::write(StateWriter& writer, const std::optional<Factors>& factors) {
    writer.line("factors").whole(factors ? 1 : 0);
    if (!factors) return;
    writer.whole(factors->fast ? 1 : 0).whole(static_cast<int>(factors->fast_order));
    writer.whole(factors->slow ? 1 : 0).whole(static_cast<int>(factors->slow_order));
    writer.number(factors->correlation_between);
    if (factors->fast) write_fast(writer, *factors->fast);
    if (!factors->slow) return;
    const SlowFactor& slow = *factors->slow;
    writer.line("slow");
    for (const double number : {slow.dvariance, slow.d2variance, slow.drift, slow.volatility, slow.time_scale}) {
        writer.number(number);
    }
    write_numbers(writer, slow.signal_correlation);
}

std::optional<Factors> FactorsText::read(StateReader& reader) {
    reader.expect("factors");
    if (reader.whole() == 0) return std::nullopt;
    Factors factors;
    const bool has_fast = reader.whole() != 0;
    const std::int64_t fast_order = reader.whole();
    const bool has_slow = reader.whole() != 0;
    const std::int64_t slow_order = reader.whole();
    if (fast_order < 0 || fast_order > static_cast<int>(FastOrder::two)) reader.fail("order of the fast factor");
    if (slow_order < 0 || slow_order > static_cast<int>(SlowOrder::one)) reader.fail("order of the slow factor");
    factors.correlation_between = reader.finite();
    if (has_fast) factors.fast = read_fast(reader);
    if (has_slow) {
        reader.expect("slow");
        factors.slow = SlowFactor{};
        SlowFactor& slow = *factors.slow;
        for (double* number : {&slow.dvariance, &slow.d2variance, &slow.drift, &slow.volatility, &slow.time_scale}) {
            *number = reader.finite();
        }
        slow.signal_correlation = read_numbers(reader);
    }
    if (reader.failed()) return std::nullopt;
    factors.fast_order = static_cast<FastOrder>(fast_order);
    factors.slow_order = static_cast<SlowOrder>(slow_order);
    return factors;
}

}  // namespace slipcast::control::detail
