#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "stop_sign.hpp"

namespace slipcast::tca::detail {

/// One piece of the work; it returns interrupted() soon after the sign is raised.
using Task = std::function<Result<void>(std::size_t, const StopSign&)>;

/// Runs task(0) ... task(count - 1) on `threads` threads (0 = all cores). Tasks write to places of their own, so the
/// result does not depend on which thread ran what. Returns the refusal of the lowest-numbered task that has one.
/// `progress` is called from the calling thread only, after each task and ten times a second.
[[nodiscard]] Result<void> run_tasks(std::size_t count, int threads, const Task& task, const Progress& progress);

}  // namespace slipcast::tca::detail
