#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::tca::detail {

/// Runs task(0) ... task(count - 1) on `threads` threads (0 = all cores). Tasks write to places of their own, so the
/// result does not depend on which thread ran what. Returns the refusal of the lowest-numbered task that has one.
/// `progress` is called from the calling thread only.
[[nodiscard]] Result<void> run_tasks(std::size_t count, int threads,
                                     const std::function<Result<void>(std::size_t)>& task, const Progress& progress);

}  // namespace slipcast::tca::detail
