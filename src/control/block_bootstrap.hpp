#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "slipcast/control/calibrate.hpp"

namespace slipcast::control::detail {

/// Sums of one kind a block: row b holds what block b adds. An estimate is a function of their total.
struct BlockTotals {
    std::size_t width = 0;
    std::vector<double> sums;  ///< block after block

    [[nodiscard]] std::size_t blocks() const { return width == 0 ? 0 : sums.size() / width; }
    [[nodiscard]] std::span<double> block(std::size_t b) { return std::span(sums).subspan(b * width, width); }
    [[nodiscard]] std::vector<double> total() const;
};

/// Begins and ends of the runs of equal numbers.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> runs(std::span<const std::int64_t> block);

/// Refuses series that do not fit together, numbers that are not finite, and fewer than 10 blocks.
[[nodiscard]] Result<void> validate_series(const BlockedSeries& series,
                                           std::initializer_list<std::span<const double>> others,
                                           const CalibrationOptions& options);

/// From totals to numbers; missing when the totals determine nothing.
using Estimator = std::function<std::optional<std::vector<double>>(std::span<const double>)>;

/// Estimates of the whole, each with its interval over resampled blocks; resample r draws from stream
/// (seed, "control.calibrate", r). Missing: the whole determines nothing, or more than a tenth of the resamples do not.
[[nodiscard]] std::optional<std::vector<Estimate>> bootstrapped(const BlockTotals& totals, const Estimator& estimator,
                                                                const CalibrationOptions& options);

[[nodiscard]] Error not_identified(std::string field, std::string value, std::string rule);

}  // namespace slipcast::control::detail
