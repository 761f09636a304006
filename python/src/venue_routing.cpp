#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string_view.h>

#include "slipcast/report/venue_page.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/economics.hpp"
#include "slipcast/venue/measured_economics.hpp"
#include "slipcast/venue/proxy.hpp"
#include "slipcast/venue/resubmission.hpp"
#include "slipcast/venue/router.hpp"
#include "slipcast/venue/simulate.hpp"
#include "venue.hpp"

namespace slipcast::python {
namespace {

using venue::Allocator;
using venue::Router;

/// A split and what it is worth.
struct Plan {
    Allocator allocator;
    venue::Split split;
};

Plan plan_of(std::int64_t volume, const std::vector<const venue::Liquidity*>& liquidity,
             const std::vector<double>& values, const std::vector<std::int64_t>& minimums,
             const std::vector<double>& leakage, double leakage_power, std::optional<double> reservation,
             const std::vector<std::int64_t>& largest_sent, const Texts& texts) {
    venue::AllocationOptions options;
    set_all({options.settings()}, texts);
    options.reservation_value = reservation;
    std::vector<venue::VenueTerms> terms;
    for (std::size_t i = 0; i < liquidity.size(); ++i) {
        terms.push_back({.liquidity = *liquidity[i],
                         .value = values.at(i),
                         .leakage_rate = leakage.at(i),
                         .leakage_power = leakage_power,
                         .min_quantity = minimums.at(i),
                         .largest_sent = largest_sent.at(i)});
    }
    Plan plan{taken(Allocator::create(std::move(terms), options)), {}};
    taken(plan.allocator.allocate(volume, plan.split));
    return plan;
}

nb::object last_marginals(const Plan& plan) {
    std::vector<double> values;
    for (std::size_t i = 0; i < plan.split.quantity.size(); ++i) {
        const std::int64_t lots = plan.split.quantity[i];
        values.push_back(lots > 0 ? plan.allocator.marginal(i, lots) : std::nan(""));
    }
    return numpy_array(std::move(values));
}

void bind_allocation(nb::module_& module) {
    nb::class_<Plan>(module, "VenuePlan")
        .def_prop_ro("quantity", [](const Plan& plan) { return numpy_array(plan.split.quantity); })
        .def_prop_ro("outside", [](const Plan& plan) { return plan.split.outside; })
        .def_prop_ro("threshold", [](const Plan& plan) { return plan.split.threshold; })
        .def_prop_ro("gap", [](const Plan& plan) { return plan.split.gap; })
        .def_prop_ro("expected_fill",
                     [](const Plan& plan) { return plan.allocator.expected_fill(plan.split.quantity); })
        .def_prop_ro("expected_value", [](const Plan& plan) { return plan.allocator.expected_value(plan.split); })
        .def_prop_ro("marginal", &last_marginals)
        .def_prop_ro("beyond_log", [](const Plan& plan) { return venue::beyond_log(plan.allocator, plan.split); })
        .def(
            "explanation",
            [](const Plan& plan, const std::vector<std::string>& names) {
                return std::make_shared<Table>(explanation(plan.allocator, plan.split, names));
            },
            nb::arg("names"))
        .def(
            "page",
            [](const Plan& plan, const std::vector<std::string>& names) {
                return taken(report::document(report::split_document(plan.allocator, plan.split, names)));
            },
            nb::arg("names"));
    module.def("venue_allocate", &plan_of, nb::arg("volume"), nb::arg("venues"), nb::arg("values"),
               nb::arg("min_quantity"), nb::arg("leakage_rate"), nb::arg("leakage_power"),
               nb::arg("reservation_value").none(), nb::arg("largest_sent"), nb::arg("options"));
    module.def("venue_allocation_settings", [] {
        venue::AllocationOptions options;
        return described({options.settings()});
    });
}

void bind_router(nb::module_& module) {
    nb::class_<Router>(module, "VenueRouter")
        .def_static(
            "create",
            [](std::int64_t venues, std::int64_t max_order, const Texts& texts) {
                venue::RouterOptions options;
                set_all({options.settings()}, texts);
                return taken(
                    Router::create(static_cast<std::size_t>(std::max<std::int64_t>(0, venues)), max_order, options));
            },
            nb::arg("venues"), nb::arg("max_order"), nb::arg("options"))
        .def_static(
            "restore", [](const nb::bytes& state) { return taken(Router::restore({state.c_str(), state.size()})); },
            nb::arg("state"))
        .def("save",
             [](const Router& router) {
                 const std::string state = router.save();
                 return nb::bytes(state.data(), state.size());
             })
        .def(
            "allocate",
            [](Router& router, std::int64_t volume) { return numpy_array(taken(router.allocate(volume))->quantity); },
            nb::arg("volume"))
        .def(
            "observe",
            [](Router& router, const LotColumn& sent, const LotColumn& filled,
               const std::optional<LotColumn>& min_quantity) {
                std::span<const std::int64_t> least;
                if (min_quantity) least = {min_quantity->data(), min_quantity->size()};
                taken(router.observe({sent.data(), sent.size()}, {filled.data(), filled.size()}, least));
            },
            nb::arg("sent"), nb::arg("filled"), nb::arg("min_quantity").none())
        .def("beliefs", [](const Router& router) { return std::make_shared<Table>(router.beliefs()); });
    module.def("venue_router_settings", [] {
        venue::RouterOptions options;
        return described({options.settings()});
    });
}

/// What is simulated.
struct Symbols {
    std::vector<venue::SimulatedSymbol> all;
};

venue::SimulateOptions simulate_options(const Texts& texts) {
    venue::SimulateOptions options;
    set_all({options.settings()}, texts);
    return options;
}

Symbols symbols_of(const std::vector<std::vector<const venue::Liquidity*>>& given,
                   const std::vector<std::vector<std::int64_t>>& largest_sent) {
    if (given.empty()) return {taken(venue::simulated_suite())};
    Symbols symbols;
    for (std::size_t i = 0; i < given.size(); ++i) {
        venue::SimulatedSymbol& symbol = symbols.all.emplace_back();
        symbol.symbol = fmt::format("S{}", i + 1);
        for (const venue::Liquidity* one : given[i]) symbol.venues.push_back(*one);
        for (const std::int64_t lots : largest_sent.at(i)) {
            symbol.largest_sent.push_back(lots > 0 ? lots : venue::kLargestSize);
        }
    }
    return symbols;
}

void bind_simulation(nb::module_& module) {
    nb::class_<Symbols>(module, "VenueSymbols");
    module.def("venue_symbols", &symbols_of, nb::arg("venues"), nb::arg("largest_sent"));
    module.def(
        "venue_symbols_of_log",
        [](const VenueLogs& logs) {
            auto made = taken(venue::simulator_from_log(logs.logs.pairs));
            return nb::make_tuple(Symbols{std::move(made.symbols)}, std::make_shared<Table>(std::move(made.ranges)),
                                  std::make_shared<Table>(std::move(made.left_out)));
        },
        nb::arg("logs"));
    module.def(
        "venue_simulate",
        [](const Symbols& symbols, const Texts& texts, nb::object progress) {
            const venue::SimulateOptions options = simulate_options(texts);
            PythonProgress watcher{std::move(progress)};
            auto made = [&] {
                const nb::gil_scoped_release released;
                return venue::simulate(symbols.all, options, watcher.callback());
            }();
            watcher.finish();
            auto done = taken(std::move(made));
            return nb::make_tuple(std::make_shared<Table>(std::move(done.curves)),
                                  std::make_shared<Table>(std::move(done.summary)));
        },
        nb::arg("symbols"), nb::arg("options"), nb::arg("progress").none());
    module.def(
        "venue_learning_page",
        [](const Table& curves, const Table& summary, const Symbols& symbols, const Texts& texts,
           const std::string& source) {
            const venue::SimulateOptions options = simulate_options(texts);
            return taken(report::document(
                report::learning_document({.curves = curves, .summary = summary}, symbols.all, options, source)));
        },
        nb::arg("curves"), nb::arg("summary"), nb::arg("symbols"), nb::arg("options"), nb::arg("source"));
    module.def(
        "venue_simulated_routes",
        [](const Symbols& symbols, const Texts& texts, const std::string& algorithm) {
            const venue::SimulateOptions options = simulate_options(texts);
            const venue::Algorithm wanted = taken(venue::algorithm_of(algorithm));
            auto made = [&] {
                const nb::gil_scoped_release released;
                return venue::simulated_routes(symbols.all, options, wanted);
            }();
            return std::make_shared<Table>(taken(std::move(made)));
        },
        nb::arg("symbols"), nb::arg("options"), nb::arg("algorithm"));
    module.def("venue_simulate_settings", [] {
        venue::SimulateOptions options;
        return described({options.settings()});
    });
}

void bind_planning(nb::module_& module) {
    using venue::ResubmissionPlan;
    nb::class_<ResubmissionPlan>(module, "VenueResubmission")
        .def_prop_ro("expected_rounds", &ResubmissionPlan::expected_rounds)
        .def_prop_ro("greedy_rounds", &ResubmissionPlan::greedy_rounds)
        .def_prop_ro("target", &ResubmissionPlan::target)
        .def(
            "quantity",
            [](const ResubmissionPlan& plan, std::int64_t done) { return numpy_array(plan.quantity(done)); },
            nb::arg("done"))
        .def(
            "table",
            [](const ResubmissionPlan& plan, const std::vector<std::string>& names) {
                return std::make_shared<Table>(plan.table(names));
            },
            nb::arg("names"));
    module.def(
        "venue_resubmission",
        [](std::int64_t volume, const std::vector<const venue::Liquidity*>& given, const Texts& texts) {
            venue::ResubmissionOptions options;
            set_all({options.settings()}, texts);
            std::vector<venue::Liquidity> venues;
            for (const venue::Liquidity* one : given) venues.push_back(*one);
            return taken(ResubmissionPlan::create(volume, std::move(venues), options));
        },
        nb::arg("volume"), nb::arg("venues"), nb::arg("options"));
    module.def("venue_resubmission_settings", [] {
        venue::ResubmissionOptions options;
        return described({options.settings()});
    });
    module.def(
        "venue_values",
        [](const std::vector<std::string>& names, const std::vector<std::vector<double>>& columns) {
            std::vector<venue::VenueEconomics> venues;
            for (std::size_t i = 0; i < names.size(); ++i) {
                venues.push_back({.venue = names[i],
                                  .spread_saved = columns.at(0).at(i),
                                  .rebate = columns.at(1).at(i),
                                  .fee = columns.at(2).at(i),
                                  .markout = columns.at(3).at(i),
                                  .markout_std_error = columns.at(4).at(i)});
            }
            return std::make_shared<Table>(venue::values_table(venues, taken(venue::venue_values(venues))));
        },
        nb::arg("names"), nb::arg("columns"));
    module.def(
        "venue_values_of_result",
        [](nb::handle fills, nb::handle markouts, const std::string& horizon) {
            const venue::MeasuredEconomics measured =
                taken(venue::measured_economics(table_of(fills, "fills"), table_of(markouts, "markouts"), horizon));
            auto table = std::make_shared<Table>(
                venue::values_table(measured.venues, taken(venue::venue_values(measured.venues))));
            return std::pair(table, measured.left_out);
        },
        nb::arg("fills"), nb::arg("markouts"), nb::arg("horizon"));
    module.def(
        "venue_proxy_log",
        [](const market::Dataset& dataset, const Texts& texts) {
            venue::ProxyOptions options;
            set_all({options.settings()}, texts);
            return std::make_shared<Table>(taken(venue::proxy_logs(dataset, options)).routes());
        },
        nb::arg("dataset"), nb::arg("options"));
    module.def("venue_proxy_settings", [] {
        venue::ProxyOptions options;
        return described({options.settings()});
    });
}

}  // namespace

void bind_venue_routing(nb::module_& module) {
    bind_allocation(module);
    bind_router(module);
    bind_simulation(module);
    bind_planning(module);
}

}  // namespace slipcast::python
