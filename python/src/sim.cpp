#include "slipcast/sim/sim.hpp"
#include "engine.hpp"
#include "slipcast/interchange/data_digest.hpp"

namespace slipcast::python {
namespace {

/// Parents and the market they were drawn for, whose names they use.
struct Parents {
    market::Dataset market;
    std::vector<sim::Parent> parents;
};

/// A dataset made here says what its rows were, as one that was read says it of its files.
Result<market::Dataset> with_digest(market::Dataset dataset) {
    SLIPCAST_TRY(digest, interchange::digest_of_rows(dataset));
    dataset.provenance["data_digest"] = digest;
    return dataset;
}

std::shared_ptr<market::Dataset> synthetic_market(const Texts& texts) {
    sim::MarketOptions options;
    set_all({options.settings()}, texts);
    auto made = [&]() -> Result<market::Dataset> {
        const nb::gil_scoped_release released;
        SLIPCAST_TRY(market, sim::synthetic_market(options));
        return with_digest(std::move(market));
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
    auto replayed = [&]() -> Result<market::Dataset> {
        const nb::gil_scoped_release released;
        auto outcome = options.impact.enabled
                           ? sim::replay_in_memory(drawn.market, drawn.parents, options, watcher.callback())
                           : sim::replay(drawn.market, drawn.parents, options, nullptr, watcher.callback());
        if (!outcome) return outcome.error();
        return with_digest(std::move(outcome->dataset));
    }();
    watcher.finish();
    return std::make_shared<market::Dataset>(taken(std::move(replayed)));
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
    module.def("impact_settings",
               [] { return std::vector<std::string>(sim::kImpactSettings.begin(), sim::kImpactSettings.end()); });
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
