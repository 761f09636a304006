#include "control.hpp"

#include <nanobind/stl/optional.h>

namespace slipcast::python {
namespace {

using control::ExecutionConfig;
using control::OptimalExecution;
using control::Trader;

control::TraderOptions trader_options(const control::Parameters& market, const control::FactorRule* factors,
                                      const Texts& texts) {
    control::TraderOptions options;
    options.market = market;
    if (factors != nullptr) options.factors = factors->factors();
    set_all({options.guards.switches(), options.guards.thresholds()}, texts);
    return options;
}

nb::object outcome_of(const control::RecalibrationOutcome& outcome) {
    if (!outcome.record) return nb::make_tuple(nb::none(), outcome.reason);
    return nb::make_tuple(
        nb::make_tuple(outcome.record->time, outcome.record->before, outcome.record->after, outcome.record->factor),
        outcome.reason);
}

nb::list history_of(const std::vector<control::RecalibrationRecord>& history) {
    nb::list all;
    for (const auto& record : history) {
        all.append(nb::make_tuple(record.time, record.before, record.after, record.factor));
    }
    return all;
}

void bind_trader(nb::module_& module) {
    nb::class_<Trader>(module, "ControlTrader")
        .def_static(
            "make",
            [](const control::Parameters& market, const control::FactorRule* factors, const Texts& guards,
               double start) { return taken(Trader::make(trader_options(market, factors, guards), start)); },
            nb::arg("market"), nb::arg("factors").none(), nb::arg("guards"), nb::arg("start"))
        .def_static(
            "restore",
            [](const control::Parameters& market, const control::FactorRule* factors, const Texts& guards,
               const std::string& state) {
                return taken(Trader::restore(trader_options(market, factors, guards), state));
            },
            nb::arg("market"), nb::arg("factors").none(), nb::arg("guards"), nb::arg("state"))
        .def("decide",
             [](const Trader& self, double time, double position, const std::vector<double>& signal, double variance,
                double factor, double volatility, double step, double impact_level) {
                 return decision_of(taken(self.decide({.time = time,
                                                       .position = position,
                                                       .signal = signal,
                                                       .variance = variance,
                                                       .factor = factor,
                                                       .volatility = volatility,
                                                       .step = step,
                                                       .impact_level = impact_level})));
             })
        .def("record", [](Trader& self, double time, double quantity, double days,
                          double slippage) { taken(self.record({time, quantity, days, slippage})); })
        .def("recalibrate", [](Trader& self, double time) { return outcome_of(self.recalibrate(time)); })
        .def("recalibrate_measured",
             [](Trader& self, double time, double realized, double expected, std::int64_t fills) {
                 return outcome_of(self.recalibrate(time, {realized, expected, fills}));
             })
        .def("state", &Trader::state)
        .def("turnover", &Trader::turnover)
        .def("impact_level", [](const Trader& self, double time) { return self.impact_level(time); })
        .def_prop_ro("impact", &Trader::impact)
        .def_prop_ro("slippage_ratio", &Trader::slippage_ratio)
        .def_prop_ro("coefficients",
                     [](const Trader& self) { return symbols_of(self.rule().coefficients(), self.rule().gains()); })
        .def_prop_ro("history", [](const Trader& self) { return history_of(self.history()); });
    module.def("guard_settings", [] {
        control::GuardOptions options;
        return described({options.switches(), options.thresholds()});
    });
}

nb::dict config_of(const ExecutionConfig& config) {
    ExecutionConfig copy = config;
    nb::dict all;
    for (const Setting& setting : copy.settings().all()) all[setting.name.c_str()] = setting.get();
    return all;
}

nb::dict summary_of(const OptimalExecution& self) {
    const control::ExecutionSummary summary = self.get_execution_summary();
    nb::dict all;
    all["time"] = summary.time;
    all["current_position"] = summary.position;
    all["target_exposure"] = summary.target_exposure;
    all["trading_rate"] = summary.trading_rate;
    all["tracking_speed"] = summary.tracking_speed;
    all["price_impact"] = summary.price_impact;
    all["lambda_impact"] = summary.lambda_impact;
    all["coefficients"] = symbols_of(summary.coefficients, summary.gains);
    all["kappa_fast"] = summary.fast_correction;
    all["kappa_slow"] = summary.slow_correction;
    all["fast_factor"] = summary.fast_factor;
    all["slow_factor"] = summary.slow_factor;
    all["total_cost"] = summary.total_cost;
    all["turnover"] = summary.turnover;
    all["slippage_ratio"] = summary.slippage_ratio;
    all["last_recalibration"] = summary.last_recalibration;
    all["recalibrations"] = history_of(summary.recalibrations);
    all["guards"] = summary.guards;
    return all;
}

void bind_execution(nb::module_& module) {
    nb::class_<OptimalExecution>(module, "ControlExecution")
        .def_static("make",
                    [](const Texts& texts) {
                        ExecutionConfig config;
                        set_all({config.settings()}, texts);
                        return taken(OptimalExecution::make(config));
                    })
        .def_static("load", [](const std::string& text) { return taken(OptimalExecution::load(text)); })
        .def("save", &OptimalExecution::save)
        .def_prop_ro("config", [](const OptimalExecution& self) { return config_of(self.config()); })
        .def_prop_ro("position", &OptimalExecution::position)
        .def_prop_ro("price_impact", &OptimalExecution::price_impact)
        .def_prop_ro("fast_factor", &OptimalExecution::fast_factor)
        .def_prop_ro("slow_factor", &OptimalExecution::slow_factor)
        .def("set_position", [](OptimalExecution& self, double position) { taken(self.set_position(position)); })
        .def("set_factors", [](OptimalExecution& self, double y, double z) { taken(self.set_factors(y, z)); })
        .def("compute_target_exposure",
             [](const OptimalExecution& self, double bias) { return taken(self.compute_target_exposure(bias)); })
        .def("compute_trading_rate",
             [](OptimalExecution& self, double bias, double current_vol, double dt) {
                 return decision_of(taken(self.compute_trading_rate(bias, current_vol, dt)));
             })
        .def("update_price_impact", [](OptimalExecution& self, double trading_rate,
                                       double dt) { return taken(self.update_price_impact(trading_rate, dt)); })
        .def("cost", &OptimalExecution::cost)
        .def("calibrate_from_slippage",
             [](OptimalExecution& self, double realized, double expected, std::int64_t fills) {
                 return outcome_of(self.calibrate_from_slippage({realized, expected, fills}));
             })
        .def("get_execution_summary", &summary_of);
    module.def("execution_settings", [] {
        ExecutionConfig config;
        return described({config.settings()});
    });
}

}  // namespace

nb::tuple decision_of(const control::Decision& decision) {
    nb::list guards;
    nb::list reasons;
    for (const control::GuardAction& action : decision.flags()) {
        guards.append(std::string{name(action.guard)});
        reasons.append(control::reason(action));
    }
    return nb::make_tuple(decision.trade, decision.aim, decision.rate, decision.unguarded, guards, reasons);
}

void bind_control_trader(nb::module_& module) {
    bind_trader(module);
    bind_execution(module);
}

}  // namespace slipcast::python
