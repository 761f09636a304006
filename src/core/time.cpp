#include "slipcast/core/time.hpp"

#include <array>
#include <optional>

#include "slipcast/core/int128.hpp"

namespace slipcast {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kNsPerDay = 86'400 * kNsPerSecond;

Error refuse(ErrorCode code, std::string_view field, std::string_view text, std::string rule) {
    return Error{code, std::string(field), std::string(text), std::move(rule), {}};
}

struct CivilDay {
    std::int64_t year = 1970;
    unsigned month = 1;
    unsigned day = 1;
};

// Days from and to the proleptic Gregorian calendar: H. Hinnant, "chrono-compatible low-level date
// algorithms" (days_from_civil, civil_from_days). Years start in March so that the leap day comes last.
std::int64_t days_from_civil(CivilDay civil) {
    const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = (civil.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

CivilDay civil_from_days(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t day_of_era = days - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const auto day = static_cast<unsigned>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    const auto month = static_cast<unsigned>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

unsigned days_in_month(std::int64_t year, unsigned month) {
    constexpr std::array<unsigned, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return kDays[month - 1] + (month == 2 && is_leap ? 1U : 0U);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

/// Reads a text from the left; every read that fails leaves the cursor where it was.
class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    std::optional<unsigned> digits(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        unsigned value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (!is_digit(rest_[i])) return std::nullopt;
            value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }
    /// Takes one character out of `choices`; '\0' when there is none.
    char one_of(std::string_view choices) {
        if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return '\0';
        const char taken = rest_.front();
        rest_.remove_prefix(1);
        return taken;
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }

private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    std::string_view rest_;
};

std::optional<CivilDay> read_day(Cursor& cursor) {
    const auto year = cursor.digits(4);
    if (!year || cursor.one_of("-") == '\0') return std::nullopt;
    const auto month = cursor.digits(2);
    if (!month || cursor.one_of("-") == '\0') return std::nullopt;
    const auto day = cursor.digits(2);
    if (!day || *month < 1 || *month > 12 || *day < 1 || *day > days_in_month(*year, *month)) {
        return std::nullopt;
    }
    return CivilDay{*year, *month, *day};
}

// Digits past the ninth may only be zeros: a nanosecond is the finest time there is here.
std::optional<std::int64_t> read_fraction(Cursor& cursor) {
    if (cursor.one_of(".") == '\0') return 0;
    if (!cursor.at_digit()) return std::nullopt;
    std::int64_t ns = 0;
    for (std::int64_t scale = kNsPerSecond / 10; cursor.at_digit(); scale /= 10) {
        const unsigned digit = *cursor.digits(1);
        if (scale == 0 && digit != 0) return std::nullopt;
        ns += digit * scale;
    }
    return ns;
}

std::optional<std::int64_t> read_time_of_day(Cursor& cursor) {
    const auto hour = cursor.digits(2);
    if (!hour || cursor.one_of(":") == '\0') return std::nullopt;
    const auto minute = cursor.digits(2);
    if (!minute || cursor.one_of(":") == '\0') return std::nullopt;
    const auto second = cursor.digits(2);
    if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    const auto fraction = read_fraction(cursor);
    if (!fraction) return std::nullopt;
    return (std::int64_t{*hour} * 3'600 + *minute * 60 + *second) * kNsPerSecond + *fraction;
}

// East of Greenwich is positive; the offset is subtracted to reach UTC.
std::optional<std::int64_t> read_offset(Cursor& cursor) {
    if (cursor.one_of("Zz") != '\0') return 0;
    const char sign = cursor.one_of("+-");
    if (sign == '\0') return std::nullopt;
    const auto hour = cursor.digits(2);
    if (!hour || cursor.one_of(":") == '\0') return std::nullopt;
    const auto minute = cursor.digits(2);
    if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
    const std::int64_t offset = (std::int64_t{*hour} * 3'600 + *minute * 60) * kNsPerSecond;
    return sign == '-' ? -offset : offset;
}

void append_padded(std::string& text, std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text += digits;
}

struct Unit {
    std::string_view name;
    std::int64_t ns;
};
constexpr std::array<Unit, 7> kUnits{{{"d", kNsPerDay},
                                      {"h", 3'600 * kNsPerSecond},
                                      {"min", 60 * kNsPerSecond},
                                      {"s", kNsPerSecond},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

}  // namespace

Result<Timestamp> Timestamp::parse(std::string_view text, std::string_view field) {
    const auto malformed = [&](const char* rule) { return refuse(ErrorCode::malformed, field, text, rule); };
    Cursor cursor(text);
    const auto day = read_day(cursor);
    if (!day) return malformed("must start with a day of the calendar, YYYY-MM-DD");
    if (cursor.one_of("Tt ") == '\0') return malformed("must have T or a space between day and time");
    const auto time_of_day = read_time_of_day(cursor);
    if (!time_of_day) return malformed("must have a time HH:MM:SS with at most 9 decimals");
    if (cursor.at_end()) return malformed("must name its zone: Z or an offset such as +01:00");
    const auto offset = read_offset(cursor);
    if (!offset || !cursor.at_end()) return malformed("must end in Z or an offset such as +01:00");
    const Int128 ns = static_cast<Int128>(days_from_civil(*day)) * kNsPerDay + *time_of_day - *offset;
    if (ns < INT64_MIN || ns > INT64_MAX) {
        return refuse(ErrorCode::out_of_range, field, text, "must be between the years 1677 and 2262");
    }
    return from_ns(static_cast<std::int64_t>(ns));
}

std::string Timestamp::to_string() const {
    const std::int64_t days = floor_divide(ns_, kNsPerDay);
    // The remainder, not ns - days * day: for the earliest days that product leaves 64 bits.
    const std::int64_t remainder = ns_ % kNsPerDay;
    const std::int64_t of_day = remainder < 0 ? remainder + kNsPerDay : remainder;
    const std::int64_t second_of_day = of_day / kNsPerSecond;
    std::string text = Date::from_days(static_cast<std::int32_t>(days)).to_string();
    text += 'T';
    append_padded(text, second_of_day / 3'600, 2);
    text += ':';
    append_padded(text, second_of_day / 60 % 60, 2);
    text += ':';
    append_padded(text, second_of_day % 60, 2);
    if (const std::int64_t fraction = of_day % kNsPerSecond; fraction != 0) {
        text += '.';
        if (fraction % 1'000'000 == 0) {
            append_padded(text, fraction / 1'000'000, 3);
        } else if (fraction % 1'000 == 0) {
            append_padded(text, fraction / 1'000, 6);
        } else {
            append_padded(text, fraction, 9);
        }
    }
    text += 'Z';
    return text;
}

Result<Date> Date::parse(std::string_view iso, std::string_view field) {
    Cursor cursor(iso);
    const auto day = read_day(cursor);
    if (!day || !cursor.at_end()) {
        return refuse(ErrorCode::malformed, field, iso, "must be a day of the calendar, YYYY-MM-DD");
    }
    return from_days(static_cast<std::int32_t>(days_from_civil(*day)));
}

Date Date::of_utc(Timestamp time) {
    return from_days(static_cast<std::int32_t>(floor_divide(time.ns(), kNsPerDay)));
}

Timestamp Date::midnight_utc() const {
    return Timestamp::from_ns(narrow(static_cast<Int128>(days_) * kNsPerDay));
}

std::string Date::to_string() const {
    const CivilDay civil = civil_from_days(days_);
    std::string text = civil.year < 0 ? "-" : "";
    append_padded(text, civil.year < 0 ? -civil.year : civil.year, 4);
    text += '-';
    append_padded(text, civil.month, 2);
    text += '-';
    append_padded(text, civil.day, 2);
    return text;
}

Result<Duration> parse_duration(std::string_view text, std::string_view field) {
    constexpr const char* kRule = "must be a whole number and a unit: ns, us, ms, s, min, h or d";
    const bool negative = !text.empty() && text.front() == '-';
    const std::string_view body = text.substr(negative ? 1 : 0);
    std::size_t count = 0;
    while (count < body.size() && body[count] >= '0' && body[count] <= '9') ++count;
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
        if (body.substr(count) == candidate.name) unit = &candidate;
    }
    if (count == 0 || unit == nullptr) return refuse(ErrorCode::malformed, field, text, kRule);
    // One step of 10x from at most 2^63 units stays inside 128 bits.
    Int128 ns = 0;
    for (std::size_t i = 0; i < count && ns <= INT64_MAX; ++i) {
        ns = ns * 10 + static_cast<Int128>(body[i] - '0') * unit->ns;
    }
    if (negative) ns = -ns;
    if (ns < INT64_MIN || ns > INT64_MAX) {
        return refuse(ErrorCode::out_of_range, field, text, "must be within 292 years");
    }
    return Duration{static_cast<std::int64_t>(ns)};
}

std::string to_string(Duration duration) {
    const std::int64_t ns = duration.count();
    if (ns == 0) return "0s";
    for (const Unit& unit : kUnits) {
        if (ns % unit.ns == 0) return std::to_string(ns / unit.ns) + std::string(unit.name);
    }
    SLIPCAST_ASSERT(false, "every duration is a whole number of nanoseconds");
}

}  // namespace slipcast
