#include "slipcast/sim/sim.hpp"
#include "engine.hpp"

namespace slipcast::python {
namespace {

/// Parents and the market they were drawn for, whose names they use.
struct Parents {
    market::Dataset market;
    std::vector<sim::Parent> parents;
};

std::shared_ptr<market::Dataset> synthetic_market(const Texts& texts) {
    sim::MarketOptions options;
    set_all({options.settings()}, texts);
    auto made = [&] {
        const nb::gil_scoped_release released;
        return sim::synthetic_market(options);
    }();
    return std::make_shared<market::Dataset>(taken(std::move(made)));
}

std::shared_ptr<Parents> drawn_parents(const market::Dataset& market, const sim::ParentOptions& options,
                                       nb::object progress) {
    PythonProgress watcher{std::move(progress)};
    auto drawn = std::make_shared<Parents>();
    drawn->market = market;
    auto parents = [&] {
        const nb::gil_scoped_release released;
        return sim::generate_parents(drawn->market, options, watcher.callback());
    }();
    watcher.finish();
    drawn->parents = taken(std::move(parents));
    return drawn;
}

std::shared_ptr<market::Dataset> worked(const Parents& drawn, const sim::ReplayOptions& options, nb::object progress) {
    PythonProgress watcher{std::move(progress)};
    auto outcome = [&]() -> Result<sim::ReplayOutcome> {
        const nb::gil_scoped_release released;
        if (options.impact.enabled) {
            return sim::replay_in_memory(drawn.market, drawn.parents, options, watcher.callback());
        }
        return sim::replay(drawn.market, drawn.parents, options, nullptr, watcher.callback());
    }();
    watcher.finish();
    return std::make_shared<market::Dataset>(std::move(taken(std::move(outcome)).dataset));
}

/// Draws parents and works them, by options of both.
std::shared_ptr<market::Dataset> drawn_and_replayed(const market::Dataset& market, const Texts& texts,
                                                    nb::object progress) {
    sim::ParentOptions drawing;
    sim::ReplayOptions working;
    set_all({drawing.settings(), working.settings()}, texts);
    return worked(*drawn_parents(market, drawing, progress), working, progress);
}

}  // namespace

void bind_sim(nb::module_& module) {
    module.def("market_settings", [] {
        sim::MarketOptions options;
        return described({options.settings()});
    });
    module.def("parent_settings", [] {
        sim::ParentOptions options;
        return described({options.settings()});
    });
    module.def("replay_settings", [] {
        sim::ReplayOptions options;
        return described({options.settings()});
    });
    module.def("market", &synthetic_market, nb::arg("options"));
    nb::class_<Parents>(module, "Parents").def("__len__", [](const Parents& drawn) { return drawn.parents.size(); });
    module.def(
        "parents",
        [](const market::Dataset& market, const Texts& texts, nb::object progress) {
            sim::ParentOptions options;
            set_all({options.settings()}, texts);
            return drawn_parents(market, options, std::move(progress));
        },
        nb::arg("dataset"), nb::arg("options"), nb::arg("progress").none());
    module.def(
        "replay_parents",
        [](const Parents& drawn, const Texts& texts, nb::object progress) {
            sim::ReplayOptions options;
            set_all({options.settings()}, texts);
            return worked(drawn, options, std::move(progress));
        },
        nb::arg("parents"), nb::arg("options"), nb::arg("progress").none());
    module.def("replay", &drawn_and_replayed, nb::arg("dataset"), nb::arg("options"), nb::arg("progress").none());
}

}  // namespace slipcast::python
