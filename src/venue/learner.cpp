#include "slipcast/venue/learner.hpp"

#include <fmt/format.h>

#include <string>

#include "learners.hpp"
#include "slipcast/core/assert.hpp"

namespace slipcast::venue {

std::string_view name(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::ideal:
            return "ideal";
        case Algorithm::slipcast:
            return "slipcast";
        case Algorithm::thompson:
            return "thompson";
        case Algorithm::maximum_likelihood:
            return "maximum_likelihood";
        case Algorithm::pseudo_fill:
            return "pseudo_fill";
        case Algorithm::discounted:
            return "discounted";
        case Algorithm::kaplan_meier:
            return "kaplan_meier";
        case Algorithm::optimistic_kaplan_meier:
            return "optimistic_kaplan_meier";
        case Algorithm::exponentiated_gradient:
            return "exponentiated_gradient";
        case Algorithm::laruelle:
            return "laruelle";
        case Algorithm::bandit:
            return "bandit";
        case Algorithm::uniform:
            return "uniform";
    }
    SLIPCAST_ASSERT(false, "every algorithm has a name");
    return "";
}

std::string_view meaning(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::ideal:
            return "knows the venues: the best split of each order";
        case Algorithm::slipcast:
            return "the router: posterior over zero bin, exponent and largest liquidity, optimistic, detects changes";
        case Algorithm::thompson:
            return "the router on posterior draws, without detection of changes";
        case Algorithm::maximum_likelihood:
            return "best split for the zero bin and power law of largest likelihood";
        case Algorithm::pseudo_fill:
            return "the same with one optimistic fill added to each zero bin";
        case Algorithm::discounted:
            return "pseudo_fill, where everything older counts .995 as much after each order";
        case Algorithm::kaplan_meier:
            return "best split for the product-limit estimate, unlimited until the first order";
        case Algorithm::optimistic_kaplan_meier:
            return "the same, raised beyond what was seen often enough (Ganchev et al. 2010)";
        case Algorithm::exponentiated_gradient:
            return "proportions by size of order, weights multiplied after full fills (Agarwal et al. 2010)";
        case Algorithm::laruelle:
            return "proportions by stochastic approximation (Laruelle, Lehalle, Pages 2011)";
        case Algorithm::bandit:
            return "proportions, a weight times 1.05 after any fill (Ganchev et al. 2010)";
        case Algorithm::uniform:
            return "equal parts";
    }
    SLIPCAST_ASSERT(false, "every algorithm has a meaning");
    return "";
}

Result<Algorithm> algorithm_of(std::string_view wanted) {
    std::string names;
    for (const Algorithm algorithm : kAlgorithms) {
        if (name(algorithm) == wanted) return algorithm;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", name(algorithm));
    }
    return invalid_value("algorithm", std::string{wanted}, "must be one of " + names);
}

void Learner::reveal(std::span<const Liquidity> /*truth*/) {}

Result<std::unique_ptr<Learner>> learner(Algorithm algorithm, const LearnerSetup& setup) {
    if (setup.venues == 0) return invalid_value("venues", "0", "must be at least one");
    if (setup.max_order < 1 || setup.max_order > (std::int64_t{1} << 29)) {
        return invalid_value("max_order", fmt::format("{}", setup.max_order), "must be in 1..2^29 lots");
    }
    switch (algorithm) {
        case Algorithm::exponentiated_gradient:
        case Algorithm::laruelle:
        case Algorithm::bandit:
        case Algorithm::uniform:
            return detail::proportional_learner(algorithm, setup);
        default:
            return detail::model_learner(algorithm, setup);
    }
}

}  // namespace slipcast::venue
