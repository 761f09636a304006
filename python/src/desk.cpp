#include "desk.hpp"

#include <fmt/format.h>
#include <nanobind/stl/optional.h>

#include <chrono>

#include "cost.hpp"
#include "slipcast/storage/kill_file.hpp"
#include "slipcast/storage/sqlite_journal.hpp"

namespace slipcast::python {
namespace {

using desk::DeskSetup;
using desk::JournaledDesk;

/// Of a desk in memory only: numbers its records and keeps none.
class NoJournal final : public desk::JournalSink {
public:
    Result<std::uint64_t> append(desk::RecordKind, Timestamp, std::span<const std::byte>) override { return ++last_; }
    Result<void> acknowledge(std::uint64_t) override { return {}; }
    [[nodiscard]] std::uint64_t acknowledged() const override { return last_; }

private:
    std::uint64_t last_ = 0;
};

/// A journal that can be left: Ctrl-C stops between two records.
class WatchedSource final : public desk::JournalSource {
public:
    WatchedSource(desk::JournalSource& source, Progress progress) : source_(source), progress_(std::move(progress)) {}
    Result<bool> next(desk::Record& record) override {
        constexpr std::int64_t kEvery = 256;
        const bool is_due = read_ % kEvery == 0;
        ++read_;
        if (is_due && !progress_("replaying the journal", read_, 0)) {
            return Error{ErrorCode::interrupted, "journal", "", "stopped", {}};
        }
        return source_.next(record);
    }

private:
    desk::JournalSource& source_;
    Progress progress_;
    std::int64_t read_ = 0;
};

/// Runs `call(source)` over a journal's records without the GIL.
template <typename Call>
auto over_journal(const std::string& journal, const Call& call)
    -> decltype(call(std::declval<desk::JournalSource&>())) {
    auto reader = taken(storage::SqliteJournalReader::open(journal));
    PythonProgress watcher{nb::none()};
    auto result = [&] {
        WatchedSource source(*reader, watcher.callback());
        const nb::gil_scoped_release released;
        return call(source);
    }();
    watcher.finish();
    if (!result && (result.error().place.file.empty() || result.error().place.file == "journal")) {
        Error error = result.error();
        error.place.file = journal;  // records know their number, not their file
        return error;
    }
    return result;
}

DeskSetup setup_of(const Texts& config, const Texts& online, const cost::Model* champion, const cost::Model* challenger,
                   const std::vector<const control::Rule*>& rules, const venue::Router* router) {
    DeskSetup setup;
    set_all({setup.options.settings()}, config);
    set_all({setup.online.settings()}, online);
    if (champion != nullptr) setup.champion = *champion;
    if (challenger != nullptr) setup.challenger = *challenger;
    for (const control::Rule* each : rules) setup.rules.push_back(*each);
    if (router != nullptr) setup.router = *router;
    return setup;
}

nb::dict card_of(const desk::Scorecard& card) {
    nb::dict made;
    made["count"] = card.count;
    made["crps"] = card.crps;
    made["coverage_90"] = card.coverage_90;
    made["mean_log_score"] = card.mean_log_score;
    made["pit"] = std::vector<std::int64_t>(card.pit.begin(), card.pit.end());
    return made;
}

nb::object version_of(const desk::ModelVersion& version) {
    if (version.digest == 0) return nb::none();
    return nb::make_tuple(fmt::format("{:016x}", version.digest), version.updates);
}

nb::dict status_of(const JournaledDesk& journaled) {
    const desk::Desk& desk = journaled.desk();
    nb::dict made;
    made["open_orders"] = desk.open_orders();
    made["is_killed"] = desk.is_killed();
    made["last_sequence"] = journaled.last_sequence();
    for (const char* field : {"champion", "challenger", "champion_card", "challenger_card"}) made[field] = nb::none();
    const desk::Models* models = desk.models();
    if (models == nullptr) return made;
    made["champion"] = version_of(models->champion_version());
    made["challenger"] = version_of(models->challenger_version());
    made["champion_card"] = card_of(models->champion_card());
    if (const auto card = models->challenger_card()) made["challenger_card"] = card_of(*card);
    return made;
}

nb::dict replay_of(const std::string& journal) {
    const desk::Replay replay =
        taken(over_journal(journal, [](desk::JournalSource& source) { return desk::replay(source); }));
    nb::dict made;
    made["is_identical"] = replay.is_identical;
    made["records"] = replay.records;
    made["decisions"] = replay.decisions;
    made["different_beginning"] = replay.different_beginning;
    made["engine_then"] = replay.beginning.engine_version;
    made["first_difference"] = nb::none();
    if (const auto& first = replay.first_difference) {
        made["first_difference"] =
            nb::make_tuple(first->sequence, first->order, first->step, first->field, first->journaled_text,
                           first->replayed_text, first->journaled, first->replayed);
    }
    return made;
}

/// number, reach, record or None.
nb::tuple asked_of(const std::string& journal, bool is_kill, double wait_s) {
    const auto kind = is_kill ? desk::CommandKind::kill : desk::CommandKind::release;
    const Duration wait{static_cast<std::int64_t>(wait_s * 1e9)};
    auto made = [&] {
        const nb::gil_scoped_release released;
        return storage::ask(journal, kind, WallClock{}.now(), wait);
    }();
    const storage::Asked asked = taken(std::move(made));
    return nb::make_tuple(asked.request.number, std::string(name(asked.reach)),
                          asked.record == 0 ? nb::object(nb::none()) : nb::cast(asked.record));
}

void bind_desk_engine(nb::module_& module) {
    nb::class_<HeldDesk>(module, "DeskEngine")
        .def_static("create", &HeldDesk::create, nb::arg("setup"), nb::arg("journal"))
        .def_static("resume", &HeldDesk::resume, nb::arg("setup").none(), nb::arg("journal"))
        .def("step",
             [](HeldDesk& self, const desk::Context& context, bool acknowledges) {
                 return self.run(acknowledges, [&](JournaledDesk& desk) { return desk.step(context); });
             })
        .def("record",
             [](HeldDesk& self, const desk::Outcome& outcome, bool acknowledges) {
                 self.run(acknowledges, [&](JournaledDesk& desk) { return desk.record(outcome); });
             })
        .def("kill", [](HeldDesk& self) { self.run(true, [](JournaledDesk& desk) { return desk.kill(); }); })
        .def("release", [](HeldDesk& self) { self.run(true, [](JournaledDesk& desk) { return desk.release(); }); })
        .def("promote", [](HeldDesk& self) { self.run(true, [](JournaledDesk& desk) { return desk.promote(); }); })
        .def("snapshot",
             [](HeldDesk& self) { return self.run(true, [](JournaledDesk& desk) { return desk.snapshot(); }); })
        .def("roll_back",
             [](HeldDesk& self, std::uint64_t snapshot) {
                 self.run(true, [&](JournaledDesk& desk) { return desk.roll_back(snapshot); });
             })
        .def("acknowledge",
             [](HeldDesk& self) { self.run(false, [](JournaledDesk& desk) { return desk.acknowledge(); }); })
        .def("status",
             [](HeldDesk& self) {
                 // A journal that failed refuses requests; the state can be read all the same.
                 self.run(false, [](JournaledDesk& desk) -> Result<void> {
                     static_cast<void>(desk.take_requests());
                     return {};
                 });
                 return self.read([](const JournaledDesk& desk) { return status_of(desk); });
             })
        .def("acknowledged", &HeldDesk::acknowledged)
        .def("inputs",
             [](HeldDesk& self) {
                 return self.read([](const JournaledDesk& desk) {
                     const desk::Models* models = desk.desk().models();
                     return models == nullptr ? nb::list() : inputs_of(models->champion().model());
                 });
             })
        .def("code",
             [](HeldDesk& self, std::size_t input, const std::string& level) {
                 return self.read([&](const JournaledDesk& desk) {
                     return desk.desk().models()->champion().predictor().code(input, level);
                 });
             })
        .def("close", &HeldDesk::close)
        .def_prop_ro("is_open", &HeldDesk::is_open);
}

}  // namespace

Timestamp WallClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Timestamp::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

std::shared_ptr<HeldDesk> HeldDesk::create(const DeskSetup& setup, const std::string& journal) {
    auto made = std::make_shared<HeldDesk>();
    if (journal.empty()) {
        made->sink_ = std::make_unique<NoJournal>();
    } else {
        made->sink_ = taken(storage::SqliteJournal::open(journal));
    }
    made->desk_.emplace(taken(JournaledDesk::create(setup, *made->sink_, made->clock_)));
    taken(made->desk_->acknowledge());
    return made;
}

std::shared_ptr<HeldDesk> HeldDesk::resume(const DeskSetup* setup, const std::string& journal) {
    const DeskSetup known =
        setup != nullptr ? *setup : taken(over_journal(journal, [](auto& source) { return journaled_setup(source); }));
    desk::Replay replay = taken(over_journal(journal, [&](desk::JournalSource& source) {
        return setup != nullptr ? desk::replay(source, known) : desk::replay(source);
    }));
    if (auto as_journaled = check_resumable(replay); !as_journaled) {
        Error error = as_journaled.error();
        error.place.file = journal;
        raise(error);
    }
    auto made = std::make_shared<HeldDesk>();
    made->sink_ = taken(storage::SqliteJournal::open(journal));
    made->desk_.emplace(taken(JournaledDesk::resume(known, std::move(replay), *made->sink_, made->clock_)));
    taken(made->desk_->acknowledge());
    return made;
}

std::uint64_t HeldDesk::acknowledged() {
    const std::unique_lock lock = locked();
    return sink_ ? sink_->acknowledged() : 0;
}

void HeldDesk::close() {
    const nb::gil_scoped_release released;
    const std::lock_guard lock(mutex_);
    desk_.reset();
    sink_.reset();
}

void bind_desk(nb::module_& module) {
    bind_desk_records(module);
    const nb::class_<DeskSetup> setup(module, "DeskSetup");
    module.def("desk_setup", &setup_of, nb::arg("config"), nb::arg("online"), nb::arg("champion").none(),
               nb::arg("challenger").none(), nb::arg("rules"), nb::arg("router").none());
    bind_desk_engine(module);
    module.def("desk_replay", &replay_of, nb::arg("journal"));
    module.def("desk_ask", &asked_of, nb::arg("journal"), nb::arg("is_kill"), nb::arg("wait_s"));
    module.def("desk_settings", [] {
        desk::DeskOptions options;
        return described({options.settings()});
    });
}

}  // namespace slipcast::python
