#include "block_bootstrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "slipcast/math/resample.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::control::detail {

std::vector<double> BlockTotals::total() const {
    std::vector<double> made(width, 0.0);
    for (std::size_t i = 0; i < sums.size(); ++i) made[i % width] += sums[i];
    return made;
}

std::vector<std::pair<std::size_t, std::size_t>> runs(std::span<const std::int64_t> block) {
    std::vector<std::pair<std::size_t, std::size_t>> made;
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (i == 0 || block[i] != block[i - 1]) made.emplace_back(i, i);
        made.back().second = i + 1;
    }
    return made;
}

Error not_identified(std::string field, std::string value, std::string rule) {
    return Error{ErrorCode::not_identified, std::move(field), std::move(value), std::move(rule), {}};
}

Result<void> validate_series(const BlockedSeries& series, std::initializer_list<std::span<const double>> others,
                             const CalibrationOptions& options) {
    SLIPCAST_CHECK(options.validate());
    if (!(series.spacing > 0.0) || !std::isfinite(series.spacing)) {
        return invalid_value("spacing", fmt::format("{}", series.spacing), "must be finite and > 0 days");
    }
    const auto finite = [](std::span<const double> column) {
        return std::all_of(column.begin(), column.end(), [](double value) { return std::isfinite(value); });
    };
    bool fits = series.block.size() == series.values.size();
    bool all_finite = finite(series.values);
    for (const std::span<const double> other : others) {
        fits = fits && other.size() == series.values.size();
        all_finite = all_finite && finite(other);
    }
    if (!fits) return Error{ErrorCode::inconsistent, "series", "", "columns must have one length", {}};
    if (!all_finite) return invalid_value("series", "nan", "must be finite");
    const std::size_t blocks = runs(series.block).size();
    if (blocks >= static_cast<std::size_t>(math::kMinBlocks)) return {};
    return not_identified("blocks", fmt::format("{}", blocks), fmt::format("needs at least {}", math::kMinBlocks));
}

std::optional<std::vector<Estimate>> bootstrapped(const BlockTotals& totals, const Estimator& estimator,
                                                  const CalibrationOptions& options) {
    const auto whole = estimator(totals.total());
    if (!whole) return std::nullopt;
    std::vector<std::vector<double>> draws(whole->size());
    std::vector<double> sums(totals.width);
    for (int r = 0; r < options.resamples; ++r) {
        RandomStream stream(options.seed, "control.calibrate", static_cast<std::uint64_t>(r));
        std::fill(sums.begin(), sums.end(), 0.0);
        for (std::size_t b = 0; b < totals.blocks(); ++b) {
            const auto chosen = static_cast<std::size_t>(math::draw_index(stream, totals.blocks()));
            for (std::size_t i = 0; i < totals.width; ++i) sums[i] += totals.sums[chosen * totals.width + i];
        }
        const auto drawn = estimator(sums);
        if (!drawn) continue;
        for (std::size_t i = 0; i < draws.size(); ++i) draws[i].push_back((*drawn)[i]);
    }
    if (draws.front().size() * 10 < static_cast<std::size_t>(options.resamples) * 9) return std::nullopt;
    std::vector<Estimate> made;
    const double tail = 0.5 * (1.0 - options.confidence);
    for (std::size_t i = 0; i < draws.size(); ++i) {
        made.push_back({(*whole)[i], *math::quantile(draws[i], tail), *math::quantile(draws[i], 1.0 - tail)});
    }
    return made;
}

}  // namespace slipcast::control::detail
