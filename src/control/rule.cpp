#include "slipcast/control/rule.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <utility>

#include "closed_form.hpp"
#include "taylor.hpp"

namespace slipcast::control {
namespace {

using detail::ClosedLoop;
using detail::SignalPart;
using detail::Taylor;

Solution sized(std::size_t signals) {
    Solution solution;
    solution.gains.signal.resize(signals);
    solution.coefficients.Aqx.resize(signals);
    solution.coefficients.Alx.resize(signals);
    solution.coefficients.Axx.resize(signals * signals);
    return solution;
}

/// The closed form at `variance`, handed to `put(solution member, number)` so that one formula serves the solution and
/// its derivatives.
template <typename Number, typename Put>
void fill(const Parameters& market, const Number& variance, const Put& put) {
    const ClosedLoop<Number> loop(market, variance);
    put([](Solution& s) -> double& { return s.gains.position; }, loop.M);
    put([](Solution& s) -> double& { return s.gains.level; }, loop.N);
    put([](Solution& s) -> double& { return s.coefficients.Aqq; }, loop.Aqq);
    put([](Solution& s) -> double& { return s.coefficients.Aql; }, loop.Aql);
    put([](Solution& s) -> double& { return s.coefficients.All; }, loop.All);
    Number constant = 0.0;
    const std::size_t count = market.signals.size();
    for (std::size_t j = 0; j < count; ++j) {
        const SignalPart<Number> part(market, loop, market.signals[j]);
        put([j](Solution& s) -> double& { return s.gains.signal[j]; }, part.P);
        put([j](Solution& s) -> double& { return s.coefficients.Aqx[j]; }, part.Aqx);
        put([j](Solution& s) -> double& { return s.coefficients.Alx[j]; }, part.Alx);
        for (std::size_t i = 0; i <= j; ++i) {
            const double decay = market.discount + market.signals[i].decay + market.signals[j].decay;
            const Number other = i == j ? part.P : SignalPart<Number>(market, loop, market.signals[i]).P;
            const Number Axx = other * part.P / (market.trading_cost * decay);
            put([=](Solution& s) -> double& { return s.coefficients.Axx[i * count + j]; }, Axx);
            if (i != j) put([=](Solution& s) -> double& { return s.coefficients.Axx[j * count + i]; }, Axx);
            if (i == j) constant = constant + market.signals[j].variance * Axx / (2.0 * market.discount);
        }
    }
    put([](Solution& s) -> double& { return s.coefficients.A0; }, constant);
}

void fill_values(const Parameters& market, Solution& solution) {
    fill<double>(market, market.variance, [&](const auto& member, double number) { member(solution) = number; });
}

/// |sum of the terms| over the largest of them.
double relative(std::initializer_list<double> terms) {
    double sum = 0.0;
    double largest = 0.0;
    for (const double term : terms) {
        sum += term;
        largest = std::max(largest, std::abs(term));
    }
    return largest > 0.0 ? std::abs(sum) / largest : 0.0;
}

}  // namespace

Rule::Rule(Parameters parameters, Solution solution)
    : parameters_(std::move(parameters)), solution_(std::move(solution)) {
    const std::size_t signals = parameters_.signals.size();
    SLIPCAST_ASSERT(solution_.gains.signal.size() == signals && solution_.coefficients.Aqx.size() == signals &&
                        solution_.coefficients.Alx.size() == signals &&
                        solution_.coefficients.Axx.size() == signals * signals,
                    "a solution has one entry a signal");
    signal_gain_.resize(signals);
    scale();
}

void Rule::scale() {
    const double K = parameters_.trading_cost;
    position_gain_ = solution_.gains.position / K;
    level_gain_ = solution_.gains.level / K;
    for (std::size_t j = 0; j < signal_gain_.size(); ++j) signal_gain_[j] = solution_.gains.signal[j] / K;
}

double Rule::aim(double level, std::span<const double> signal) const {
    return decide(0.0, level, signal) / rate();
}

double Rule::decide(double position, double level, std::span<const double> signal) const {
    SLIPCAST_ASSERT(signal.size() == signal_gain_.size(), "one number a signal");
    double pull = level_gain_ * level;
    for (std::size_t j = 0; j < signal.size(); ++j) pull += signal_gain_[j] * signal[j];
    return position_gain_ * position + pull;
}

void Rule::decide(const States& states, std::span<double> trade) const {
    const std::size_t count = trade.size();
    const std::size_t signals = signal_gain_.size();
    SLIPCAST_ASSERT(
        states.position.size() == count && states.level.size() == count && states.signal.size() == count * signals,
        "columns of one length");
    if (signals != 1) {
        for (std::size_t i = 0; i < count; ++i) {
            trade[i] = decide(states.position[i], states.level[i], states.signal.subspan(i * signals, signals));
        }
        return;
    }
    const double m = position_gain_;
    const double n = level_gain_;
    const double p = signal_gain_.front();
    for (std::size_t i = 0; i < count; ++i) {
        trade[i] = m * states.position[i] + (n * states.level[i] + p * states.signal[i]);
    }
}

double Rule::value(double position, double level, std::span<const double> signal) const {
    SLIPCAST_ASSERT(signal.size() == signal_gain_.size(), "one number a signal");
    const Coefficients& A = solution_.coefficients;
    double sum = A.A0 - 0.5 * A.Aqq * position * position + A.Aql * position * level + 0.5 * A.All * level * level;
    for (std::size_t i = 0; i < signal.size(); ++i) {
        double row = A.Aqx[i] * position + A.Alx[i] * level;
        for (std::size_t j = 0; j < signal.size(); ++j) row += 0.5 * A.Axx[i * signal.size() + j] * signal[j];
        sum += row * signal[i];
    }
    return sum;
}

Result<void> Rule::renew(double variance) {
    const double before = std::exchange(parameters_.variance, variance);
    if (const auto valid = parameters_.stable(); !valid) {
        parameters_.variance = before;
        return valid.error();
    }
    fill_values(parameters_, solution_);
    scale();
    return {};
}

Result<Rule> solve(const Parameters& parameters) {
    SLIPCAST_CHECK(parameters.validate());
    Solution solution = sized(parameters.signals.size());
    fill_values(parameters, solution);
    return Rule(parameters, std::move(solution));
}

Result<Derivatives> derivatives(const Parameters& parameters) {
    SLIPCAST_CHECK(parameters.validate());
    const std::size_t signals = parameters.signals.size();
    Derivatives made{sized(signals), sized(signals)};
    fill<Taylor>(parameters, Taylor(parameters.variance, 1.0, 0.0), [&](const auto& member, const Taylor& number) {
        member(made.first) = number.first;
        member(made.second) = number.second;
    });
    return made;
}

std::array<std::complex<double>, 2> eigenvalues(const Parameters& parameters, const Gains& gains) {
    const double K = parameters.trading_cost;
    const double half_trace = 0.5 * ((gains.position + parameters.impact * gains.level) / K - parameters.impact_decay);
    const double product = -parameters.impact_decay * gains.position / K;
    const double discriminant = half_trace * half_trace - product;
    if (discriminant < 0.0) {
        const double turn = std::sqrt(-discriminant);
        return {std::complex<double>(half_trace, turn), std::complex<double>(half_trace, -turn)};
    }
    // The larger one first, the other from the product: no cancellation.
    const double fast = half_trace <= 0.0 ? half_trace - std::sqrt(discriminant) : half_trace + std::sqrt(discriminant);
    return {std::complex<double>(fast, 0.0), std::complex<double>(fast != 0.0 ? product / fast : 0.0, 0.0)};
}

double residual(const Parameters& parameters, const Solution& solution) {
    const Coefficients& A = solution.coefficients;
    const double K = parameters.trading_cost;
    const double rho = parameters.discount;
    const double beta = parameters.impact_decay;
    const double M = solution.gains.position;
    const double N = solution.gains.level;
    double worst = std::max({relative({rho * A.Aqq, -parameters.risk_aversion * parameters.variance, M * M / K}),
                             relative({(rho + beta) * A.Aql, beta, -M * N / K}),
                             relative({(rho + 2.0 * beta) * A.All, -N * N / K})});
    double constant = 0.0;
    const std::size_t count = parameters.signals.size();
    for (std::size_t j = 0; j < count; ++j) {
        const Signal& signal = parameters.signals[j];
        const double P = solution.gains.signal[j];
        worst = std::max({worst, relative({(rho + signal.decay) * A.Aqx[j], -signal.loading, -M * P / K}),
                          relative({(rho + beta + signal.decay) * A.Alx[j], -N * P / K})});
        for (std::size_t i = 0; i < count; ++i) {
            const double decay = rho + parameters.signals[i].decay + signal.decay;
            worst = std::max(worst, relative({decay * A.Axx[i * count + j], -solution.gains.signal[i] * P / K}));
        }
        constant += signal.variance * A.Axx[j * count + j] / 2.0;
    }
    return std::max(worst, relative({rho * A.A0, -constant}));
}

}  // namespace slipcast::control
