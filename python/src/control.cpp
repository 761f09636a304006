#include "control.hpp"

#include <nanobind/stl/array.h>
#include <nanobind/stl/complex.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>

namespace slipcast::python {
namespace {

using control::FactorRule;
using control::Factors;
using control::FastFactor;
using control::Parameters;
using control::Rule;

nb::object one_or_list(const std::vector<double>& values) {
    if (values.size() == 1) return nb::float_(values.front());
    return nb::cast(values);
}

std::shared_ptr<Parameters> parameters_of(const std::vector<double>& market, const std::vector<double>& decay,
                                          const std::vector<double>& variance, const std::vector<double>& loading) {
    auto made = std::make_shared<Parameters>();
    made->trading_cost = market.at(0);
    made->impact = market.at(1);
    made->impact_decay = market.at(2);
    made->risk_aversion = market.at(3);
    made->discount = market.at(4);
    made->variance = market.at(5);
    for (std::size_t j = 0; j < decay.size(); ++j) {
        made->signals.push_back({decay[j], variance.at(j), loading.at(j)});
    }
    return made;
}

void check_columns(const Parameters& market, const DoubleColumn& level, const DoubleColumn& signal, std::size_t count) {
    if (level.size() == count && signal.size() == count * market.signals.size()) return;
    raise(invalid_value("signal", std::to_string(signal.size()), "columns must have one length, one signal a signal"));
}

void check_signal(const Parameters& market, const std::vector<double>& signal) {
    if (signal.size() == market.signals.size()) return;
    raise(invalid_value("signal", std::to_string(signal.size()) + " numbers",
                        "needs one number a signal (" + std::to_string(market.signals.size()) + ")"));
}

void decide_many(const Rule& rule, const DoubleColumn& position, const DoubleColumn& level, const DoubleColumn& signal,
                 const WritableColumn& trade) {
    check_columns(rule.parameters(), level, signal, position.size());
    const nb::gil_scoped_release released;
    rule.decide({span_of(position), span_of(level), span_of(signal)}, {trade.data(), trade.size()});
}

void decide_many_factors(const FactorRule& rule, const DoubleColumn& position, const DoubleColumn& level,
                         const DoubleColumn& signal, const DoubleColumn& factor, const WritableColumn& trade) {
    check_columns(rule.base().parameters(), level, signal, position.size());
    const nb::gil_scoped_release released;
    rule.decide({span_of(position), span_of(level), span_of(signal)}, span_of(factor), {trade.data(), trade.size()});
}

control::FastOrder fast_order(double order) {
    if (order == 1.0) return control::FastOrder::one;
    if (order == 1.5) return control::FastOrder::one_and_half;
    if (order == 2.0) return control::FastOrder::two;
    raise(invalid_value("order", std::to_string(order), "must be 1, 1.5 or 2 for a fast factor"));
}

control::SlowOrder slow_order(double order) {
    if (order == 0.5) return control::SlowOrder::half;
    if (order == 1.0) return control::SlowOrder::one;
    raise(invalid_value("order", std::to_string(order), "must be 0.5 or 1 for a slow factor"));
}

double speed_of(double time_scale) {
    if (time_scale > 0.0) return 1.0 / time_scale;
    raise(invalid_value("time_scale", std::to_string(time_scale), "must be finite and > 0"));
}

void bind_values(nb::class_<Rule>& rule) {
    rule.def_prop_ro("parameters", [](const Rule& self) { return std::make_shared<Parameters>(self.parameters()); })
        .def_prop_ro("coefficients", [](const Rule& self) { return symbols_of(self.coefficients(), self.gains()); })
        .def_prop_ro("rate", &Rule::rate)
        .def_prop_ro("eigenvalues",
                     [](const Rule& self) { return control::eigenvalues(self.parameters(), self.gains()); })
        .def_prop_ro(
            "residual",
            [](const Rule& self) { return control::residual(self.parameters(), {self.coefficients(), self.gains()}); })
        .def("aim",
             [](const Rule& self, double level, const std::vector<double>& signal) {
                 check_signal(self.parameters(), signal);
                 return self.aim(level, signal);
             })
        .def("decide",
             [](const Rule& self, double position, double level, const std::vector<double>& signal) {
                 check_signal(self.parameters(), signal);
                 return self.decide(position, level, signal);
             })
        .def("decide_many", &decide_many)
        .def("value",
             [](const Rule& self, double position, double level, const std::vector<double>& signal) {
                 check_signal(self.parameters(), signal);
                 return self.value(position, level, signal);
             })
        .def("linear_value", [](const Rule& self) {
            const auto value = taken(control::linear_value(self.parameters(), self.gains()));
            return symbols_of(value.quadratic, self.gains());
        });
}

void bind_factor_rule(nb::module_& module) {
    nb::class_<FactorRule>(module, "ControlFactorRule")
        .def_prop_ro("has_fast", &FactorRule::has_fast)
        .def_prop_ro("shift", &FactorRule::shift)
        .def_prop_ro("accuracy",
                     [](const FactorRule& self) {
                         const control::FactorAccuracy& known = self.accuracy();
                         nb::dict all;
                         all["least_rate"] = known.least_rate;
                         all["time_scale_limit"] = known.time_scale_limit;
                         all["fast_next"] = known.fast_next;
                         all["slow_next"] = known.slow_next;
                         all["signal_shift"] = known.signal_shift;
                         return all;
                     })
        .def("gains", [](const FactorRule& self, double factor) { return symbols_of(self.gains(factor)); })
        .def("rate", &FactorRule::rate)
        .def("aim",
             [](const FactorRule& self, double level, const std::vector<double>& signal, double factor) {
                 check_signal(self.base().parameters(), signal);
                 return self.aim(level, signal, factor);
             })
        .def("decide",
             [](const FactorRule& self, double position, double level, const std::vector<double>& signal,
                double factor) {
                 check_signal(self.base().parameters(), signal);
                 return self.decide(position, level, signal, factor);
             })
        .def("decide_many", &decide_many_factors);
}

void bind_factors(nb::module_& module) {
    nb::class_<FastFactor>(module, "ControlFastFactor")
        .def_static("square_root",
                    [](double mean, double mean_reversion, double volatility, double time_scale,
                       const std::vector<double>& correlation) {
                        return taken(FastFactor::square_root({control::FactorKind::square_root, mean, mean_reversion,
                                                              volatility, speed_of(time_scale), correlation}));
                    })
        .def_static("gaussian",
                    [](double mean, double mean_reversion, double volatility, double time_scale,
                       const std::vector<double>& correlation, const std::function<double(double)>& variance) {
                        return taken(FastFactor::gaussian({control::FactorKind::gaussian, mean, mean_reversion,
                                                           volatility, speed_of(time_scale), correlation},
                                                          variance));
                    })
        .def_static("general",
                    [](const std::function<double(double)>& variance, const std::function<double(double)>& drift,
                       const std::function<double(double)>& volatility, const std::array<double, 2>& interval,
                       double time_scale, const std::vector<double>& correlation) {
                        return taken(FastFactor::general({variance, drift, volatility, interval[0], interval[1],
                                                          speed_of(time_scale), correlation}));
                    })
        .def_prop_ro("mean_variance", &FastFactor::mean_variance)
        .def("phi", &FastFactor::phi);
    module.def(
        "control_with_factors",
        [](const Rule& rule, const FastFactor* fast, double order_fast, const std::vector<double>& slow,
           const std::vector<double>& slow_correlation, double order_slow, double correlation_between) {
            Factors factors;
            if (fast != nullptr) {
                factors.fast = *fast;
                factors.fast_order = fast_order(order_fast);
            }
            if (!slow.empty()) {
                factors.slow =
                    control::SlowFactor{slow.at(0), slow.at(1), slow.at(2), slow.at(3), slow.at(4), slow_correlation};
                factors.slow_order = slow_order(order_slow);
            }
            factors.correlation_between = correlation_between;
            return taken(FactorRule::make(rule, factors));
        },
        nb::arg("rule"), nb::arg("fast").none(), nb::arg("fast_order"), nb::arg("slow"), nb::arg("slow_correlation"),
        nb::arg("slow_order"), nb::arg("correlation_between"));
}

void bind_solutions(nb::module_& module) {
    module.def("control_solve", [](const Parameters& parameters) { return taken(control::solve(parameters)); });
    module.def("control_small_impact", [](const Parameters& parameters, double theta) {
        auto made = taken(control::solve_small_impact(parameters, theta));
        nb::dict facts;
        facts["impact_ratio"] = made.impact_ratio;
        facts["decay_ratio"] = made.decay_ratio;
        facts["gain_error"] = made.gain_error;
        facts["value_loss"] = made.value_loss;
        return nb::make_tuple(std::move(made.rule), facts);
    });
    module.def("control_sampled", [](const Parameters& parameters, double step) {
        auto made = taken(control::sampled(parameters, step));
        nb::dict facts;
        facts["multipliers"] = made.multipliers;
        facts["iterations"] = made.iterations;
        facts["equation_residual"] = made.residual;
        return nb::make_tuple(std::move(made.rule), facts);
    });
    module.def("control_derivatives", [](const Parameters& parameters) {
        const auto made = taken(control::derivatives(parameters));
        return nb::make_tuple(symbols_of(made.first.coefficients, made.first.gains),
                              symbols_of(made.second.coefficients, made.second.gains));
    });
    module.def("control_recalibrate",
               [](double impact, double realized, double expected, double least_factor, double largest_factor) {
                   control::RecalibrationOptions options;
                   options.least_factor = least_factor;
                   options.largest_factor = largest_factor;
                   taken(options.validate());
                   if (!(std::isfinite(impact) && impact >= 0.0)) {
                       raise(invalid_value("impact", std::to_string(impact), "must be finite and >= 0"));
                   }
                   const auto made = control::recalibrate(impact, realized, expected, options);
                   return nb::make_tuple(made.impact, made.factor, made.is_informative);
               });
    module.def("control_expected_slippage", &control::expected_slippage);
}

}  // namespace

nb::dict symbols_of(const control::Gains& gains) {
    nb::dict all;
    all["M"] = gains.position;
    all["N"] = gains.level;
    all["P"] = one_or_list(gains.signal);
    all["R"] = gains.shift;
    return all;
}

nb::dict symbols_of(const control::Coefficients& coefficients, const control::Gains& gains) {
    nb::dict all;
    all["Aqq"] = coefficients.Aqq;
    all["Aql"] = coefficients.Aql;
    all["All"] = coefficients.All;
    all["Aqx"] = one_or_list(coefficients.Aqx);
    all["Alx"] = one_or_list(coefficients.Alx);
    const std::size_t count = coefficients.Aqx.size();
    if (count == 1) {
        all["Axx"] = coefficients.Axx.front();
    } else {
        nb::list rows;
        for (std::size_t i = 0; i < count; ++i) {
            const auto row = coefficients.Axx.begin() + static_cast<std::ptrdiff_t>(i * count);
            rows.append(nb::cast(std::vector<double>(row, row + static_cast<std::ptrdiff_t>(count))));
        }
        all["Axx"] = rows;
    }
    all["A0"] = coefficients.A0;
    all["M"] = gains.position;
    all["N"] = gains.level;
    all["P"] = one_or_list(gains.signal);
    return all;
}

void bind_control_rules(nb::module_& module) {
    nb::class_<Parameters>(module, "ControlParameters")
        .def_ro("trading_cost", &Parameters::trading_cost)
        .def_ro("impact", &Parameters::impact)
        .def_ro("impact_decay", &Parameters::impact_decay)
        .def_ro("risk_aversion", &Parameters::risk_aversion)
        .def_ro("discount", &Parameters::discount)
        .def_ro("variance", &Parameters::variance)
        .def_prop_ro("signals",
                     [](const Parameters& self) {
                         nb::list all;
                         for (const auto& s : self.signals) all.append(nb::make_tuple(s.decay, s.variance, s.loading));
                         return all;
                     })
        .def("validate", [](const Parameters& self) { taken(self.validate()); });
    module.def("control_parameters", &parameters_of, nb::arg("market"), nb::arg("signal_decay"),
               nb::arg("signal_variance"), nb::arg("loading"));
    nb::class_<Rule> rule(module, "ControlRule");
    bind_values(rule);
    bind_factor_rule(module);
    bind_factors(module);
    bind_solutions(module);
}

}  // namespace slipcast::python
