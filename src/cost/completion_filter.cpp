#include "completion_filter.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace slipcast::cost::detail {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double finished_at(double log_odds) {
    return 1.0 / (1.0 + std::exp(-log_odds));
}

// g of g = w (y - P(finished | e + v g)): the left side less the right one increases in g, and g lies between
// w (y - 1) and w y, so that a Newton step which leaves the bracket is replaced by its middle.
double step_along(double e, double v, double y, double w) {
    double low = w * (y - 1.0), high = w * y;
    double g = std::clamp(w * (y - finished_at(e)), low, high);
    for (int i = 0; i < 200; ++i) {
        const double p = finished_at(e + v * g);
        const double gap = g - w * (y - p);
        (gap > 0.0 ? high : low) = g;
        const double next = g - gap / (1.0 + w * v * p * (1.0 - p));
        const double taken = next > low && next < high ? next : 0.5 * (low + high);
        if (taken == g || std::abs(gap) <= 1e-15 * w) break;
        g = taken;
    }
    return g;
}

}  // namespace

CompletionFilter::CompletionFilter(const State& state) : mode_(state.completion_mode) {
    const Index size = mode_.size();
    information_ = state.completion_covariance.llt().solve(MatrixXd::Identity(size, size));
    const double sd = state.options.prior_completion_sd;
    prior_ = VectorXd::Constant(size, sd == 0.0 ? 0.0 : 1.0 / (sd * sd));
    prior_[0] = 0.0;
}

MatrixXd CompletionFilter::covariance() const {
    return information_.llt().solve(MatrixXd::Identity(mode_.size(), mode_.size()));
}

void CompletionFilter::set(const VectorXd& mode, const MatrixXd& information) {
    mode_ = mode;
    information_ = information;
}

void CompletionFilter::forget(double kept) {
    const VectorXd moments = kept * (information_ * mode_);
    information_ *= kept;
    information_.diagonal() += (1.0 - kept) * prior_;
    mode_ = information_.llt().solve(moments);
}

void CompletionFilter::learn(const VectorXd& x, bool is_finished, double weight) {
    const VectorXd along = information_.llt().solve(x);
    const double e = x.dot(mode_), v = x.dot(along);
    const double g = step_along(e, v, is_finished ? 1.0 : 0.0, weight);
    mode_ += g * along;
    const double p = finished_at(e + v * g);
    information_ += weight * p * (1.0 - p) * (x * x.transpose());
}

}  // namespace slipcast::cost::detail
