#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cmath>

#include "slipcast/control/exact.hpp"
#include "slipcast/control/multi_asset.hpp"
#include "slipcast/control/study.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::bench {
namespace {

using Eigen::MatrixXd;

/// The published example on the factor grid: M, N, P, value and error estimate.
void exact_policy(benchmark::State& state) {
    const control::StudyOptions study;
    const auto nodes = static_cast<int>(state.range(0));
    const control::GridOptions grid{.nodes = nodes};
    const control::Parameters parameters = study.parameters();
    const control::FactorModel model = study.fast(0.1);
    const auto policy = control::ExactPolicy::solve(parameters, model, grid);
    if (!policy || std::abs(policy->gains({.first = 0.4}).position + 0.97662618) > 0.35 / (nodes * nodes)) {
        state.SkipWithError("M(0.4) differs from the second method's");
        return;
    }
    state.counters["error of M(0.4)"] = std::abs(policy->gains({.first = 0.4}).position + 0.97662618);
    for (auto _ : state) benchmark::DoNotOptimize(control::ExactPolicy::solve(parameters, model, grid));
}
BENCHMARK(exact_policy)->Arg(100)->Arg(350)->Arg(400)->Unit(benchmark::kMicrosecond);

/// The exact price of one linear rule on a grid that stands.
void exact_price(benchmark::State& state) {
    const control::StudyOptions study;
    const auto policy = control::ExactPolicy::solve(study.parameters(), study.fast(0.1));
    const auto rule = control::study_rule(control::StudyRule::constant, study, 0.1, *policy);
    if (std::abs(control::loss_bps(policy->price(*rule)->mean_value(), policy->value().mean_value()) - 23.8) > 0.1) {
        state.SkipWithError("the loss of the rule without the factor is not the published 23.8 bps");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(policy->price(*rule));
}
BENCHMARK(exact_price)->Unit(benchmark::kMicrosecond);

/// n assets with n signals, general matrices.
void many_assets(benchmark::State& state) {
    const Eigen::Index n = state.range(0);
    RandomStream stream(1, "bench.control", static_cast<std::uint64_t>(n));
    const auto drawn = [&] {
        return MatrixXd(MatrixXd::NullaryExpr(n, n, [&] { return 2.0 * stream.next_uniform() - 1.0; }));
    };
    const MatrixXd identity = MatrixXd::Identity(n, n);
    const MatrixXd one = drawn();
    const MatrixXd two = drawn();
    const double size = static_cast<double>(n);
    control::MultiAssetProblem problem;
    problem.trading_cost = one * one.transpose() / size + identity;
    problem.covariance = 0.2 * (two * two.transpose() / size + 0.5 * identity);
    problem.impact = 0.1 * identity + 0.01 / size * drawn();
    problem.impact_decay = 0.1 * identity + 0.01 / size * drawn();
    problem.loadings = identity;
    problem.signal_decay = Eigen::VectorXd::LinSpaced(n, 0.5, 1.5).asDiagonal();
    problem.signal_covariance = identity;
    problem.risk_aversion = 5.0;
    problem.discount = 0.2;
    const auto rule = control::solve_multi_asset(problem, control::MultiAssetPath::general);
    if (!rule || rule->residual() > 1e-13) {
        state.SkipWithError("the Riccati equation is not solved to rounding");
        return;
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(control::solve_multi_asset(problem, control::MultiAssetPath::general));
    }
}
BENCHMARK(many_assets)->Arg(1)->Arg(10)->Arg(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace slipcast::bench
