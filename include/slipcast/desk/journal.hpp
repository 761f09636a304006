#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/desk/records.hpp"

namespace slipcast::desk {

/// Of the bytes of a record's payload and what they mean; a journal of another version is refused. Since
/// 2 a decision's participation, and that of a candidate which a rung allows, is the speed at which it works there; a
/// decision names the context's wrong field and says whether to cancel what works; completion may be unknown. Since
/// 3 a decision holds all that its rung was read from, an outcome what it taught with the scores of both models, and a
/// command which request of another process it answers.
inline constexpr std::uint32_t kEncodingVersion = 3;

/// What a record holds. The numbers are the format.
enum class RecordKind : std::uint8_t {
    begin = 1,     ///< a desk starts: Begin
    step = 2,      ///< one step, whole: Context, then Decision
    outcome = 3,   ///< Outcome, then Lesson
    command = 4,   ///< Command
    model = 5,     ///< a model comes into use as champion or challenger: its role, then its file as text
    snapshot = 6,  ///< the desk's state as text
    setup = 7,     ///< what else a desk is made of, after its beginning: encoded_setup()
};
[[nodiscard]] std::string_view name(RecordKind kind);

/// One record: sequence numbers start at 1 and have no gaps. The journal adds nothing to the payload and reads nothing
/// from it.
struct Record {
    std::uint64_t sequence = 0;
    RecordKind kind = RecordKind::begin;
    Timestamp time;
    std::vector<std::byte> payload;
    friend bool operator==(const Record&, const Record&) = default;
};

enum class CommandKind : std::uint8_t {
    kill,       ///< the kill switch goes on
    release,    ///< and off
    promote,    ///< the challenger becomes champion, and the champion challenger
    roll_back,  ///< models and beliefs of dark venues return to the snapshot of sequence number `argument`
};
[[nodiscard]] std::string_view name(CommandKind kind);

/// What another process asks of a desk.
struct Request {
    std::uint64_t number = 0;              ///< from 1, in the order of asking
    Timestamp time;                        ///< by the asker's clock
    CommandKind kind = CommandKind::kill;  ///< kill or release
    friend bool operator==(const Request&, const Request&) = default;
};

/// Where records go, and where other processes reach the desk that writes them. Appending need not wait; `acknowledge`
/// does. Acknowledged means: survives a crash of the process and of the machine. An order goes out only after its step
/// is acknowledged.
class JournalSink {
public:
    JournalSink() = default;
    JournalSink(const JournalSink&) = delete;
    JournalSink& operator=(const JournalSink&) = delete;
    virtual ~JournalSink() = default;

    /// Takes one record; returns its sequence number. Allocates nothing in the caller's thread after construction where
    /// the implementation says so. Refused: a journal that has failed, with its first failure.
    virtual Result<std::uint64_t> append(RecordKind kind, Timestamp time, std::span<const std::byte> payload) = 0;
    /// Waits until the records up to `sequence` are acknowledged, or refuses with the failure that prevents it.
    virtual Result<void> acknowledge(std::uint64_t sequence) = 0;
    /// The last acknowledged sequence number; 0 = none.
    [[nodiscard]] virtual std::uint64_t acknowledged() const = 0;

    /// The next request of another process, each once and in order; none where nobody can ask. Allocates nothing, and
    /// costs next to nothing when there is none.
    [[nodiscard]] virtual std::optional<Request> next_request() { return std::nullopt; }
    /// Record `sequence` says what came of request `number`: once it is acknowledged, the asker may know.
    virtual void answer([[maybe_unused]] std::uint64_t number, [[maybe_unused]] std::uint64_t sequence) {}
};

/// Where records come from, in the order of their sequence numbers.
class JournalSource {
public:
    JournalSource() = default;
    JournalSource(const JournalSource&) = delete;
    JournalSource& operator=(const JournalSource&) = delete;
    virtual ~JournalSource() = default;

    /// The next record into `record`, or false at the end. Refused: a gap, bytes that cannot be read.
    virtual Result<bool> next(Record& record) = 0;
};

/// A journal in memory, for tests and simulations: acknowledged at once, as nothing outlives the process.
class MemoryJournal final : public JournalSink, public JournalSource {
public:
    Result<std::uint64_t> append(RecordKind kind, Timestamp time, std::span<const std::byte> payload) override;
    Result<void> acknowledge(std::uint64_t sequence) override;
    [[nodiscard]] std::uint64_t acknowledged() const override { return records_.size(); }
    Result<bool> next(Record& record) override;
    /// `next` starts again from the first record.
    void rewind() { read_ = 0; }
    [[nodiscard]] const std::vector<Record>& records() const { return records_; }

private:
    std::vector<Record> records_;
    std::size_t read_ = 0;
};

/// How a desk starts.
struct Begin {
    Timestamp time;
    std::string engine_version;
    std::uint32_t encoding_version = kEncodingVersion;
    std::uint64_t seed = 0;
    std::uint64_t options_digest = 0;
    ModelVersion champion;
    ModelVersion challenger;         ///< zero = none
    std::uint64_t setup_digest = 0;  ///< of rules and dark venues
    std::string options;             ///< canonical text, for people
    friend bool operator==(const Begin&, const Begin&) = default;
};

struct Command {
    Timestamp time;
    CommandKind kind = CommandKind::kill;
    std::uint64_t argument = 0;
    std::uint64_t request = 0;  ///< of another process; 0 = the desk's own caller
    Timestamp asked;            ///< when it asked
    friend bool operator==(const Command&, const Command&) = default;
};

/// The bytes of a step, an outcome, a command, a beginning: fixed order of fields, little-endian, doubles bit for bit
/// (NaN with its payload), times in ns, enums as their number, lists and texts with their length before them. Equal
/// records have equal bytes and the reverse. Encoding into `bytes` allocates nothing once it has the room.
void encode(const Context& context, const Decision& decision, std::vector<std::byte>& bytes);
void encode(const Outcome& outcome, const Lesson& lesson, std::vector<std::byte>& bytes);
void encode(const Command& command, std::vector<std::byte>& bytes);
void encode(const Begin& begin, std::vector<std::byte>& bytes);

struct Step {
    Context context;
    Decision decision;
};
struct Told {
    Outcome outcome;
    Lesson lesson;
};
/// The reverse. Refused as malformed: bytes missing or left over, a list beyond its room, a number that is no enum
/// value or bool. `place.row` is the record's sequence number.
[[nodiscard]] Result<Step> decoded_step(const Record& record);
[[nodiscard]] Result<Told> decoded_outcome(const Record& record);
[[nodiscard]] Result<Command> decoded_command(const Record& record);
/// Refuses a journal of another kEncodingVersion, too.
[[nodiscard]] Result<Begin> decoded_begin(const Record& record);

/// One field as text. Texts of one field differ exactly when its bits do.
struct FieldText {
    std::string field;  ///< "forecast.p99", "guard.price_band.value", "candidate[2].score"; a list has its size first
    std::string text;   ///< numbers as the shortest text that reads back, enums by name
};
/// Every field of a decision, in the order of its encoding.
[[nodiscard]] std::vector<FieldText> field_texts(const Decision& decision);

struct FieldDifference {
    std::string field;
    std::string a, b;  ///< as text; empty in the one that has no such field
};
/// The first field in which two differ, bit for bit; none when they do not. Scores are "score[0].crps" and the like.
[[nodiscard]] std::optional<FieldDifference> first_difference(const Decision& a, const Decision& b);
[[nodiscard]] std::optional<FieldDifference> first_difference(const Lesson& a, const Lesson& b);

}  // namespace slipcast::desk
