#pragma once

#include <memory>

#include "slipcast/venue/learner.hpp"

namespace slipcast::venue::detail {

/// Learners that hold a model of each venue and split greedily on it.
[[nodiscard]] Result<std::unique_ptr<Learner>> model_learner(Algorithm algorithm, const LearnerSetup& setup);
/// Learners that hold proportions.
[[nodiscard]] std::unique_ptr<Learner> proportional_learner(Algorithm algorithm, const LearnerSetup& setup);

}  // namespace slipcast::venue::detail
