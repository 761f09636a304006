#include "slipcast/venue/power_law_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "power_sum.hpp"
#include "slipcast/core/assert.hpp"

namespace slipcast::venue {
namespace {

constexpr double kSpacing = 0.04;  ///< relative distance of neighboring knots past the first few dozen
constexpr std::int64_t kMaxLiquidity = std::int64_t{1} << 40;

/// 1, 2, ..., 49, then four percent apart, up to and with `last`.
std::vector<std::int64_t> spaced(std::int64_t last) {
    std::vector<std::int64_t> sizes;
    for (std::int64_t size = 1; size < last;) {
        sizes.push_back(size);
        size += std::max<std::int64_t>(1, static_cast<std::int64_t>(kSpacing * static_cast<double>(size)));
    }
    sizes.push_back(last);
    return sizes;
}

}  // namespace

Result<std::shared_ptr<const PowerLawGrid>> PowerLawGrid::create(std::int64_t max_liquidity) {
    return create(max_liquidity, Options{});
}

Result<std::shared_ptr<const PowerLawGrid>> PowerLawGrid::create(std::int64_t max_liquidity, Options options) {
    if (max_liquidity < 1 || max_liquidity > kMaxLiquidity) {
        return invalid_value("max_liquidity", fmt::format("{}", max_liquidity), "must be in 1..2^40 lots");
    }
    if (!(options.lowest >= -20.0 && options.lowest < options.highest && options.highest <= 20.0)) {
        return invalid_value("exponents", fmt::format("{}..{}", options.lowest, options.highest),
                             "must ascend within -20..20");
    }
    std::shared_ptr<PowerLawGrid> grid{new PowerLawGrid};
    grid->max_liquidity_ = max_liquidity;
    for (std::size_t j = 0; j < kExponents; ++j) {
        const double share = static_cast<double>(j) / static_cast<double>(kExponents - 1);
        grid->exponents_[j] = options.lowest + share * (options.highest - options.lowest);
    }
    grid->place_knots();
    grid->tabulate();
    return std::shared_ptr<const PowerLawGrid>{std::move(grid)};
}

void PowerLawGrid::place_knots() {
    // ln T is smooth in ln s from below and in ln(max + 1 - s) from above, where it falls without bound.
    const std::int64_t middle = (max_liquidity_ + 1) / 2;
    sizes_ = spaced(middle);
    lower_ = sizes_.size();
    for (const std::int64_t size : sizes_) coordinates_.push_back(coordinate(size, false));
    std::vector<std::int64_t> distances = spaced(max_liquidity_ + 1 - middle);
    for (auto distance = distances.rbegin(); distance != distances.rend(); ++distance) {
        sizes_.push_back(max_liquidity_ + 1 - *distance);
        coordinates_.push_back(coordinate(sizes_.back(), true));
    }
    scales_.resize(sizes_.size());
    for (std::size_t first = 0; first < sizes_.size(); ++first) {
        const std::size_t end = first < lower_ ? lower_ : sizes_.size();
        for (std::size_t i = 0; i < 4 && first + 4 <= end; ++i) {
            double product = 1.0;
            for (std::size_t k = 0; k < 4; ++k) {
                if (k != i) product *= coordinates_[first + i] - coordinates_[first + k];
            }
            scales_[first][i] = 1.0 / product;
        }
    }
}

double PowerLawGrid::coordinate(std::int64_t size, bool upper) const {
    return std::log(static_cast<double>(upper ? max_liquidity_ + 1 - size : size));
}

void PowerLawGrid::tabulate() {
    for (std::size_t j = 0; j < kExponents; ++j) {
        log_normalizer_[j] = detail::log_power_sum(exponents_[j], 1, max_liquidity_);
    }
    log_tail_.reserve(sizes_.size() * kExponents);
    for (const std::int64_t size : sizes_) {
        for (std::size_t j = 0; j < kExponents; ++j) {
            const double value = detail::log_power_sum(exponents_[j], size, max_liquidity_) - log_normalizer_[j];
            log_tail_.push_back(std::min(value, 0.0));
            tail_.push_back(std::exp(log_tail_.back()));
        }
    }
}

PowerLawGrid::Position PowerLawGrid::position(std::int64_t size) const {
    SLIPCAST_ASSERT(1 <= size && size <= max_liquidity_, "the grid holds sizes from 1 to max_liquidity");
    const bool upper = size > sizes_[lower_ - 1];
    const std::size_t begin = upper ? lower_ : 0;
    const std::size_t end = upper ? sizes_.size() : lower_;
    const auto from = sizes_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto next = std::lower_bound(from, sizes_.begin() + static_cast<std::ptrdiff_t>(end), size);
    const auto at = static_cast<std::size_t>(next - sizes_.begin());
    Position found;
    if (sizes_[at] == size) {
        found.first = static_cast<std::uint32_t>(at);
        found.weight = {1.0, 0.0, 0.0, 0.0};
        return found;
    }
    // Two knots on either side where there are; a size between knots lies past the first few dozen, so four exist.
    const std::size_t first = std::clamp(at >= begin + 2 ? at - 2 : begin, begin, end - 4);
    const double x = coordinate(size, upper);
    std::array<double, 4> gap{};
    for (std::size_t i = 0; i < 4; ++i) gap[i] = x - coordinates_[first + i];
    const std::array<double, 4>& scale = scales_[first];
    found.first = static_cast<std::uint32_t>(first);
    found.count = 4;
    found.weight = {gap[1] * gap[2] * gap[3] * scale[0], gap[0] * gap[2] * gap[3] * scale[1],
                    gap[0] * gap[1] * gap[3] * scale[2], gap[0] * gap[1] * gap[2] * scale[3]};
    return found;
}

}  // namespace slipcast::venue
