#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>

#include "desk/fields.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/desk/journal.hpp"

// Any record comes back from its bytes bit for bit, and every field that differs is named.

namespace slipcast::desk {
namespace {

/// Fills any field with random bits that its type can hold.
class Fill {
public:
    explicit Fill(std::uint64_t seed) : stream_(seed, "test.desk.encoding") {}
    template <typename T>
    void operator()(const char*, T& value) {
        fill(value);
    }

private:
    void fill(Timestamp& value) { value = Timestamp::from_ns(static_cast<std::int64_t>(stream_.next_bits())); }
    void fill(Duration& value) { value = Duration{static_cast<std::int64_t>(stream_.next_bits())}; }
    void fill(Price& value) { value = Price::from_units(static_cast<std::int64_t>(stream_.next_bits())); }
    void fill(double& value) { value = std::bit_cast<double>(stream_.next_bits()); }
    void fill(bool& value) { value = stream_.next_bits() % 2 == 1; }
    void fill(std::optional<bool>& value) {
        const std::uint64_t drawn = stream_.next_bits() % 3;
        value = drawn == 2 ? std::nullopt : std::optional(drawn == 1);
    }
    void fill(Side& value) { value = stream_.next_bits() % 2 == 1 ? Side::buy : Side::sell; }
    void fill(ModelVersion& value) { value = {stream_.next_bits(), static_cast<std::int64_t>(stream_.next_bits())}; }
    void fill(std::string& value) {
        value.resize(stream_.next_bits() % 40);
        for (char& c : value) c = static_cast<char>(stream_.next_bits() & 0x7fU);
    }
    void fill(Candidate& value) { detail::visit_candidate(*this, value); }
    void fill(ModelScore& value) { detail::visit_score(*this, value); }
    void fill(std::array<std::int64_t, 10>& value) {
        for (std::int64_t& each : value) fill(each);
    }
    template <typename T>
        requires std::is_integral_v<T>
    void fill(T& value) {
        value = static_cast<T>(stream_.next_bits());
    }
    template <typename T>
        requires(std::is_enum_v<T>)
    void fill(T& value) {
        value = static_cast<T>(stream_.next_bits() % 2);
    }
    template <typename T, std::size_t kRoom>
    void fill(Few<T, kRoom>& value) {
        value.size = static_cast<std::uint32_t>(stream_.next_bits() % (kRoom + 1));
        for (std::size_t i = 0; i < value.size; ++i) fill(value.values[i]);
    }
    RandomStream stream_;
};

Step random_step(std::uint64_t seed) {
    Step step;
    Fill fill(seed);
    detail::visit_context(fill, step.context);
    detail::visit_decision(fill, step.decision);
    return step;
}

Record record_of(RecordKind kind, std::vector<std::byte> payload) {
    return {.sequence = 7, .kind = kind, .time = {}, .payload = std::move(payload)};
}

std::vector<std::byte> bytes_of(const Step& step) {
    std::vector<std::byte> bytes;
    encode(step.context, step.decision, bytes);
    return bytes;
}

TEST(DeskEncoding, StepsComeBackBitForBit) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const std::vector<std::byte> bytes = bytes_of(random_step(seed));
        const Result<Step> back = decoded_step(record_of(RecordKind::step, bytes));
        ASSERT_TRUE(back) << back.error().message();
        EXPECT_EQ(bytes_of(*back), bytes) << seed;
    }
}

TEST(DeskEncoding, OutcomesCommandsAndBeginningsComeBack) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Fill fill(seed);
        Told told;
        Command command;
        Begin begin;
        detail::visit_outcome(fill, told.outcome);
        detail::visit_lesson(fill, told.lesson);
        detail::visit_command(fill, command);
        detail::visit_begin(fill, begin);
        std::vector<std::byte> bytes, again;
        encode(told.outcome, told.lesson, bytes);
        const Told back = decoded_outcome(record_of(RecordKind::outcome, bytes)).value();
        encode(back.outcome, back.lesson, again);
        EXPECT_EQ(again, bytes) << seed;
        EXPECT_FALSE(first_difference(back.lesson, told.lesson));
        encode(command, bytes);
        EXPECT_EQ(decoded_command(record_of(RecordKind::command, bytes)).value(), command);
        if (begin.encoding_version != kEncodingVersion) {
            encode(begin, bytes);
            EXPECT_EQ(decoded_begin(record_of(RecordKind::begin, bytes)).error().field, "encoding_version");
            begin.encoding_version = kEncodingVersion;
        }
        encode(begin, bytes);
        EXPECT_EQ(decoded_begin(record_of(RecordKind::begin, bytes)).value(), begin);
    }
}

TEST(DeskEncoding, RefusesWhatIsNotWhole) {
    const std::vector<std::byte> whole = bytes_of(random_step(3));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto part = std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        const Result<Step> refused = decoded_step(record_of(RecordKind::step, part));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::malformed);
        EXPECT_EQ(refused.error().place.row, 7);
    }
    std::vector<std::byte> longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_EQ(decoded_step(record_of(RecordKind::step, longer)).error().field, "end");
    EXPECT_EQ(decoded_outcome(record_of(RecordKind::step, whole)).error().field, "kind");
    std::vector<std::byte> bad_kind = whole;
    bad_kind[16] = std::byte{9};
    EXPECT_EQ(decoded_step(record_of(RecordKind::step, bad_kind)).error().field, "kind");
}

// Arbitrary bytes are refused or read, never worse.
TEST(DeskEncoding, ArbitraryBytesDoNoHarm) {
    RandomStream stream(5, "test.desk.bytes");
    for (int round = 0; round < 2'000; ++round) {
        std::vector<std::byte> bytes = bytes_of(random_step(1));
        for (int k = 0; k < 4; ++k)
            bytes[stream.next_bits() % bytes.size()] = static_cast<std::byte>(stream.next_bits());
        const Result<Step> step = decoded_step(record_of(RecordKind::step, bytes));
        if (step) {
            EXPECT_EQ(bytes_of(*step), bytes);
        }
    }
}

/// Changes the n-th field.
class Nudge {
public:
    explicit Nudge(int which) : left_(which) {}
    template <typename T>
    void operator()(const char* field, T& value) {
        if (left_-- != 0) return;
        name = field;
        nudge(value);
    }
    std::string name;

private:
    static void nudge(Timestamp& value) { value = value + Duration{1}; }
    static void nudge(Duration& value) { value += Duration{1}; }
    static void nudge(Price& value) { value = value + PriceMove::from_units(1); }
    static void nudge(double& value) { value = std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ 1U); }
    static void nudge(bool& value) { value = !value; }
    static void nudge(Side& value) { value = opposite(value); }
    template <typename T>
        requires std::is_integral_v<T>
    static void nudge(T& value) {
        ++value;
    }
    template <typename T>
        requires(std::is_enum_v<T>)
    static void nudge(T& value) {
        value = static_cast<T>(1 - static_cast<int>(value));
    }
    static void nudge(Few<std::int64_t, kMaxVenues>& value) { value.size = (value.size + 1) % 3; }
    static void nudge(Few<Candidate, kMaxCandidates>& value) { value.size = (value.size + 1) % 3; }
    int left_;
};

TEST(DeskEncoding, NamesTheFirstFieldThatDiffers) {
    const Decision decision = random_step(11).decision;
    EXPECT_FALSE(first_difference(decision, decision));
    std::set<std::string> seen;
    for (int which = 0;; ++which) {
        Decision changed = decision;
        Nudge nudge(which);
        detail::visit_decision(nudge, changed);
        if (nudge.name.empty()) break;
        const auto found = first_difference(decision, changed);
        ASSERT_TRUE(found) << nudge.name;
        EXPECT_EQ(found->field, nudge.name);
        EXPECT_NE(found->a, found->b) << nudge.name;
        seen.insert(nudge.name);
    }
    EXPECT_GT(seen.size(), 60U);
    Decision changed = decision;
    changed.candidates.size = 2;
    Decision other = changed;
    other.candidates.values[1].score = 1.5;
    changed.candidates.values[1].score = 2.0;
    const auto found = first_difference(changed, other);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->field, "candidate[1].score");
    EXPECT_EQ(found->a, "2");
    EXPECT_EQ(found->b, "1.5");
}

TEST(DeskEncoding, NamesTheFirstScoreThatDiffers) {
    Lesson lesson;
    Fill fill(5);
    detail::visit_lesson(fill, lesson);
    lesson.scores.size = 2;
    EXPECT_FALSE(first_difference(lesson, lesson));
    Lesson changed = lesson;
    changed.scores.values[1].card.pit[9] += 1;
    EXPECT_EQ(first_difference(lesson, changed).value().field, "score[1].card.pit");
    changed.scores.values[0].crps = std::nextafter(lesson.scores.values[0].crps, HUGE_VAL);
    EXPECT_EQ(first_difference(lesson, changed).value().field, "score[0].crps");
    changed.taken = lesson.taken == Taken::refused ? Taken::whole : Taken::refused;
    EXPECT_EQ(first_difference(lesson, changed).value().field, "taken");
    changed = lesson;
    changed.scores.size = 1;
    EXPECT_EQ(first_difference(lesson, changed).value().field, "scores");
}

// The bytes are a format: a change of them or of their meaning raises kEncodingVersion and this number.
TEST(DeskEncoding, TheFormatStands) {
    Told told;
    Command command;
    Fill fill(1);
    detail::visit_outcome(fill, told.outcome);
    detail::visit_lesson(fill, told.lesson);
    detail::visit_command(fill, command);
    std::vector<std::byte> bytes = bytes_of(random_step(1)), more;
    encode(told.outcome, told.lesson, more);
    bytes.insert(bytes.end(), more.begin(), more.end());
    encode(command, more);
    bytes.insert(bytes.end(), more.begin(), more.end());
    EXPECT_EQ(kEncodingVersion, 3U);
    EXPECT_EQ(digest64({reinterpret_cast<const char*>(bytes.data()), bytes.size()}), 8645378846004279459U);
}

TEST(DeskJournal, MemoryKeepsRecordsInOrder) {
    MemoryJournal journal;
    std::vector<std::byte> bytes;
    encode(Command{}, bytes);
    EXPECT_EQ(journal.append(RecordKind::command, {}, bytes).value(), 1U);
    EXPECT_EQ(journal.append(RecordKind::command, {}, bytes).value(), 2U);
    EXPECT_TRUE(journal.acknowledge(2));
    EXPECT_EQ(journal.acknowledge(3).error().field, "sequence");
    Record record;
    EXPECT_TRUE(journal.next(record).value());
    EXPECT_EQ(record.sequence, 1U);
    EXPECT_TRUE(journal.next(record).value());
    EXPECT_FALSE(journal.next(record).value());
}

}  // namespace
}  // namespace slipcast::desk
