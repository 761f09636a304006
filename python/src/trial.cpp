#include "slipcast/trial/trial.hpp"
#include "engine.hpp"
#include "slipcast/storage/deferred_journal.hpp"

namespace slipcast::python {
namespace {

/// A trial whose journal goes to `file`, or nowhere when that is empty.
nb::tuple tried(const market::Dataset& market, const Texts& texts, const std::string& file, nb::object progress) {
    trial::TrialOptions options;
    set_all({options.settings(), options.desk.settings()}, texts);
    PythonProgress watcher{std::move(progress)};
    auto done = [&]() -> Result<trial::Trial> {
        const nb::gil_scoped_release released;
        if (file.empty()) {
            desk::MemoryJournal memory;
            return trial::run(market, options, memory, watcher.callback());
        }
        storage::DeferredJournal sink(file);
        return trial::run(market, options, sink, watcher.callback());
    }();
    watcher.finish();
    trial::Trial result = taken(std::move(done));
    std::vector<SharedTable> tables;
    for (Table& table : result.tables) tables.push_back(std::make_shared<const Table>(std::move(table)));
    return nb::make_tuple(std::move(tables), std::move(result.provenance));
}

}  // namespace

void bind_trial(nb::module_& module) {
    module.def("trial_settings", [] {
        trial::TrialOptions options;
        return described({options.settings(), options.desk.settings()});
    });
    module.def("trial", &tried, nb::arg("dataset"), nb::arg("options"), nb::arg("journal"), nb::arg("progress").none());
}

}  // namespace slipcast::python
