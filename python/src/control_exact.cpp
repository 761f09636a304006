#include <nanobind/eigen/dense.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>

#include "control.hpp"
#include "slipcast/control/calibrate.hpp"
#include "slipcast/control/exact.hpp"
#include "slipcast/control/multi_asset.hpp"
#include "slipcast/control/study.hpp"

namespace slipcast::python {
namespace {

using control::ExactPolicy;
using control::Factor;
using control::FactorState;
using control::MultiAssetRule;

/// kind, mean, mean_reversion, volatility, speed, correlations.
using FactorNumbers = std::tuple<std::string, double, double, double, double, std::vector<double>>;

Factor factor_of(const FactorNumbers& numbers) {
    const auto& [kind, mean, mean_reversion, volatility, speed, correlation] = numbers;
    return {.kind = kind == "square_root" ? control::FactorKind::square_root : control::FactorKind::gaussian,
            .mean = mean,
            .mean_reversion = mean_reversion,
            .volatility = volatility,
            .speed = speed,
            .signal_correlation = correlation};
}

ExactPolicy exact_policy(const control::Parameters& parameters, const FactorNumbers& first,
                         const std::optional<FactorNumbers>& second,
                         const std::optional<std::function<double(double, double)>>& variance, double correlation,
                         const std::tuple<int, int, double>& grid) {
    control::FactorModel model;
    model.first = factor_of(first);
    if (second) model.second = factor_of(*second);
    if (variance) model.variance = *variance;
    model.correlation_between = correlation;
    const auto& [nodes, second_nodes, tail] = grid;
    return taken(ExactPolicy::solve(parameters, model, {.nodes = nodes, .second_nodes = second_nodes, .tail = tail}));
}

nb::list numbers_at(const ExactPolicy& policy, const std::function<double(std::size_t)>& value) {
    nb::list made;
    for (std::size_t node = 0; node < policy.grid()->size(); ++node) made.append(value(node));
    return made;
}

/// Columns of gains, one number a node (the signal's: node after node).
struct RuleNumbers {
    std::vector<double> position, level, signal, shift;
};

control::PricedRule priced(const ExactPolicy& policy, const RuleNumbers& rule, double horizon, bool risk,
                           bool discounted) {
    const std::size_t signals = policy.parameters().signals.size();
    const std::size_t nodes = policy.grid()->size();
    if (rule.position.size() != nodes || rule.level.size() != nodes || rule.shift.size() != nodes ||
        rule.signal.size() != nodes * signals) {
        raise(Error{ErrorCode::inconsistent,
                    "rule",
                    std::to_string(rule.position.size()),
                    "needs one number a node (" + std::to_string(nodes) + ")",
                    {}});
    }
    std::size_t node = 0;
    const control::LinearRule gains = [&](const FactorState&) {
        const std::size_t at = node++;
        control::Gains made{
            .position = rule.position[at], .level = rule.level[at], .signal = {}, .shift = rule.shift[at]};
        for (std::size_t j = 0; j < signals; ++j) made.signal.push_back(rule.signal[at * signals + j]);
        return made;
    };
    control::Objective objective;
    objective.horizon = horizon;
    objective.risk = risk;
    objective.discounted = discounted;
    return taken(policy.price(gains, objective));
}

double value_of(const control::PricedRule& rule, const FactorState& state, double position, double level,
                const std::vector<double>& signal) {
    if (signal.size() != rule.columns().signals()) {
        raise(invalid_value("signal", std::to_string(signal.size()) + " numbers", "needs one number a signal"));
    }
    return rule.value(state, {.position = position, .level = level, .signal = signal});
}

void bind_policy(nb::module_& module) {
    nb::class_<control::PricedRule>(module, "ControlPricedRule")
        .def("value",
             [](const control::PricedRule& self, double first, double second, double position, double level,
                const std::vector<double>& signal) {
                 return value_of(self, {.first = first, .second = second}, position, level, signal);
             })
        .def("mean_value", &control::PricedRule::mean_value);
    nb::class_<ExactPolicy>(module, "ControlExact")
        .def("gains",
             [](const ExactPolicy& self, double first, double second) {
                 const FactorState state{.first = first, .second = second};
                 nb::dict made = symbols_of(self.gains(state));
                 const control::ValueColumns& value = self.value().columns();
                 made["A0"] = self.grid()->interpolated(value.column(value.constant()), state);
                 return made;
             })
        .def("value",
             [](const ExactPolicy& self, double first, double second, double position, double level,
                const std::vector<double>& signal) {
                 return value_of(self.value(), {.first = first, .second = second}, position, level, signal);
             })
        .def("mean_value", [](const ExactPolicy& self) { return self.value().mean_value(); })
        .def("contains", [](const ExactPolicy& self, double first,
                            double second) { return self.grid()->contains({.first = first, .second = second}); })
        .def("states",
             [](const ExactPolicy& self) {
                 nb::dict made;
                 made["first"] = numbers_at(self, [&](std::size_t n) { return self.grid()->state(n).first; });
                 made["second"] = numbers_at(self, [&](std::size_t n) { return self.grid()->state(n).second; });
                 made["variance"] = numbers_at(self, [&](std::size_t n) { return self.grid()->variance(n); });
                 made["weight"] = numbers_at(self, [&](std::size_t n) { return self.grid()->weight(n); });
                 return made;
             })
        .def("summary",
             [](const ExactPolicy& self) {
                 nb::dict made;
                 made["iterations"] = self.summary().iterations;
                 made["residual"] = self.summary().residual;
                 made["lowest_rate"] = self.summary().lowest_rate;
                 made["discretization"] = self.summary().discretization;
                 return made;
             })
        .def("price",
             [](const ExactPolicy& self, std::vector<double> position, std::vector<double> level,
                std::vector<double> signal, std::vector<double> shift, double horizon, bool risk, bool discounted) {
                 return priced(self, {std::move(position), std::move(level), std::move(signal), std::move(shift)},
                               horizon, risk, discounted);
             });
    module.def("control_exact", &exact_policy, nb::arg("parameters"), nb::arg("first"), nb::arg("second").none(),
               nb::arg("variance").none(), nb::arg("correlation"), nb::arg("grid"));
}

void bind_multi_asset(nb::module_& module) {
    using Eigen::MatrixXd;
    nb::class_<MultiAssetRule>(module, "ControlMultiAsset")
        .def_prop_ro("position_gain", [](const MultiAssetRule& self) { return MatrixXd(self.position_gain()); })
        .def_prop_ro("impact_gain", [](const MultiAssetRule& self) { return MatrixXd(self.impact_gain()); })
        .def_prop_ro("signal_gain", [](const MultiAssetRule& self) { return MatrixXd(self.signal_gain()); })
        .def_prop_ro("value_matrix", [](const MultiAssetRule& self) { return MatrixXd(self.value_matrix()); })
        .def_prop_ro("constant", &MultiAssetRule::constant)
        .def_prop_ro("iterations", &MultiAssetRule::iterations)
        .def_prop_ro("residual", &MultiAssetRule::residual);
    module.def("control_multi_asset",
               [](const std::vector<MatrixXd>& matrices, double risk_aversion, double discount, bool general) {
                   const control::MultiAssetProblem problem{matrices.at(0), matrices.at(1), matrices.at(2),
                                                            matrices.at(3), matrices.at(4), matrices.at(5),
                                                            matrices.at(6), risk_aversion,  discount};
                   auto rule = [&] {
                       const nb::gil_scoped_release released;
                       return control::solve_multi_asset(
                           problem, general ? control::MultiAssetPath::general : control::MultiAssetPath::automatic);
                   }();
                   return taken(std::move(rule));
               });
}

SharedTable shared(Table table) {
    return std::make_shared<const Table>(std::move(table));
}

std::vector<SharedTable> compared(const Texts& texts, nb::object progress) {
    control::StudyOptions options;
    control::SimulationOptions simulation;
    simulation.paths = 2'000;
    set_all({options.settings(), simulation.settings()}, texts);
    PythonProgress watcher{std::move(progress)};
    auto tables = [&]() -> Result<std::vector<SharedTable>> {
        const nb::gil_scoped_release released;
        SLIPCAST_TRY(fast, control::fast_loss_table(options));
        SLIPCAST_TRY(slow, control::slow_loss_table(options));
        SLIPCAST_TRY(states, control::states_table(options));
        SLIPCAST_TRY(paired, control::paired_study(options, simulation, watcher.callback()));
        SLIPCAST_TRY(guards, control::guard_study(options, simulation, watcher.callback()));
        return std::vector<SharedTable>{shared(std::move(fast)), shared(std::move(slow)), shared(std::move(states)),
                                        shared(std::move(paired.table)), shared(std::move(guards.table))};
    }();
    watcher.finish();
    return taken(std::move(tables));
}

std::vector<SharedTable> simulated(const Texts& texts, nb::object progress) {
    control::StudyOptions options;
    control::SimulationOptions simulation;
    simulation.paths = 2'000;
    set_all({options.settings(), simulation.settings()}, texts);
    PythonProgress watcher{std::move(progress)};
    auto tables = [&]() -> Result<std::vector<SharedTable>> {
        const nb::gil_scoped_release released;
        SLIPCAST_TRY(paired, control::paired_study(options, simulation, watcher.callback()));
        return std::vector<SharedTable>{shared(control::simulation_table(paired.simulation)),
                                        shared(std::move(paired.table))};
    }();
    watcher.finish();
    return taken(std::move(tables));
}

nb::tuple interval_of(const control::Estimate& estimate) {
    return nb::make_tuple(estimate.value, estimate.low, estimate.high);
}

using Numbers = std::vector<double>;
using Blocks = std::vector<std::int64_t>;

control::CalibrationOptions calibration_options(const Texts& texts) {
    control::CalibrationOptions options;
    set_all({options.settings()}, texts);
    return options;
}

void bind_calibration(nb::module_& module) {
    module.def("calibration_settings", [] {
        control::CalibrationOptions options;
        return described({options.settings()});
    });
    module.def("control_estimate_signal",
               [](const Numbers& x, const Blocks& block, double spacing, const Texts& texts) {
                   const auto made = taken(control::estimate_signal({x, block, spacing}, calibration_options(texts)));
                   nb::dict all;
                   all["signal_decay"] = interval_of(made.decay);
                   all["signal_variance"] = interval_of(made.variance);
                   return all;
               });
    module.def("control_estimate_loading", [](const Numbers& x, const Blocks& block, double spacing,
                                              const Numbers& next_return, double decay, const Texts& texts) {
        return interval_of(
            taken(control::estimate_loading({x, block, spacing}, next_return, decay, calibration_options(texts))));
    });
    module.def("control_estimate_variance",
               [](const Numbers& v, const Blocks& block, double spacing, bool joined, const Texts& texts) {
                   control::CalibrationOptions options = calibration_options(texts);
                   options.joined = joined;
                   const auto made = taken(control::estimate_variance({v, block, spacing}, options));
                   nb::dict all;
                   all["mean_variance"] = interval_of(made.mean);
                   all["fast_speed"] = interval_of(made.components.front().speed);
                   all["fast_variance"] = interval_of(made.components.front().variance);
                   if (made.components.size() > 1) {
                       all["slow_speed"] = interval_of(made.components[1].speed);
                       all["slow_variance"] = interval_of(made.components[1].variance);
                   }
                   all["note"] = made.note;
                   return all;
               });
    module.def("control_estimate_impact", [](const Numbers& r, const Blocks& block, double spacing, const Numbers& flow,
                                             const Texts& texts) {
        const auto made = taken(control::estimate_impact({r, block, spacing}, flow, calibration_options(texts)));
        nb::dict all;
        all["impact"] = interval_of(made.impact);
        if (made.decay) all["impact_decay"] = interval_of(*made.decay);
        all["note"] = made.note;
        return all;
    });
    module.def("control_estimate_cost", [](const Numbers& slippage, const Blocks& block, const Numbers& rate,
                                           const Numbers& weight, const Texts& texts) {
        const auto made =
            taken(control::estimate_trading_cost({slippage, block, 1.0}, rate, weight, calibration_options(texts)));
        nb::dict all;
        all["trading_cost"] = interval_of(made.trading_cost);
        all["fixed_cost"] = interval_of(made.fixed);
        return all;
    });
}

}  // namespace

void bind_control_exact(nb::module_& module) {
    bind_policy(module);
    bind_multi_asset(module);
    bind_calibration(module);
    module.def("study_settings", [] {
        control::StudyOptions options;
        control::SimulationOptions simulation;
        simulation.paths = 2'000;
        return described({options.settings(), simulation.settings()});
    });
    module.def("control_compare", &compared, nb::arg("options"), nb::arg("progress").none());
    module.def("control_simulate", &simulated, nb::arg("options"), nb::arg("progress").none());
}

}  // namespace slipcast::python
