#include "slipcast/tca/measure.hpp"

#include <nanobind/stl/optional.h>

#include "engine.hpp"
#include "slipcast/report/page.hpp"
#include "slipcast/tca/group_summary.hpp"

namespace slipcast::python {
namespace {

/// A measurement on the heap, so that its tables can leave for Python without a copy.
struct SharedMeasurement {
    tca::Measurement measurement;
};

std::shared_ptr<SharedMeasurement> measured(const std::shared_ptr<market::Dataset>& dataset, const Texts& texts,
                                            nb::object progress) {
    tca::MeasureOptions options;
    set_all({options.settings()}, texts);
    PythonProgress watcher{std::move(progress)};
    auto result = [&] {
        const nb::gil_scoped_release released;
        return tca::measure(*dataset, options, watcher.callback());
    }();
    watcher.finish();
    auto shared = std::make_shared<SharedMeasurement>();
    shared->measurement = taken(std::move(result));
    return shared;
}

/// Each table as a shared pointer into the measurement, which it keeps alive.
std::vector<std::shared_ptr<Table>> tables_of(const std::shared_ptr<SharedMeasurement>& shared) {
    std::vector<std::shared_ptr<Table>> tables;
    for (Table& table : shared->measurement.tables) tables.emplace_back(shared, &table);
    return tables;
}

/// The orders of a measurement grouped by some of their columns.
std::shared_ptr<Table> groups_of(const SharedMeasurement& shared, const Texts& texts) {
    tca::GroupOptions options;
    set_all({options.settings()}, texts);
    auto groups = [&] {
        const nb::gil_scoped_release released;
        return tca::group_summary(*shared.measurement.find("orders"), options);
    }();
    return std::make_shared<Table>(taken(std::move(groups)));
}

std::string page_of(const SharedMeasurement& shared, const std::shared_ptr<market::Dataset>& dataset,
                    const std::string& title, std::optional<std::int64_t> execution_charts) {
    report::PageOptions options;
    options.title = title;
    if (execution_charts) options.execution_charts = *execution_charts;
    auto page = [&] {
        const nb::gil_scoped_release released;
        return report::page(shared.measurement, *dataset, options);
    }();
    return taken(std::move(page));
}

}  // namespace

void bind_measure(nb::module_& module) {
    module.def("measure_settings", [] {
        tca::MeasureOptions options;
        return described({options.settings()});
    });
    module.def("group_settings", [] {
        tca::GroupOptions options;
        nb::list rest;  // `by` is an argument of its own
        for (const nb::handle setting : described({options.settings()})) {
            if (nb::cast<std::string>(setting["name"]) != "by") rest.append(setting);
        }
        return rest;
    });
    module.def("measure", &measured, nb::arg("dataset"), nb::arg("options"), nb::arg("progress").none());
    nb::class_<SharedMeasurement>(module, "Measurement")
        .def("tables", &tables_of)
        .def("groups", &groups_of, nb::arg("options"))
        .def_prop_ro("provenance", [](const SharedMeasurement& shared) { return shared.measurement.provenance; })
        .def("page", &page_of, nb::arg("dataset"), nb::arg("title"), nb::arg("execution_charts").none());
}

}  // namespace slipcast::python
