#include "slipcast/desk/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "beginning.hpp"
#include "slipcast/core/version.hpp"

namespace slipcast::desk {

Begin beginning(const DeskSetup& setup, const Desk& desk, Timestamp time) {
    DeskOptions options = setup.options;
    Begin begin;
    begin.time = time;
    begin.engine_version = std::string(version());
    begin.seed = options.seed;
    begin.options_digest = options.digest();
    if (desk.models() != nullptr) {
        begin.champion = desk.models()->champion_version();
        begin.challenger = desk.models()->challenger_version();
    }
    begin.setup_digest = setup_digest(setup);
    begin.options = options.settings().canonical_text();
    return begin;
}

JournaledDesk::JournaledDesk(Desk desk, JournalSink& sink, const Clock& clock)
    : desk_(std::move(desk)), sink_(&sink), clock_(&clock) {
    bytes_.reserve(16'384);  // the largest step takes about half
}

Result<JournaledDesk> JournaledDesk::create(const DeskSetup& setup, JournalSink& sink, const Clock& clock) {
    SLIPCAST_TRY(desk, Desk::create(setup));
    return resume(setup, std::move(desk), sink, clock);
}

Result<JournaledDesk> JournaledDesk::resume(const DeskSetup& setup, Replay replayed, JournalSink& sink,
                                            const Clock& clock) {
    SLIPCAST_CHECK(check_resumable(replayed));
    JournaledDesk made(std::move(replayed.desk), sink, clock);
    made.snapshots_ = std::move(replayed.snapshots);
    SLIPCAST_CHECK(made.begin(setup));
    return made;
}

Result<JournaledDesk> JournaledDesk::resume(const DeskSetup& setup, Desk desk, JournalSink& sink, const Clock& clock) {
    JournaledDesk made(std::move(desk), sink, clock);
    SLIPCAST_CHECK(made.begin(setup));
    return made;
}

Result<void> JournaledDesk::begin(const DeskSetup& setup) {
    encode(beginning(setup, desk_, clock_->now()), bytes_);
    SLIPCAST_CHECK(append(RecordKind::begin, clock_->now()));
    SLIPCAST_CHECK(append_text(RecordKind::setup, encoded_setup(setup)));
    if (const Models* models = desk_.models()) {
        SLIPCAST_CHECK(append_text(RecordKind::model, "champion\n" + models->champion().model().to_json()));
        if (models->challenger() != nullptr) {
            SLIPCAST_CHECK(append_text(RecordKind::model, "challenger\n" + models->challenger()->model().to_json()));
        }
    }
    const Result<std::uint64_t> taken = snapshot();
    if (!taken) return taken.error();
    return take_requests();
}

Result<void> JournaledDesk::append(RecordKind kind, Timestamp time) {
    if (has_failed_) return Error{ErrorCode::io_failure, "journal", "", "must not have failed before", {}};
    Result<std::uint64_t> sequence = sink_->append(kind, time, bytes_);
    has_failed_ = !sequence;
    if (!sequence) return std::move(sequence).error();
    last_sequence_ = *sequence;
    return {};
}

Result<void> JournaledDesk::append_text(RecordKind kind, std::string_view text) {
    bytes_.clear();
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    return append(kind, clock_->now());
}

Result<Decision> JournaledDesk::step(const Context& context) {
    SLIPCAST_CHECK(take_requests());
    const Decision decision = desk_.step(context);
    encode(context, decision, bytes_);
    SLIPCAST_CHECK(append(RecordKind::step, context.time));
    return decision;
}

Result<void> JournaledDesk::record(const Outcome& outcome, Lesson* lesson) {
    SLIPCAST_CHECK(take_requests());
    Lesson made;
    Result<void> taken = desk_.record(outcome, &made);
    encode(outcome, made, bytes_);
    SLIPCAST_CHECK(append(RecordKind::outcome, outcome.time));
    if (lesson != nullptr) *lesson = made;
    return taken;
}

Result<void> JournaledDesk::take_requests() {
    if (has_failed_) return Error{ErrorCode::io_failure, "journal", "", "must not have failed before", {}};
    while (const std::optional<Request> request = sink_->next_request()) {
        SLIPCAST_CHECK(take({.time = clock_->now(),
                             .kind = request->kind,
                             .argument = 0,
                             .request = request->number,
                             .asked = request->time}));
        sink_->answer(request->number, last_sequence_);
    }
    return {};
}

Result<std::uint64_t> JournaledDesk::snapshot() {
    std::string state = desk_.save();
    SLIPCAST_CHECK(append_text(RecordKind::snapshot, state));
    snapshots_.push_back({last_sequence_, std::move(state)});
    return last_sequence_;
}

Result<void> JournaledDesk::roll_back(std::uint64_t snapshot) {
    return command(CommandKind::roll_back, snapshot);
}

namespace {

const std::string* state_of(const std::vector<Snapshot>& snapshots, std::uint64_t sequence) {
    const auto found = std::find_if(snapshots.begin(), snapshots.end(),
                                    [sequence](const Snapshot& each) { return each.sequence == sequence; });
    return found == snapshots.end() ? nullptr : &found->state;
}

/// Applies a command; `state` is that of the snapshot it names, or null.
Result<void> apply(Desk& desk, const Command& command, const std::string* state) {
    switch (command.kind) {
        case CommandKind::kill:
            desk.kill();
            return {};
        case CommandKind::release:
            desk.release();
            return {};
        case CommandKind::promote:
            return desk.promote();
        case CommandKind::roll_back:
            break;
    }
    if (state != nullptr) return desk.roll_back(*state);
    return Error{ErrorCode::not_found, "snapshot", std::to_string(command.argument), "must be one of this journal", {}};
}

}  // namespace

Result<void> JournaledDesk::command(CommandKind kind, std::uint64_t argument) {
    SLIPCAST_CHECK(take_requests());
    return take({.time = clock_->now(), .kind = kind, .argument = argument, .request = 0, .asked = {}});
}

Result<void> JournaledDesk::take(const Command& command) {
    SLIPCAST_CHECK(apply(desk_, command, state_of(snapshots_, command.argument)));
    encode(command, bytes_);
    return append(RecordKind::command, command.time);
}

namespace {

class Replayer {
public:
    Replayer(const DeskSetup& setup, Replay& replay)
        : replay_(replay), expected_(beginning(setup, replay.desk, Timestamp{})) {}

    Result<void> take(const Record& record) {
        ++replay_.records;
        if (!has_begun_ && record.kind != RecordKind::begin) {
            return Error{ErrorCode::malformed, "kind", std::string(name(record.kind)), "must be a beginning first", {}};
        }
        switch (record.kind) {
            case RecordKind::begin:
                return take_beginning(record);
            case RecordKind::step:
                return take_step(record);
            case RecordKind::outcome:
                return take_outcome(record);
            case RecordKind::command:
                return take_command(record);
            case RecordKind::snapshot:
                take_snapshot(record);
                return {};
            case RecordKind::model:
            case RecordKind::setup:
                return {};  // the desk is made of them; the beginning names their digests
        }
        return Error{ErrorCode::malformed, "kind", "", "must be a known kind", {}};
    }

private:
    Result<void> take_beginning(const Record& record) {
        SLIPCAST_TRY(begin, decoded_begin(record));
        if (!has_begun_) replay_.beginning = begin;
        const auto note = [this](const char* what, bool is_same) {
            auto& all = replay_.different_beginning;
            if (!is_same && std::find(all.begin(), all.end(), what) == all.end()) all.emplace_back(what);
        };
        note("engine_version", begin.engine_version == expected_.engine_version);
        note("seed", begin.seed == expected_.seed);
        note("options_digest", begin.options_digest == expected_.options_digest);
        note("setup_digest", begin.setup_digest == expected_.setup_digest);
        // A restart begins with what the models have learned by then.
        const Begin now = has_begun_ ? models_now() : expected_;
        note("champion", begin.champion == now.champion);
        note("challenger", begin.challenger == now.challenger);
        has_begun_ = true;
        return {};
    }
    [[nodiscard]] Begin models_now() const {
        Begin now;
        if (const Models* models = replay_.desk.models()) {
            now.champion = models->champion_version();
            now.challenger = models->challenger_version();
        }
        return now;
    }
    Result<void> take_step(const Record& record) {
        SLIPCAST_TRY(step, decoded_step(record));
        const Decision replayed = replay_.desk.step(step.context);
        ++replay_.decisions;
        std::optional<FieldDifference> found = first_difference(step.decision, replayed);
        if (found && !replay_.first_difference) {
            replay_.first_difference = Difference{.sequence = record.sequence,
                                                  .order = replayed.order,
                                                  .step = replayed.step,
                                                  .field = std::move(found->field),
                                                  .journaled_text = std::move(found->a),
                                                  .replayed_text = std::move(found->b),
                                                  .journaled = step.decision,
                                                  .replayed = replayed};
        }
        return {};
    }
    // What was learned shows in no decision until the next one: the state itself is compared.
    void take_snapshot(const Record& record) {
        replay_.snapshots.push_back({record.sequence, detail::text_of(record)});
        if (replay_.first_difference || replay_.desk.save() == replay_.snapshots.back().state) return;
        replay_.first_difference = Difference{.sequence = record.sequence,
                                              .field = "state",
                                              .journaled_text = "the snapshot's",
                                              .replayed_text = "another"};
    }
    // What the desk refused then it refuses now, and has changed as little by it.
    Result<void> take_outcome(const Record& record) {
        SLIPCAST_TRY(told, decoded_outcome(record));
        Lesson replayed;
        static_cast<void>(replay_.desk.record(told.outcome, &replayed));
        std::optional<FieldDifference> found = first_difference(told.lesson, replayed);
        if (found && !replay_.first_difference) {
            replay_.first_difference = Difference{.sequence = record.sequence,
                                                  .order = told.outcome.order,
                                                  .field = std::move(found->field),
                                                  .journaled_text = std::move(found->a),
                                                  .replayed_text = std::move(found->b)};
        }
        return {};
    }
    Result<void> take_command(const Record& record) {
        SLIPCAST_TRY(command, decoded_command(record));
        return apply(replay_.desk, command, state_of(replay_.snapshots, command.argument));
    }

    Replay& replay_;
    Begin expected_;
    bool has_begun_ = false;
};

/// Takes what was read already and then the rest.
Result<Replay> replayed(JournalSource& journal, std::span<const Record> read, const DeskSetup& setup, Desk desk) {
    Replay replay{.desk = std::move(desk)};
    Replayer replayer(setup, replay);
    for (const Record& record : read) SLIPCAST_CHECK(replayer.take(record));
    Record record;
    while (true) {
        SLIPCAST_TRY(is_there, journal.next(record));
        if (!is_there) break;
        SLIPCAST_CHECK(replayer.take(record));
    }
    if (replay.records == 0) return Error{ErrorCode::not_found, "journal", "", "must hold a beginning", {}};
    replay.is_identical = !replay.first_difference && replay.different_beginning.empty();
    return replay;
}

}  // namespace

Result<void> check_resumable(const Replay& replay) {
    const auto refused = [](const std::string& field, const std::string& value, std::string rule,
                            std::uint64_t record) {
        return Error{ErrorCode::inconsistent, field, value, std::move(rule),
                     Place{"journal", static_cast<std::int64_t>(record), {}}};
    };
    for (const std::string& each : replay.different_beginning) {
        if (each != "engine_version") return refused(each, "", "must be as in the journal", 0);
    }
    if (!replay.first_difference) return {};
    const Difference& first = *replay.first_difference;
    return refused(
        first.field, first.replayed_text,
        fmt::format("must be {} as journaled (order {}, step {}): slipcast {} wrote this journal, {} decides "
                    "otherwise",
                    first.journaled_text, first.order, first.step, replay.beginning.engine_version, version()),
        first.sequence);
}

Result<Replay> replay(JournalSource& journal, const DeskSetup& setup) {
    SLIPCAST_TRY(desk, Desk::create(setup));
    return replayed(journal, {}, setup, std::move(desk));
}

Result<Replay> replay(JournalSource& journal) {
    SLIPCAST_TRY(opening, detail::read_opening(journal));
    SLIPCAST_TRY(setup, detail::setup_of(opening));
    SLIPCAST_TRY(desk, Desk::create(setup));
    const std::string state = detail::state_of(opening);
    if (!state.empty()) SLIPCAST_CHECK(desk.restore(state));
    const std::span<const Record> read = opening.records;
    SLIPCAST_TRY(made, replayed(journal, read.subspan(opening.begins_at), setup, std::move(desk)));
    made.records += opening.begins_at;
    return std::move(made);
}

}  // namespace slipcast::desk
