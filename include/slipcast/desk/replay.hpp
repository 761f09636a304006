#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/clock.hpp"
#include "slipcast/desk/desk.hpp"
#include "slipcast/desk/setup.hpp"  // IWYU pragma: export

namespace slipcast::desk {

/// A state in a journal.
struct Snapshot {
    std::uint64_t sequence = 0;
    std::string state;
};

struct Replay;

/// A desk whose every input, decision and outcome is in a journal. A call first changes the desk and then appends; when
/// appending fails, the call is refused, nothing may go out, and the desk takes no further call.
class JournaledDesk {
public:
    /// Writes how the desk begins, its models and its state. `clock` stamps commands; contexts and outcomes bring their
    /// own times. The sink and the clock outlive the desk.
    [[nodiscard]] static Result<JournaledDesk> create(const DeskSetup& setup, JournalSink& sink, const Clock& clock);
    /// Goes on where a replayed journal ends, with a new beginning in the same journal. Its snapshots can be rolled
    /// back to. Refused: what check_resumable refuses.
    [[nodiscard]] static Result<JournaledDesk> resume(const DeskSetup& setup, Replay replayed, JournalSink& sink,
                                                      const Clock& clock);
    /// The same for a desk whose state comes from elsewhere.
    [[nodiscard]] static Result<JournaledDesk> resume(const DeskSetup& setup, Desk desk, JournalSink& sink,
                                                      const Clock& clock);

    /// A step allocates nothing beside what the sink does. Its children may go out once the journal has acknowledged
    /// last_sequence().
    [[nodiscard]] Result<Decision> step(const Context& context);
    /// With its lesson in one record. `lesson` is told in each case but one: the journal failed.
    Result<void> record(const Outcome& outcome, Lesson* lesson = nullptr);
    Result<void> kill() { return command(CommandKind::kill); }
    Result<void> release() { return command(CommandKind::release); }
    /// Takes up what other processes asked since: each becomes a command in the journal. Every call below and above
    /// does so first, so that no decision is made without them; a desk that waits may ask by itself.
    Result<void> take_requests();
    Result<void> promote() { return command(CommandKind::promote); }
    /// The whole state into the journal; returns its sequence number, to roll back to.
    Result<std::uint64_t> snapshot();
    /// The models return to the snapshot of that number in this journal. Refused: another number; a desk without
    /// models.
    Result<void> roll_back(std::uint64_t snapshot);
    /// Waits until everything appended so far is acknowledged.
    Result<void> acknowledge() { return sink_->acknowledge(last_sequence_); }
    [[nodiscard]] std::uint64_t last_sequence() const { return last_sequence_; }
    [[nodiscard]] const Desk& desk() const { return desk_; }

private:
    JournaledDesk(Desk desk, JournalSink& sink, const Clock& clock);
    Result<void> begin(const DeskSetup& setup);
    Result<void> append(RecordKind kind, Timestamp time);
    Result<void> append_text(RecordKind kind, std::string_view text);
    Result<void> command(CommandKind kind, std::uint64_t argument = 0);
    Result<void> take(const Command& command);

    Desk desk_;
    JournalSink* sink_;
    const Clock* clock_;
    std::vector<std::byte> bytes_;
    std::vector<Snapshot> snapshots_;
    std::uint64_t last_sequence_ = 0;
    bool has_failed_ = false;
};

/// How a desk of this setup begins: what a replay compares first.
[[nodiscard]] Begin beginning(const DeskSetup& setup, const Desk& desk, Timestamp time);

/// A decision that did not come out as it was journaled; or what an outcome taught (field "taken" or of a score), or a
/// snapshot (field "state"), without decisions.
struct Difference {
    std::uint64_t sequence = 0;  ///< of the record
    std::uint64_t order = 0;
    std::uint64_t step = 0;
    std::string field;                          ///< the first field that differs
    std::string journaled_text, replayed_text;  ///< its values
    Decision journaled = {};
    Decision replayed = {};
};

struct Replay {
    bool is_identical = false;
    Begin beginning = {};  ///< the first, as journaled
    std::uint64_t records = 0;
    std::uint64_t decisions = 0;  ///< compared
    std::optional<Difference> first_difference = {};
    /// What differs between how the journaled desk began and this one: engine_version, seed, options_digest,
    /// champion, challenger, setup_digest. Not identical then, whatever the decisions.
    std::vector<std::string> different_beginning = {};
    std::vector<Snapshot> snapshots = {};
    Desk desk;  ///< after the last record: what a restart goes on with
};

/// Refuses a replay after which the desk is not the journaled one: something differs in how it began other than the
/// engine version, or a decision, a score or a state came out otherwise. `place.row` is the record that differs first.
[[nodiscard]] Result<void> check_resumable(const Replay& replay);

/// Runs a journal through a fresh desk of `setup` and compares each decision bit for bit; goes on after a difference.
/// Refused: a journal that does not begin with its beginning, records that cannot be read, what the desk refuses now
/// and did not then.
[[nodiscard]] Result<Replay> replay(JournalSource& journal, const DeskSetup& setup);
/// The same from the journal alone: through a desk of journaled_setup, in the state with which the journaled one began.
/// Also refused: what journaled_setup refuses.
[[nodiscard]] Result<Replay> replay(JournalSource& journal);

}  // namespace slipcast::desk
