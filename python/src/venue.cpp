#include "venue.hpp"

#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include "slipcast/interchange/routes.hpp"
#include "slipcast/market/quality_tables.hpp"
#include "slipcast/report/venue_page.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/fit.hpp"
#include "slipcast/venue/fit_pairs.hpp"
#include "slipcast/venue/kaplan_meier.hpp"
#include "slipcast/venue/pool.hpp"

namespace slipcast::python {

std::vector<venue::Observation> observations_of(const LotColumn& sent, const LotColumn& filled,
                                                const std::optional<LotColumn>& min_quantity) {
    const auto require_length = [&](const char* field, std::size_t size) {
        if (size == sent.size()) return;
        raise({.code = ErrorCode::inconsistent,
               .field = field,
               .value = fmt::format("{} values", size),
               .rule = fmt::format("must be as long as sent ({})", sent.size()),
               .place = {}});
    };
    require_length("filled", filled.size());
    if (min_quantity) require_length("min_quantity", min_quantity->size());
    std::vector<venue::Observation> made(sent.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i] = {.sent = sent.data()[i],
                   .filled = filled.data()[i],
                   .min_quantity = min_quantity ? min_quantity->data()[i] : 1};
    }
    return made;
}

namespace {

using Band = std::pair<std::optional<double>, std::optional<double>>;

Band pair_of(const venue::ProbabilityBand& band) {
    return {band.low, band.high};
}

/// f at each of 1..max_liquidity.
template <typename T, typename F>
nb::object at_sizes(std::int64_t max_liquidity, const F& f) {
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(max_liquidity));
    for (std::int64_t size = 1; size <= max_liquidity; ++size) values.push_back(f(size));
    return numpy_array(std::move(values));
}

/// Low and high ends at each of 1..max_liquidity, missing ends as NaN.
nb::tuple bands_of(const venue::KaplanMeier& curve, double level) {
    if (!(level > 0.0 && level < 1.0)) raise(invalid_value("level", fmt::format("{}", level), "must be in (0, 1)"));
    constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> low;
    std::vector<double> high;
    for (std::int64_t size = 1; size <= curve.max_liquidity(); ++size) {
        const venue::ProbabilityBand band = curve.band(size, level);
        low.push_back(band.low.value_or(kMissing));
        high.push_back(band.high.value_or(kMissing));
    }
    return nb::make_tuple(numpy_array(std::move(low)), numpy_array(std::move(high)));
}

template <typename F>
nb::object each_size(const LotColumn& sizes, const F& f) {
    std::vector<double> values(sizes.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = f(sizes.data()[i]);
    return numpy_array(std::move(values));
}

double loss_of(const venue::Liquidity& liquidity, const std::vector<venue::Observation>& log, double smoothing,
               std::int64_t max_liquidity) {
    return taken(venue::log_loss(liquidity, log, {.weight = smoothing, .max_liquidity = max_liquidity}));
}

void bind_curves(nb::module_& module) {
    nb::class_<venue::KaplanMeier>(module, "VenueKaplanMeier")
        .def_prop_ro("max_liquidity", &venue::KaplanMeier::max_liquidity)
        .def_prop_ro("informed_to", &venue::KaplanMeier::informed_to)
        .def("curve",
             [](const venue::KaplanMeier& curve) {
                 venue::KaplanMeier::Curve made = curve.curve();
                 return nb::make_tuple(numpy_array(std::move(made.prob_at_least)), numpy_array(std::move(made.at_risk)),
                                       numpy_array(std::move(made.events)));
             })
        .def("band", &bands_of, nb::arg("level"));
    module.def(
        "venue_kaplan_meier",
        [](const LotColumn& sent, const LotColumn& filled, std::optional<std::int64_t> max_liquidity) {
            return taken(venue::KaplanMeier::estimate(observations_of(sent, filled, {}), max_liquidity));
        },
        nb::arg("sent"), nb::arg("filled"), nb::arg("max_liquidity").none());
    module.def(
        "venue_optimistic",
        [](const LotColumn& sent, const LotColumn& filled, std::int64_t volume, double epsilon, double delta,
           double constant) {
            const auto curve = taken(venue::OptimisticKaplanMeier::estimate(
                observations_of(sent, filled, {}),
                {.volume = volume, .epsilon = epsilon, .delta = delta, .constant = constant}));
            return nb::make_tuple(curve.cut(),
                                  at_sizes<double>(volume, [&](auto s) { return curve.prob_at_least(s); }));
        },
        nb::arg("sent"), nb::arg("filled"), nb::arg("volume"), nb::arg("epsilon"), nb::arg("delta"),
        nb::arg("constant"));
}

void bind_liquidity(nb::module_& module) {
    using venue::Liquidity;
    nb::class_<Liquidity>(module, "VenueLiquidity")
        .def_static("uniform", [](double z, std::int64_t upper) { return taken(Liquidity::uniform(z, upper)); })
        .def_static("power_law", [](double z, double exponent,
                                    std::int64_t largest) { return taken(Liquidity::power_law(z, exponent, largest)); })
        .def_static("poisson", [](double z, double mean) { return taken(Liquidity::poisson(z, mean)); })
        .def_static("exponential", [](double z, double ratio) { return taken(Liquidity::exponential(z, ratio)); })
        .def_static("empirical",
                    [](std::vector<std::int64_t> sizes, std::vector<double> tails) {
                        return taken(Liquidity::empirical(std::move(sizes), std::move(tails)));
                    })
        .def_prop_ro("shape", [](const Liquidity& one) { return std::string{name(one.shape())}; })
        .def_prop_ro("zero_bin", &Liquidity::zero_bin)
        .def_prop_ro("parameter", &Liquidity::parameter)
        .def_prop_ro("max_liquidity", &Liquidity::max_liquidity)
        .def(
            "prob_at_least",
            [](const Liquidity& one, const LotColumn& sizes) {
                return each_size(sizes, [&](auto s) { return one.prob_at_least(s); });
            },
            nb::arg("sizes"))
        .def(
            "expected_fill",
            [](const Liquidity& one, const LotColumn& sizes) {
                return each_size(sizes, [&](auto s) { return one.expected_fill(s); });
            },
            nb::arg("sizes"))
        .def(
            "log_loss",
            [](const Liquidity& one, const LotColumn& sent, const LotColumn& filled,
               const std::optional<LotColumn>& minimum, double smoothing, std::int64_t max_liquidity) {
                return loss_of(one, observations_of(sent, filled, minimum), smoothing, max_liquidity);
            },
            nb::arg("sent"), nb::arg("filled"), nb::arg("min_quantity").none(), nb::arg("smoothing"),
            nb::arg("max_liquidity"));
}

void bind_fit(nb::module_& module) {
    using venue::Fit;
    const auto check_level = [](double level) {
        if (!(level > 0.0 && level < 1.0)) raise(invalid_value("level", fmt::format("{}", level), "must be in (0, 1)"));
        return level;
    };
    nb::class_<Fit>(module, "VenueFit")
        .def_prop_ro("liquidity", [](const Fit& fit) { return fit.liquidity(); })
        .def_prop_ro("zero_bin", &Fit::zero_bin)
        .def_prop_ro("parameter", &Fit::parameter)
        .def_prop_ro("max_liquidity", &Fit::max_liquidity)
        .def_prop_ro("largest_sent", &Fit::largest_sent)
        .def_prop_ro("identified", &Fit::identified)
        .def_prop_ro("reason", [](const Fit& fit) { return std::string{name(fit.reason())}; })
        .def_prop_ro("log_likelihood", &Fit::log_likelihood)
        .def_prop_ro("zero_bin_std_error", &Fit::zero_bin_std_error)
        .def_prop_ro("parameter_std_error", &Fit::parameter_std_error)
        .def_prop_ro("counts",
                     [](const Fit& fit) {
                         nb::dict counts;
                         counts["observations"] = fit.counts().all;
                         counts["misses"] = fit.counts().misses;
                         counts["minimum_misses"] = fit.counts().minimum_misses;
                         counts["partial"] = fit.counts().partial;
                         counts["full"] = fit.counts().full;
                         return counts;
                     })
        .def("zero_bin_interval",
             [check_level](const Fit& fit, double level) { return pair_of(fit.zero_bin_interval(check_level(level))); })
        .def("parameter_interval", [check_level](const Fit& fit, double level) {
            return pair_of(fit.parameter_interval(check_level(level)));
        });
    module.def(
        "venue_fit",
        [](const LotColumn& sent, const LotColumn& filled, const std::optional<LotColumn>& minimum,
           const std::string& model, std::optional<std::int64_t> max_liquidity) {
            const venue::Shape shape = taken(venue::model_of(model));
            const auto log = observations_of(sent, filled, minimum);
            auto made = [&] {
                const nb::gil_scoped_release released;
                return venue::fit(log, {.shape = shape, .max_liquidity = max_liquidity});
            }();
            return taken(std::move(made));
        },
        nb::arg("sent"), nb::arg("filled"), nb::arg("min_quantity").none(), nb::arg("model"),
        nb::arg("max_liquidity").none());
}

nb::dict dict_of(const venue::Pool::Spread& spread) {
    nb::dict made;
    made["symbol"] = spread.symbol;
    made["venue"] = spread.venue;
    made["pair"] = spread.pair;
    return made;
}

using Tables = std::vector<std::shared_ptr<Table>>;

template <typename... Made>
Tables shared(Made&&... tables) {
    return {std::make_shared<Table>(std::forward<Made>(tables))...};
}

void bind_logs(nb::module_& module) {
    nb::class_<VenueLogs>(module, "VenueLogs")
        .def_prop_ro("counts", [](const VenueLogs& log) { return std::make_shared<Table>(log.logs.counts()); })
        .def_prop_ro("caveat", [](const VenueLogs& log) { return log.logs.caveat(); })
        .def_prop_ro("quarantined", [](const VenueLogs& log) { return log.quality.quarantined(); })
        .def("quality_tables", [](const VenueLogs& log) {
            std::vector<Table> made = market::quality_tables(log.quality);
            Tables tables;
            for (Table& table : made) tables.push_back(std::make_shared<Table>(std::move(table)));
            tables.push_back(std::make_shared<Table>(market::quarantine_table(log.quality)));
            return tables;
        });
    module.def(
        "venue_logs_of_dataset",
        [](const market::Dataset& dataset, const Texts& texts) {
            venue::LogOptions options;
            set_all({options.settings()}, texts);
            return VenueLogs{taken(venue::pair_logs(dataset, options)), dataset.quality};
        },
        nb::arg("dataset"), nb::arg("options"));
    module.def(
        "venue_logs_of_routes",
        [](nb::handle capsule) {
            auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
            if (stream == nullptr) throw nb::python_error();
            market::RouteTable table = taken(interchange::decode_routes(stream, "routes"));
            venue::PairLogs logs = venue::pair_logs(table);
            return VenueLogs{std::move(logs), std::move(table.quality)};
        },
        nb::arg("routes"));
    module.def(
        "venue_suite",
        [](const Texts& texts) {
            venue::SuiteOptions options;
            set_all({options.settings()}, texts);
            VenueLogs made;
            made.logs.pairs = taken(venue::synthetic_suite(options));
            made.logs.routes = made.logs.observations();
            return nb::make_tuple(made, options.max_liquidity());
        },
        nb::arg("options"));
    module.def(
        "venue_compare_models",
        [](const VenueLogs& log, const Texts& texts, nb::object progress) {
            venue::CompareOptions options;
            set_all({options.settings()}, texts);
            PythonProgress watcher{std::move(progress)};
            auto made = [&] {
                const nb::gil_scoped_release released;
                return venue::compare_models(log.logs.pairs, options, watcher.callback());
            }();
            watcher.finish();
            auto comparison = taken(std::move(made));
            const std::string verdict = comparison.verdict();
            return nb::make_tuple(shared(std::move(comparison.models), std::move(comparison.pairs)),
                                  comparison.compared, comparison.too_few, verdict);
        },
        nb::arg("logs"), nb::arg("options"), nb::arg("progress").none());
    module.def(
        "venue_fit_pairs",
        [](const VenueLogs& log, const Texts& texts, nb::object progress) {
            venue::FitPairsOptions options;
            set_all({options.settings()}, texts);
            PythonProgress watcher{std::move(progress)};
            auto made = [&] {
                const nb::gil_scoped_release released;
                return venue::fit_pairs(log.logs.pairs, options, watcher.callback());
            }();
            watcher.finish();
            auto fits = taken(std::move(made));
            return shared(std::move(fits.fits), std::move(fits.tails));
        },
        nb::arg("logs"), nb::arg("options"), nb::arg("progress").none());
    module.def(
        "venue_fits_page",
        [](const Table& fits, const Table& tails, double confidence, const std::string& source) {
            auto page = [&] {
                const nb::gil_scoped_release released;
                return report::document(report::fits_document({.fits = fits, .tails = tails}, confidence, source));
            }();
            return taken(std::move(page));
        },
        nb::arg("fits"), nb::arg("tails"), nb::arg("confidence"), nb::arg("source"));
    nb::class_<venue::Pool>(module, "VenuePool")
        .def_prop_ro("max_liquidity", &venue::Pool::max_liquidity)
        .def_prop_ro("termination", [](const venue::Pool& pool) { return std::string{name(pool.termination())}; })
        .def_prop_ro("zero_bin_spread", [](const venue::Pool& pool) { return dict_of(pool.zero_bin_spread()); })
        .def_prop_ro("exponent_spread", [](const venue::Pool& pool) { return dict_of(pool.exponent_spread()); })
        .def("table", [](const venue::Pool& pool) { return std::make_shared<Table>(pool.table()); })
        .def("diagnostics", [](const venue::Pool& pool) { return std::make_shared<Table>(pool.diagnostics()); })
        .def(
            "liquidity",
            [](const venue::Pool& pool, const std::string& symbol, const std::string& at) {
                return pool.liquidity(symbol, at);
            },
            nb::arg("symbol"), nb::arg("venue"))
        .def(
            "belief",
            [](const venue::Pool& pool, const std::string& symbol, const std::string& at) {
                const venue::Pool::Member believed = pool.belief(symbol, at);
                nb::dict made;
                made["observations"] = believed.observations;
                made["zero_bin"] = believed.zero_bin;
                made["zero_bin_deviation"] = believed.zero_bin_deviation;
                made["zero_bin_low"] = believed.zero_bin_low;
                made["zero_bin_high"] = believed.zero_bin_high;
                made["exponent"] = believed.exponent;
                made["exponent_deviation"] = believed.exponent_deviation;
                made["exponent_low"] = believed.exponent_low;
                made["exponent_high"] = believed.exponent_high;
                return made;
            },
            nb::arg("symbol"), nb::arg("venue"));
    module.def(
        "venue_pool",
        [](const VenueLogs& log, std::int64_t max_liquidity, double confidence) {
            auto made = [&] {
                const nb::gil_scoped_release released;
                return venue::Pool::estimate(log.logs.pairs, max_liquidity, confidence);
            }();
            return taken(std::move(made));
        },
        nb::arg("logs"), nb::arg("max_liquidity"), nb::arg("confidence"));
    const auto settings_of = [&module]<typename Options>(const char* name, Options) {
        module.def(name, [] {
            Options options;
            return described({options.settings()});
        });
    };
    settings_of("venue_log_settings", venue::LogOptions{});
    settings_of("venue_suite_settings", venue::SuiteOptions{});
    settings_of("venue_compare_settings", venue::CompareOptions{});
    settings_of("venue_fit_settings", venue::FitPairsOptions{});
}

}  // namespace

void bind_venue(nb::module_& module) {
    bind_liquidity(module);
    bind_curves(module);
    bind_fit(module);
    bind_logs(module);
}

}  // namespace slipcast::python
