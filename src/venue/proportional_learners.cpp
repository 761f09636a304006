#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "learners.hpp"

namespace slipcast::venue::detail {
namespace {

/// Whole lots in proportion to weights: the cumulative parts rounded, so that they add up.
void split_by(std::span<const double> weights, std::int64_t volume, std::span<std::int64_t> quantity) {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    double reached = 0.0;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        reached += weights[i];
        const std::int64_t until =
            i + 1 == weights.size() ? volume : std::llround(static_cast<double>(volume) * (reached / total));
        quantity[i] = std::max<std::int64_t>(0, until - given);
        given = std::max(given, until);
    }
}

class UniformLearner final : public Cloned<UniformLearner> {
public:
    void allocate(std::int64_t volume, std::span<std::int64_t> quantity) override {
        const auto count = static_cast<std::int64_t>(quantity.size());
        for (std::int64_t i = 0; i < count; ++i) {
            quantity[static_cast<std::size_t>(i)] = volume / count + (i < volume % count ? 1 : 0);
        }
    }
    void observe(std::span<const std::int64_t> /*sent*/, std::span<const std::int64_t> /*filled*/) override {}
};

class BanditLearner final : public Cloned<BanditLearner> {
public:
    explicit BanditLearner(std::size_t venues) : weights_(venues, 1.0 / static_cast<double>(venues)) {}
    void allocate(std::int64_t volume, std::span<std::int64_t> quantity) override {
        split_by(weights_, volume, quantity);
    }
    void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) override {
        constexpr double kReward = 1.05;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            if (filled[i] > 0) weights_[i] *= kReward;
        }
        const double total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
        for (double& weight : weights_) weight /= total;
    }

private:
    std::vector<double> weights_;
};

/// r_i += step_n (1{full fill at i} - mean over venues), kept on the simplex: their equation for equal rebates, with
/// the step divided by the order's size and falling as n^-0.6.
class LaruelleLearner final : public Cloned<LaruelleLearner> {
public:
    explicit LaruelleLearner(std::size_t venues) : shares_(venues, 1.0 / static_cast<double>(venues)) {}
    void allocate(std::int64_t volume, std::span<std::int64_t> quantity) override {
        split_by(shares_, volume, quantity);
    }
    void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) override {
        constexpr double kFirstStep = 0.5;
        constexpr double kFall = 0.6;
        const double step = kFirstStep * std::pow(++orders_ + 5.0, -kFall);
        std::size_t full = 0;
        for (std::size_t i = 0; i < sent.size(); ++i) full += filled[i] == sent[i] ? 1U : 0U;
        const double mean = static_cast<double>(full) / static_cast<double>(sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i) {
            shares_[i] = std::max(0.0, shares_[i] + step * ((filled[i] == sent[i] ? 1.0 : 0.0) - mean));
        }
        const double total = std::accumulate(shares_.begin(), shares_.end(), 0.0);
        for (double& share : shares_) share /= total;
    }

private:
    std::vector<double> shares_;
    double orders_ = 0.0;
};

/// The lots 1..max_order in ranges four percent apart; a range's weights follow the gradients of the orders that
/// reached it: x_i proportional to exp(rate x full fills at i), rate sqrt(8 ln K / episodes).
class GradientLearner final : public Cloned<GradientLearner> {
public:
    explicit GradientLearner(const LearnerSetup& setup)
        : venues_(setup.venues),
          rate_(std::sqrt(8.0 * std::log(std::max(2.0, static_cast<double>(setup.venues))) /
                          static_cast<double>(setup.episodes))),
          weights_(setup.venues) {
        for (std::int64_t end = 16; end < setup.max_order; end += std::max<std::int64_t>(1, end / 25)) {
            ends_.push_back(end);
        }
        ends_.push_back(setup.max_order);
        scores_.assign(ends_.size() * venues_, 0.0);
    }
    void allocate(std::int64_t volume, std::span<std::int64_t> quantity) override {
        std::fill(weights_.begin(), weights_.end(), 0.0);
        std::int64_t begin = 0;
        for (std::size_t row = 0; row < ends_.size() && begin < volume; ++row) {
            const double* score = &scores_[row * venues_];
            const double best = *std::max_element(score, score + venues_);
            double total = 0.0;
            for (std::size_t i = 0; i < venues_; ++i) total += std::exp(rate_ * (score[i] - best));
            const auto lots = static_cast<double>(std::min(ends_[row], volume) - begin);
            for (std::size_t i = 0; i < venues_; ++i) {
                weights_[i] += lots * std::exp(rate_ * (score[i] - best)) / total;
            }
            begin = ends_[row];
        }
        split_by(weights_, volume, quantity);
    }
    void observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled) override {
        const std::int64_t volume = std::accumulate(sent.begin(), sent.end(), std::int64_t{0});
        for (std::size_t row = 0; row < ends_.size() && (row == 0 || ends_[row - 1] < volume); ++row) {
            for (std::size_t i = 0; i < venues_; ++i) {
                if (filled[i] == sent[i]) scores_[row * venues_ + i] += 1.0;
            }
        }
    }

private:
    std::size_t venues_;
    double rate_;
    std::vector<double> weights_;
    std::vector<std::int64_t> ends_;
    std::vector<double> scores_;
};

}  // namespace

std::unique_ptr<Learner> proportional_learner(Algorithm algorithm, const LearnerSetup& setup) {
    switch (algorithm) {
        case Algorithm::bandit:
            return std::make_unique<BanditLearner>(setup.venues);
        case Algorithm::laruelle:
            return std::make_unique<LaruelleLearner>(setup.venues);
        case Algorithm::exponentiated_gradient:
            return std::make_unique<GradientLearner>(setup);
        default:
            return std::make_unique<UniformLearner>();
    }
}

}  // namespace slipcast::venue::detail
