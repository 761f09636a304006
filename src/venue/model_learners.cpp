#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "learners.hpp"
#include "reduced.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/kaplan_meier.hpp"
#include "slipcast/venue/online.hpp"
#include "slipcast/venue/router.hpp"

namespace slipcast::venue::detail {
namespace {

/// Where nothing is known: all of any order, T(s) = 1 - zero_bin.
Liquidity boundless(double zero_bin) {
    return *Liquidity::exponential(zero_bin, 1.0);
}

/// Greedy on whatever `believe` last put in place.
class GreedyLearner : public Learner {
public:
    explicit GreedyLearner(std::size_t venues)
        : allocator_(*Allocator::create(std::vector<VenueTerms>(venues, VenueTerms{.liquidity = boundless(0.0)}))) {}

    void allocate(std::int64_t volume, std::span<std::int64_t> quantity) override {
        const auto done = allocator_.allocate(volume, split_);
        SLIPCAST_ASSERT(done.has_value(), "orders are within the learner's setup");
        std::copy(split_.quantity.begin(), split_.quantity.end(), quantity.begin());
    }

protected:
    void believe(std::size_t venue, Liquidity liquidity) { allocator_.replace(venue, std::move(liquidity)); }

private:
    Allocator allocator_;
    Split split_;
};

class IdealLearner final : public Cloned<IdealLearner, GreedyLearner> {
public:
    using Cloned::Cloned;
    void observe(std::span<const std::int64_t> /*sent*/, std::span<const std::int64_t> /*filled*/) override {}
    void reveal(std::span<const Liquidity> truth) override {
        for (std::size_t i = 0; i < truth.size(); ++i) believe(i, truth[i]);
    }
};

class RouterLearner final : public Cloned<RouterLearner> {
public:
    explicit RouterLearner(Router router) : router_(std::move(router)) {}
    void allocate(std::int64_t volume, std::span<std::int64_t> quantity) override {
        const auto split = router_.allocate(volume);
        SLIPCAST_ASSERT(split.has_value(), "orders are within the learner's setup");
        std::copy((*split)->quantity.begin(), (*split)->quantity.end(), quantity.begin());
    }
    void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) override {
        const auto done = router_.observe(sent, filled);
        SLIPCAST_ASSERT(done.has_value(), "learners see possible fills");
    }

private:
    Router router_;
};

class LikelihoodLearner final : public Cloned<LikelihoodLearner, GreedyLearner> {
public:
    struct Constants {
        double pseudo_fills = 0.0;
        double discount = 1.0;
    };
    LikelihoodLearner(std::size_t venues, std::shared_ptr<const PowerLawGrid> grid, Constants constants)
        : Cloned(venues), constants_(constants), online_(venues, OnlinePowerLaw{std::move(grid)}) {}

    void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) override {
        for (std::size_t i = 0; i < sent.size(); ++i) {
            OnlinePowerLaw& online = online_[i];
            if (constants_.discount < 1.0) online.discount(constants_.discount);
            if (sent[i] > 0) {
                const auto done =
                    online.observe(reduced({.sent = sent[i], .filled = filled[i]}, online.grid().max_liquidity()));
                SLIPCAST_ASSERT(done.has_value(), "learners see possible fills");
            }
            if (online.total_weight() == 0.0) continue;
            const OnlinePowerLaw::Estimate estimate = online.estimate();
            const double zero_bin = online.zero_weight() / (online.total_weight() + constants_.pseudo_fills);
            believe(i, estimate.has_shape
                           ? *Liquidity::power_law(zero_bin, estimate.exponent, online.grid().max_liquidity())
                           : boundless(zero_bin));
        }
    }

private:
    Constants constants_;
    std::vector<OnlinePowerLaw> online_;
};

class KaplanMeierLearner final : public Cloned<KaplanMeierLearner, GreedyLearner> {
public:
    KaplanMeierLearner(const LearnerSetup& setup, bool is_optimistic)
        : Cloned(setup.venues),
          is_optimistic_(is_optimistic),
          max_order_(setup.max_order),
          running_(setup.venues, RunningKaplanMeier{setup.max_order}),
          cut_(setup.venues, 0) {}

    void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) override {
        for (std::size_t i = 0; i < sent.size(); ++i) {
            if (sent[i] == 0) continue;
            const auto done = running_[i].observe({.sent = sent[i], .filled = filled[i]});
            SLIPCAST_ASSERT(done.has_value(), "learners see possible fills");
            believe(i, is_optimistic_ ? raised(i) : running_[i].liquidity());
        }
    }

private:
    static constexpr double kConstant = 128.0;
    static constexpr double kEpsilon = 0.05;  ///< of the largest order
    static constexpr double kDelta = 0.05;

    /// T(c + 1) := T(c), c the largest size with N_(c-1) >= constant (c V / epsilon)^2 ln(2 V / delta).
    Liquidity raised(std::size_t venue) {
        const RunningKaplanMeier& running = running_[venue];
        const double unit =
            kConstant * std::log(2.0 * static_cast<double>(max_order_) / kDelta) / (kEpsilon * kEpsilon);
        const auto passes = [&](std::int64_t size) {
            const auto s = static_cast<double>(size);
            return static_cast<double>(running.at_risk(size)) >= unit * s * s;
        };
        std::int64_t& cut = cut_[venue];
        while (cut < max_order_ && passes(cut + 1)) ++cut;
        return cut < max_order_ ? running.liquidity(cut + 1) : running.liquidity(0);
    }

    bool is_optimistic_;
    std::int64_t max_order_;
    std::vector<RunningKaplanMeier> running_;
    std::vector<std::int64_t> cut_;
};

}  // namespace

Result<std::unique_ptr<Learner>> model_learner(Algorithm algorithm, const LearnerSetup& setup) {
    if (algorithm == Algorithm::ideal) return std::unique_ptr<Learner>{std::make_unique<IdealLearner>(setup.venues)};
    if (algorithm == Algorithm::kaplan_meier || algorithm == Algorithm::optimistic_kaplan_meier) {
        return std::unique_ptr<Learner>{
            std::make_unique<KaplanMeierLearner>(setup, algorithm == Algorithm::optimistic_kaplan_meier)};
    }
    RouterOptions options;
    if (algorithm == Algorithm::thompson) {
        options.method = RouterOptions::thompson;
        options.belief.forgetting = 0.0;
        options.alarm = 0.0;
        options.probe = 0.0;
        options.seed = digest64(std::to_string(setup.entity), setup.seed);
    }
    if (algorithm == Algorithm::slipcast || algorithm == Algorithm::thompson) {
        SLIPCAST_TRY(router, Router::create(setup.venues, setup.max_order, options));
        return std::unique_ptr<Learner>{std::make_unique<RouterLearner>(std::move(router))};
    }
    std::shared_ptr<const PowerLawGrid> grid = setup.grid;
    if (!grid) {
        SLIPCAST_TRY(made, PowerLawGrid::create(std::max<std::int64_t>(10'000, 2 * setup.max_order)));
        grid = std::move(made);
    }
    LikelihoodLearner::Constants constants;
    if (algorithm != Algorithm::maximum_likelihood) constants.pseudo_fills = 1.0;
    if (algorithm == Algorithm::discounted) constants.discount = 0.995;
    return std::unique_ptr<Learner>{std::make_unique<LikelihoodLearner>(setup.venues, grid, constants)};
}

}  // namespace slipcast::venue::detail
