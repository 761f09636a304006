#include <fmt/format.h>

#include <bit>
#include <optional>
#include <type_traits>

#include "fields.hpp"
#include "slipcast/desk/journal.hpp"

namespace slipcast::desk {

namespace {

/// The number after the last value of an enum, against which a decoded one is checked.
template <typename E>
constexpr std::uint64_t end_of() {
    if constexpr (std::is_same_v<E, market::OrderKind>) return 2;
    if constexpr (std::is_same_v<E, Rung>) return 3;
    if constexpr (std::is_same_v<E, RungReason>) return static_cast<std::uint64_t>(RungReason::no_forecast) + 1;
    if constexpr (std::is_same_v<E, Guard>) return kGuards + 1;
    if constexpr (std::is_same_v<E, Tactic>) return 4;
    if constexpr (std::is_same_v<E, Action>) return 2;
    if constexpr (std::is_same_v<E, Reason>) return static_cast<std::uint64_t>(Reason::reversing) + 1;
    if constexpr (std::is_same_v<E, ContextField>) return kContextFields;
    if constexpr (std::is_same_v<E, OutcomeKind>) return 3;
    if constexpr (std::is_same_v<E, Taken>) return 3;
    if constexpr (std::is_same_v<E, CommandKind>) return 4;
}

class Writer {
public:
    explicit Writer(std::vector<std::byte>& bytes) : bytes_(bytes) {}

    template <typename T>
    void operator()(const char*, const T& value) {
        put(value);
    }

private:
    void put_bits(std::uint64_t bits, int width) {
        for (int i = 0; i < width; ++i) bytes_.push_back(static_cast<std::byte>((bits >> (8 * i)) & 0xffU));
    }
    void put(Timestamp value) { put_bits(static_cast<std::uint64_t>(value.ns()), 8); }
    void put(Duration value) { put_bits(static_cast<std::uint64_t>(value.count()), 8); }
    void put(Price value) { put_bits(static_cast<std::uint64_t>(value.units()), 8); }
    void put(double value) { put_bits(std::bit_cast<std::uint64_t>(value), 8); }
    void put(bool value) { put_bits(value ? 1 : 0, 1); }
    void put(std::optional<bool> value) { put_bits(!value ? 2 : *value ? 1 : 0, 1); }
    void put(Side value) { put_bits(value == Side::buy ? 1 : 0, 1); }
    void put(const std::string& value) {
        put(static_cast<std::uint32_t>(value.size()));
        for (const char c : value) bytes_.push_back(static_cast<std::byte>(c));
    }
    void put(const ModelVersion& value) {
        put(value.digest);
        put(value.updates);
    }
    void put(const Candidate& value) { detail::visit_candidate(*this, value); }
    void put(const ModelScore& value) { detail::visit_score(*this, value); }
    void put(const std::array<std::int64_t, 10>& value) {
        for (const std::int64_t each : value) put(each);
    }
    template <typename T>
        requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
    void put(T value) {
        put_bits(static_cast<std::uint64_t>(value), sizeof(T));
    }
    template <typename T>
        requires(std::is_enum_v<T> && !std::is_same_v<T, Side>)
    void put(T value) {
        put_bits(static_cast<std::uint64_t>(value), 1);
    }
    template <typename T, std::size_t kRoom>
    void put(const Few<T, kRoom>& value) {
        put(value.size);
        for (std::size_t i = 0; i < value.size; ++i) put(value.values[i]);
    }

    std::vector<std::byte>& bytes_;
};

class Reader {
public:
    explicit Reader(const Record& record) : record_(record) {}

    template <typename T>
    void operator()(const char* field, T& value) {
        if (error_) return;
        field_ = field;
        get(value);
    }
    /// After the last field: what went wrong first.
    [[nodiscard]] Result<void> finish() {
        field_ = "end";
        if (!error_ && at_ != record_.payload.size()) fail("must end with its last field");
        if (error_) return *error_;
        return {};
    }

private:
    void fail(const char* rule) {
        error_ = Error{ErrorCode::malformed, field_, std::string(name(record_.kind)), rule,
                       Place{"journal", static_cast<std::int64_t>(record_.sequence), {}}};
    }
    std::uint64_t bits(std::size_t width) {
        if (error_) return 0;
        if (record_.payload.size() - at_ < width) {
            fail("must be whole");
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            value |= static_cast<std::uint64_t>(record_.payload[at_ + i]) << (8 * i);
        }
        at_ += width;
        return value;
    }
    std::uint64_t below(std::uint64_t end) {
        const std::uint64_t value = bits(1);
        if (value < end) return value;
        fail("must be a known value");
        return 0;
    }
    void get(Timestamp& value) { value = Timestamp::from_ns(static_cast<std::int64_t>(bits(8))); }
    void get(Duration& value) { value = Duration{static_cast<std::int64_t>(bits(8))}; }
    void get(Price& value) { value = Price::from_units(static_cast<std::int64_t>(bits(8))); }
    void get(double& value) { value = std::bit_cast<double>(bits(8)); }
    void get(bool& value) { value = below(2) == 1; }
    void get(std::optional<bool>& value) {
        const std::uint64_t read = below(3);
        value = read == 2 ? std::nullopt : std::optional(read == 1);
    }
    void get(Side& value) { value = below(2) == 1 ? Side::buy : Side::sell; }
    void get(std::string& value) {
        const std::uint64_t size = bits(4);
        if (record_.payload.size() - at_ < size) return fail("must be whole");
        value.clear();
        for (std::uint64_t i = 0; i < size; ++i) value.push_back(static_cast<char>(record_.payload[at_ + i]));
        at_ += size;
    }
    void get(ModelVersion& value) {
        get(value.digest);
        get(value.updates);
    }
    void get(Candidate& value) { detail::visit_candidate(*this, value); }
    void get(ModelScore& value) { detail::visit_score(*this, value); }
    void get(std::array<std::int64_t, 10>& value) {
        for (std::int64_t& each : value) get(each);
    }
    template <typename T>
        requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
    void get(T& value) {
        value = static_cast<T>(bits(sizeof(T)));
    }
    template <typename T>
        requires(std::is_enum_v<T> && !std::is_same_v<T, Side>)
    void get(T& value) {
        value = static_cast<T>(below(end_of<T>()));
    }
    template <typename T, std::size_t kRoom>
    void get(Few<T, kRoom>& value) {
        value.size = static_cast<std::uint32_t>(bits(4));
        if (value.size > kRoom) {
            value.size = 0;
            return fail("must fit its list");
        }
        for (std::size_t i = 0; i < value.size; ++i) get(value.values[i]);
    }

    const Record& record_;
    std::size_t at_ = 0;
    const char* field_ = "";
    std::optional<Error> error_;
};

Result<void> check_kind(const Record& record, RecordKind kind) {
    if (record.kind == kind) return {};
    return Error{ErrorCode::malformed, "kind", std::string(name(record.kind)), "must be " + std::string(name(kind)),
                 Place{"journal", static_cast<std::int64_t>(record.sequence), {}}};
}

/// `visit` reads the fields of an R; afterwards no byte may be left.
template <typename R, typename Visit>
Result<R> decoded(const Record& record, RecordKind kind, const Visit& visit) {
    SLIPCAST_CHECK(check_kind(record, kind));
    R out;
    Reader reader(record);
    visit(reader, out);
    SLIPCAST_CHECK(reader.finish());
    return out;
}

}  // namespace

void encode(const Context& context, const Decision& decision, std::vector<std::byte>& bytes) {
    bytes.clear();
    Writer writer(bytes);
    detail::visit_context(writer, context);
    detail::visit_decision(writer, decision);
}
void encode(const Outcome& outcome, const Lesson& lesson, std::vector<std::byte>& bytes) {
    bytes.clear();
    Writer writer(bytes);
    detail::visit_outcome(writer, outcome);
    detail::visit_lesson(writer, lesson);
}
void encode(const Command& command, std::vector<std::byte>& bytes) {
    bytes.clear();
    detail::visit_command(Writer(bytes), command);
}
void encode(const Begin& begin, std::vector<std::byte>& bytes) {
    bytes.clear();
    detail::visit_begin(Writer(bytes), begin);
}

Result<Step> decoded_step(const Record& record) {
    return decoded<Step>(record, RecordKind::step, [](Reader& reader, Step& step) {
        detail::visit_context(reader, step.context);
        detail::visit_decision(reader, step.decision);
    });
}
Result<Told> decoded_outcome(const Record& record) {
    return decoded<Told>(record, RecordKind::outcome, [](Reader& reader, Told& told) {
        detail::visit_outcome(reader, told.outcome);
        detail::visit_lesson(reader, told.lesson);
    });
}
Result<Command> decoded_command(const Record& record) {
    return decoded<Command>(record, RecordKind::command,
                            [](Reader& reader, Command& command) { detail::visit_command(reader, command); });
}
Result<Begin> decoded_begin(const Record& record) {
    SLIPCAST_TRY(begin, decoded<Begin>(record, RecordKind::begin,
                                       [](Reader& reader, Begin& made) { detail::visit_begin(reader, made); }));
    if (begin.encoding_version != kEncodingVersion) {
        return Error{ErrorCode::invalid_value,
                     "encoding_version",
                     std::to_string(begin.encoding_version),
                     fmt::format("must be {}: slipcast {} wrote this journal", kEncodingVersion, begin.engine_version),
                     {.file = "journal", .row = static_cast<std::int64_t>(record.sequence), .time = {}}};
    }
    return begin;
}

}  // namespace slipcast::desk
