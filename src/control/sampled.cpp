#include "slipcast/control/sampled.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <cstddef>
#include <utility>

namespace slipcast::control {
namespace {

constexpr int kMaxDoublings = 60;
constexpr double kTolerance = 1e-15;
constexpr double kResidualAllowed = 1e-9;

/// One step of the state z = (q, l, x_1, ..., u), discounted: z' = transition z, and the reward z' reward z.
struct Step {
    Eigen::MatrixXd transition;
    Eigen::MatrixXd reward;
};

/// exp(A h) and the integral of exp(A't) Q exp(A t) over [0, h]: Taylor on a short step, then doubled. Nothing grows,
/// whatever the speeds, because A holds the discount and decays.
Step integrated(const Eigen::MatrixXd& A, const Eigen::MatrixXd& Q, double h) {
    const double size = A.lpNorm<Eigen::Infinity>() * h;
    const int doublings = std::max(0, static_cast<int>(std::ceil(std::log2(std::max(size, 1e-300) / 0.25))));
    const double t = std::ldexp(h, -doublings);
    Eigen::MatrixXd power = Eigen::MatrixXd::Identity(A.rows(), A.cols());
    Eigen::MatrixXd moment = Q * t;
    Step step{power, moment};
    for (int k = 1; k <= 18; ++k) {
        power = power * A * (t / k);
        moment = (A.transpose() * moment + moment * A) * (t / (k + 1));
        step.transition += power;
        step.reward += moment;
    }
    for (int k = 0; k < doublings; ++k) {
        step.reward += (step.transition.transpose() * step.reward * step.transition).eval();
        step.transition = (step.transition * step.transition).eval();
    }
    return step;
}

Step discounted_step(const Parameters& market, double h) {
    const auto signals = static_cast<Eigen::Index>(market.signals.size());
    const Eigen::Index u = 2 + signals;
    Eigen::MatrixXd A = Eigen::MatrixXd::Zero(u + 1, u + 1);
    Eigen::MatrixXd Q = Eigen::MatrixXd::Zero(u + 1, u + 1);
    A(0, u) = 1.0;
    A(1, 1) = -market.impact_decay;
    A(1, u) = market.impact;
    Q(0, 0) = -0.5 * market.risk_aversion * market.variance;
    Q(0, 1) = Q(1, 0) = -0.5 * market.impact_decay;
    Q(0, u) = Q(u, 0) = 0.5 * market.impact;
    Q(u, u) = -0.5 * market.trading_cost;
    for (Eigen::Index j = 0; j < signals; ++j) {
        const Signal& signal = market.signals[static_cast<std::size_t>(j)];
        A(2 + j, 2 + j) = -signal.decay;
        Q(0, 2 + j) = Q(2 + j, 0) = 0.5 * signal.loading;
    }
    A.diagonal().array() -= 0.5 * market.discount;
    return integrated(A, Q, h);
}

/// The value z'X z of (q, l): X = Q + A'X A - (A'X B + S)(R + B'X B)^-1 (B'X A + S'), as a maximum.
struct Riccati {
    Eigen::Matrix2d A;
    Eigen::Vector2d B;
    Eigen::Matrix2d Q;
    Eigen::Vector2d S;
    double R = 0.0;
    Eigen::Matrix2d X = Eigen::Matrix2d::Zero();
    Eigen::RowVector2d feedback = Eigen::RowVector2d::Zero();
    int iterations = 0;
    double residual = 0.0;

    /// Of u; negative where a best u exists.
    [[nodiscard]] double curvature() const { return R + B.dot(X * B); }

    void solve() {
        // Without the cross term: u = -S'z/R + rest.
        Eigen::Matrix2d a = A - B * S.transpose() / R;
        Eigen::Matrix2d g = -B * B.transpose() / R;
        Eigen::Matrix2d h = S * S.transpose() / R - Q;
        for (iterations = 1; iterations <= kMaxDoublings; ++iterations) {
            const Eigen::Matrix2d inverse = (Eigen::Matrix2d::Identity() + g * h).inverse();
            const Eigen::Matrix2d next = h + a.transpose() * h * inverse * a;
            g += (a * inverse * g * a.transpose()).eval();
            a = (a * inverse * a).eval();
            const double moved = (next - h).norm();
            h = 0.5 * (next + next.transpose());
            if (!(moved > kTolerance * h.norm())) break;
        }
        X = -h;
        feedback = -(B.transpose() * X * A + S.transpose()) / curvature();
        const Eigen::Matrix2d image = Q + A.transpose() * X * A + (A.transpose() * X * B + S) * feedback;
        residual = (image - X).norm() / X.norm();
    }
};

Error unstable(const char* what, double value) {
    return invalid_value("stability", fmt::format("{}", value), what);
}

/// Both columns of one signal's part of the value, from (I - e A_cl') Y = e A_cl' ... : linear, because M and N do not
/// depend on signals. Here Y holds half of (Aqx, Alx), transition e of the signal, cross rewards s_q (with q, l) and
/// s_u (with u).
struct SignalSolution {
    Eigen::Vector2d value;
    double gain;
};

SignalSolution signal_part(const Riccati& loop, double transition, const Eigen::Vector2d& cross, double with_u) {
    // value = cross + A'value e + (A'X B + S) f, f = -(B'value e + with_u)/curvature.
    const Eigen::Vector2d pull = (loop.A.transpose() * loop.X * loop.B + loop.S) / loop.curvature();
    const Eigen::Matrix2d equations =
        Eigen::Matrix2d::Identity() - transition * (loop.A.transpose() - pull * loop.B.transpose());
    const Eigen::Vector2d value = equations.partialPivLu().solve(cross - pull * with_u);
    return {value, -(transition * loop.B.dot(value) + with_u) / loop.curvature()};
}

/// Variance of x over a step: variance (1 - e^(-2 decay h))/(2 decay).
double spread_of(const Signal& signal, double h) {
    const double twice = 2.0 * signal.decay;
    return twice * h > 1e-12 ? signal.variance * -std::expm1(-twice * h) / twice : signal.variance * h;
}

Solution solution_of(const Parameters& market, const Step& step, const Riccati& loop, double h) {
    const double K = market.trading_cost;
    const auto u = static_cast<Eigen::Index>(2 + market.signals.size());
    Solution made;
    Coefficients& A = made.coefficients;
    A.Aqq = -2.0 * loop.X(0, 0);
    A.Aql = 2.0 * loop.X(0, 1);
    A.All = 2.0 * loop.X(1, 1);
    made.gains.position = K * loop.feedback[0];
    made.gains.level = K * loop.feedback[1];
    std::vector<double> carried;
    std::vector<double> rewards;
    std::vector<double> pulls;
    for (std::size_t j = 0; j < market.signals.size(); ++j) {
        const auto x = static_cast<Eigen::Index>(2 + j);
        carried.push_back(step.transition(x, x));
        rewards.push_back(step.reward(x, u));
        const SignalSolution part =
            signal_part(loop, carried[j], Eigen::Vector2d(step.reward(0, x), step.reward(1, x)), rewards[j]);
        A.Aqx.push_back(2.0 * part.value[0]);
        A.Alx.push_back(2.0 * part.value[1]);
        pulls.push_back(part.gain);
        made.gains.signal.push_back(K * part.gain);
    }
    // The signals' own part: X22 (1 - e_i e_j) = -curvature p_i p_j: what the best u adds.
    const std::size_t count = market.signals.size();
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
            A.Axx.push_back(-2.0 * loop.curvature() * pulls[i] * pulls[j] / (1.0 - carried[i] * carried[j]));
        }
        A.A0 += 0.5 * A.Axx[i * count + i] * spread_of(market.signals[i], h);
    }
    A.A0 /= std::expm1(market.discount * h);
    return made;
}

}  // namespace

Result<SampledRule> sampled(const Parameters& parameters, double step) {
    SLIPCAST_CHECK(parameters.validate());
    if (!(std::isfinite(step) && step > 0.0)) {
        return invalid_value("step", fmt::format("{}", step), "must be finite and > 0 days");
    }
    const Step held = discounted_step(parameters, step);
    const Eigen::Index u = held.reward.rows() - 1;
    Riccati loop;
    // The rate that is held is the input, not part of the state that is discounted.
    loop.A = held.transition.topLeftCorner<2, 2>();
    loop.B = held.transition.block<2, 1>(0, u);
    loop.Q = held.reward.topLeftCorner<2, 2>();
    loop.S = held.reward.block<2, 1>(0, u);
    loop.R = held.reward(u, u);
    if (!(loop.R < 0.0))
        return unstable("the cost of trading over one step must exceed what its own impact earns", loop.R);
    loop.solve();
    if (!(loop.residual < kResidualAllowed && loop.curvature() < 0.0)) {
        return unstable("the discrete Riccati equation has no stabilizing solution: residual", loop.residual);
    }
    const double undo = std::exp(0.5 * parameters.discount * step);
    const Eigen::Matrix2d closed = undo * (loop.A + loop.B * loop.feedback);
    const Eigen::Vector2cd multipliers = closed.eigenvalues();
    const double largest = std::max(std::abs(multipliers[0]), std::abs(multipliers[1]));
    if (!(parameters.impact_decay > 0.0 ? largest < 1.0 : largest <= 1.0 + 1e-9)) {
        return unstable("the sampled closed loop must decay: largest multiplier", largest);
    }
    Solution solution = solution_of(parameters, held, loop, step);
    return SampledRule{
        Rule(parameters, std::move(solution)), step, {multipliers[0], multipliers[1]}, loop.iterations, loop.residual};
}

}  // namespace slipcast::control
