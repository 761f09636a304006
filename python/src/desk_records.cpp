#include <fmt/format.h>
#include <nanobind/stl/optional.h>

#include <cmath>
#include <limits>

#include "desk.hpp"
#include "slipcast/core/decimal.hpp"

namespace slipcast::python {
namespace {

using desk::Context;
using desk::Decision;
using desk::Outcome;

/// A decimal as text, or a double that stands for one: exact at 1e-9 or refused.
Price price_of(const std::string& field, const nb::object& value) {
    if (PyFloat_Check(value.ptr())) {
        return Price::from_units(taken(decimal_from_double(nb::cast<double>(value), kPriceDecimals, field)));
    }
    return taken(Price::parse(nb::cast<std::string>(nb::str(value)), field));
}

template <typename Record>
auto set_time(Timestamp Record::* member) {
    return [member](Record& record, std::int64_t ns) { record.*member = Timestamp::from_ns(ns); };
}

/// Nothing is known of a step but what is set: what is not given is missing, not zero.
Context unknown_context() {
    Context context;
    constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
    context.stress = {kMissing, kMissing, kMissing};
    return context;
}

void set_list(const char* field, const std::vector<double>& given, auto& list) {
    if (given.size() > list.values.size()) {
        raise(invalid_value(field, fmt::format("{} numbers", given.size()),
                            fmt::format("must be at most {}", list.values.size())));
    }
    list.size = static_cast<std::uint32_t>(given.size());
    std::copy(given.begin(), given.end(), list.values.begin());
}

void bind_context(nb::module_& module) {
    nb::class_<Context>(module, "DeskContext")
        .def("__init__", [](Context* context) { new (context) Context(unknown_context()); })
        .def("set_time", set_time(&Context::time))
        .def("set_deadline", set_time(&Context::deadline))
        .def("set_quote_time", set_time(&Context::quote_time))
        .def("set_is_target",
             [](Context& self, bool is_target) {
                 self.kind = is_target ? market::OrderKind::target : market::OrderKind::work;
             })
        .def("set_side", [](Context& self, const std::string& side) { self.side = taken(parse_side(side)); })
        .def("set_bid", [](Context& self, const nb::object& price) { self.bid = price_of("bid", price); })
        .def("set_ask", [](Context& self, const nb::object& price) { self.ask = price_of("ask", price); })
        .def("set_reference",
             [](Context& self, const nb::object& price) { self.reference = price_of("reference", price); })
        .def("set_limit_price",
             [](Context& self, const nb::object& price) { self.limit_price = price_of("limit_price", price); })
        .def("set_portfolio",
             [](Context& self, const std::string& rung) {
                 for (const desk::Rung each : {desk::Rung::green, desk::Rung::amber, desk::Rung::red}) {
                     if (name(each) != rung) continue;
                     self.portfolio = each;
                     return;
                 }
                 raise(invalid_value("portfolio", rung, "must be GREEN, AMBER or RED"));
             })
        .def("set_signals",
             [](Context& self, const std::vector<double>& given) { set_list("signals", given, self.signals); })
        .def("set_inputs",
             [](Context& self, const std::vector<double>& given) { set_list("inputs", given, self.inputs); })
        .def_rw("order", &Context::order)
        .def_rw("quantity", &Context::quantity)
        .def_rw("filled", &Context::filled)
        .def_rw("working", &Context::working)
        .def_rw("lot", &Context::lot)
        .def_rw("rule", &Context::rule)
        .def_rw("position", &Context::position)
        .def_rw("position_units", &Context::position_units)
        .def_rw("impact_level", &Context::impact_level)
        .def_rw("day_seconds", &Context::day_seconds)
        .def_rw("unit_value", &Context::unit_value)
        .def_rw("volume_rate", &Context::volume_rate)
        .def_rw("own_volume", &Context::own_volume)
        .def_rw("market_volume", &Context::market_volume)
        .def_rw("symbol_observations", &Context::symbol_observations)
        .def_rw("tier_median_p95_bps", &Context::tier_median_p95_bps)
        .def_prop_rw(
            "volatility_z", [](const Context& self) { return self.stress.volatility_z; },
            [](Context& self, double z) { self.stress.volatility_z = z; })
        .def_prop_rw(
            "spread_z", [](const Context& self) { return self.stress.spread_z; },
            [](Context& self, double z) { self.stress.spread_z = z; })
        .def_prop_rw(
            "depth_z", [](const Context& self) { return self.stress.depth_z; },
            [](Context& self, double z) { self.stress.depth_z = z; });
}

void bind_outcome(nb::module_& module) {
    nb::class_<Outcome>(module, "DeskOutcome")
        .def(nb::init<>())
        .def("set_time", set_time(&Outcome::time))
        .def("set_kind",
             [](Outcome& self, const std::string& kind) {
                 using desk::OutcomeKind;
                 for (const OutcomeKind each : {OutcomeKind::filled, OutcomeKind::rejected, OutcomeKind::finished}) {
                     if (name(each) != kind) continue;
                     self.kind = each;
                     return;
                 }
                 raise(invalid_value("kind", kind, "must be filled, rejected or finished"));
             })
        .def_rw("order", &Outcome::order)
        .def_rw("venue", &Outcome::venue)
        .def_rw("sent", &Outcome::sent)
        .def_rw("filled", &Outcome::filled)
        .def_rw("cost_bps", &Outcome::cost_bps)
        .def_rw("weight", &Outcome::weight)
        .def_prop_rw(
            "is_complete", [](const Outcome& self) { return self.is_complete; },
            [](Outcome& self, std::optional<bool> value) { self.is_complete = value; },
            nb::for_setter(nb::arg("value").none()))
        .def_rw("is_discretionary", &Outcome::is_discretionary);
}

nb::list guards_of(const Decision& decision) {
    nb::list all;
    for (std::size_t i = 0; i < desk::kGuards; ++i) {
        const desk::GuardReading& each = decision.guards[i];
        all.append(nb::make_tuple(std::string(name(static_cast<desk::Guard>(i))), each.value, each.limit,
                                  each.is_passed, each.acted));
    }
    return all;
}

nb::tuple forecast_of(const Decision& decision) {
    const desk::Forecast& f = decision.forecast;
    return nb::make_tuple(f.mean, f.p50, f.p90, f.p95, f.p99, f.tail, f.epistemic_sd, f.aleatoric_sd, f.miss_risk);
}

nb::list candidates_of(const Decision& decision) {
    nb::list all;
    for (std::uint32_t i = 0; i < decision.candidates.size; ++i) {
        const desk::Candidate& each = decision.candidates.values[i];
        all.append(nb::make_tuple(std::string(name(each.tactic)), each.participation, each.score, each.mean, each.tail,
                                  each.miss_risk, each.is_allowed));
    }
    return all;
}

template <typename Read>
void text(nb::class_<Decision>& type, const char* property, const Read& read) {
    type.def_prop_ro(property, [read](const Decision& self) { return std::string(read(self)); });
}

void bind_decision(nb::module_& module) {
    nb::class_<Decision> type(module, "DeskDecision");
    text(type, "action", [](const Decision& d) { return name(d.action); });
    text(type, "reason", [](const Decision& d) { return name(d.reason); });
    text(type, "explanation", [](const Decision& d) {
        std::string text(d.reason == desk::Reason::guard ? desk::text(d.binding) : desk::text(d.reason));
        if (d.field != desk::ContextField::none) text += fmt::format(" ({})", name(d.field));
        return text;
    });
    text(type, "tactic", [](const Decision& d) { return name(d.tactic); });
    text(type, "side", [](const Decision& d) { return d.side == Side::buy ? "buy" : "sell"; });
    text(type, "price", [](const Decision& d) { return d.price.to_string(); });
    text(type, "rung", [](const Decision& d) { return name(d.ladder.rung); });
    text(type, "rung_reason", [](const Decision& d) { return name(d.ladder.reason); });
    text(type, "rung_explanation", [](const Decision& d) { return desk::text(d.ladder.reason); });
    text(type, "binding", [](const Decision& d) { return name(d.binding); });
    text(type, "field", [](const Decision& d) { return name(d.field); });
    type.def_prop_ro("time_ns", [](const Decision& d) { return d.time.ns(); })
        .def_prop_ro("interval_ns", [](const Decision& d) { return d.interval.count(); })
        .def_ro("order", &Decision::order)
        .def_ro("step", &Decision::step)
        .def_ro("participation", &Decision::participation)
        .def_ro("quantity", &Decision::quantity)
        .def_ro("lit", &Decision::lit)
        .def_ro("chosen", &Decision::chosen)
        .def_ro("stress", &Decision::stress)
        .def_ro("cancel_working", &Decision::cancel_working)
        .def_prop_ro("ladder",
                     [](const Decision& d) {
                         const desk::LadderInputs& read = d.ladder.inputs;
                         return nb::make_tuple(read.p95_bps, read.tier_median_p95_bps, read.epistemic_sd_bps,
                                               read.aleatoric_sd_bps, read.symbol_observations, read.is_stressed,
                                               std::string(name(read.portfolio)));
                     })
        .def_prop_ro("is_cold", [](const Decision& d) { return d.ladder.is_cold; })
        .def_prop_ro("dark",
                     [](const Decision& d) {
                         const auto* first = d.dark.values.data();
                         return std::vector<std::int64_t>(first, first + d.dark.size);
                     })
        .def_prop_ro("guards", &guards_of)
        .def_prop_ro("forecast", &forecast_of)
        .def_prop_ro("candidates", &candidates_of)
        .def_prop_ro("model",
                     [](const Decision& d) -> nb::object {
                         if (d.model.digest == 0) return nb::none();
                         return nb::make_tuple(fmt::format("{:016x}", d.model.digest), d.model.updates);
                     })
        .def("same_as", [](const Decision& a, const Decision& b) { return !first_difference(a, b).has_value(); })
        .def("fields", [](const Decision& d) {
            nb::dict all;
            for (const desk::FieldText& each : field_texts(d)) all[each.field.c_str()] = each.text;
            return all;
        });
}

}  // namespace

void bind_desk_records(nb::module_& module) {
    bind_context(module);
    bind_outcome(module);
    bind_decision(module);
    module.def("parse_time", [](const std::string& text, const std::string& field) {
        return taken(Timestamp::parse(text, field)).ns();
    });
}

}  // namespace slipcast::python
