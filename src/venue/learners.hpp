#pragma once

#include <memory>

#include "slipcast/venue/learner.hpp"

namespace slipcast::venue::detail {

/// A learner that is all in its members: copying them clones it.
template <typename Self, typename Base = Learner>
class Cloned : public Base {
    friend Self;
    Cloned() = default;

public:
    using Base::Base;
    [[nodiscard]] std::unique_ptr<Learner> clone() const override {
        return std::make_unique<Self>(static_cast<const Self&>(*this));
    }
};

/// Learners that hold a model of each venue and split greedily on it.
[[nodiscard]] Result<std::unique_ptr<Learner>> model_learner(Algorithm algorithm, const LearnerSetup& setup);
/// Learners that hold proportions.
[[nodiscard]] std::unique_ptr<Learner> proportional_learner(Algorithm algorithm, const LearnerSetup& setup);

}  // namespace slipcast::venue::detail
