#include "slipcast/core/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/nearest.hpp"

namespace slipcast {

namespace {

Setting described(std::string name, std::string meaning, std::string unit = {}, std::string source = {}) {
    Setting setting;
    setting.name = std::move(name);
    setting.meaning = std::move(meaning);
    setting.unit = std::move(unit);
    setting.source = std::move(source);
    return setting;
}

/// How one kind of setting reads, judges and writes its value.
template <typename T>
struct Kind {
    std::function<Result<T>(std::string_view text)> parse;
    std::function<Result<void>(const T& value)> check;
    std::function<std::string(const T& value)> show;
};

template <typename T>
Setting bound(Setting setting, T& target, const Kind<T>& kind) {
    setting.set = [&target, kind](std::string_view text) -> Result<void> {
        SLIPCAST_TRY(value, kind.parse(text));
        SLIPCAST_CHECK(kind.check(value));
        target = std::move(value);
        return {};
    };
    setting.check = [&target, kind] { return kind.check(target); };
    setting.get = [&target, kind] { return kind.show(target); };
    return setting;
}

template <typename T>
Result<void> anything(const T&) {
    return {};
}

Error malformed(const std::string& name, std::string_view text, std::string rule) {
    return Error{ErrorCode::malformed, name, std::string(text), std::move(rule), {}};
}

template <typename Integer>
Setting bound_integer(Setting setting, Integer& target, Integer low, Integer high) {
    SLIPCAST_ASSERT(low <= high, "a range is not empty");
    setting.range =
        high == std::numeric_limits<Integer>::max() ? fmt::format(">= {}", low) : fmt::format("in [{}, {}]", low, high);
    Kind<Integer> kind;
    kind.show = [](const Integer& value) { return fmt::format("{}", value); };
    kind.check = [=, name = setting.name, range = setting.range](const Integer& value) -> Result<void> {
        if (value >= low && value <= high) return {};
        return invalid_value(name, fmt::format("{}", value), "must be " + range);
    };
    kind.parse = [low, high, name = setting.name, range = setting.range](std::string_view text) -> Result<Integer> {
        SLIPCAST_TRY(value, parse_decimal(text, 0, name));
        // Narrowing must not bring a value back into the range.
        if (value < low || value > high) return invalid_value(name, std::string(text), "must be " + range);
        return static_cast<Integer>(value);
    };
    return bound(std::move(setting), target, kind);
}

std::string range_text(const Settings::Range& range) {
    const bool has_low = std::isfinite(range.low);
    const bool has_high = std::isfinite(range.high);
    if (!has_low && !has_high) return "finite";
    if (!has_high) return fmt::format("{} {}", range.low_open ? ">" : ">=", range.low);
    if (!has_low) return fmt::format("{} {}", range.high_open ? "<" : "<=", range.high);
    return fmt::format("in {}{}, {}{}", range.low_open ? '(' : '[', range.low, range.high, range.high_open ? ')' : ']');
}

bool contains(const Settings::Range& range, double value) {
    // Written so that NaN is in no range.
    const bool above = range.low_open ? value > range.low : value >= range.low;
    const bool below = range.high_open ? value < range.high : value <= range.high;
    return above && below && std::isfinite(value);
}

Result<double> parse_number(const std::string& name, std::string_view text) {
    double value = 0.0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status == std::errc::result_out_of_range) {
        return Error{ErrorCode::out_of_range, name, std::string(text), "must be within the range of a double", {}};
    }
    if (status != std::errc{} || end != text.data() + text.size()) {
        return malformed(name, text, "must be a number");
    }
    return value;
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
        if (text.empty()) parts.emplace_back();
    }
    return parts;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}

// Keeps "name=value;" unambiguous when a value holds the separator.
std::string escaped(const std::string& value) {
    std::string text;
    for (const char c : value) {
        if (c == ';' || c == '\\') text += '\\';
        text += c;
    }
    return text;
}

}  // namespace

Settings& Settings::add(Setting setting) {
    for (const Setting& known : settings_) {
        SLIPCAST_ASSERT(known.name != setting.name, "setting names of one options struct are distinct");
    }
    settings_.push_back(std::move(setting));
    return *this;
}

Settings& Settings::integer(std::string name, std::string unit, std::int64_t& target, std::int64_t low,
                            std::int64_t high, std::string meaning, std::string source) {
    Setting setting = described(std::move(name), std::move(meaning), std::move(unit), std::move(source));
    return add(bound_integer(std::move(setting), target, low, high));
}

Settings& Settings::integer(std::string name, std::string unit, int& target, int low, int high, std::string meaning,
                            std::string source) {
    Setting setting = described(std::move(name), std::move(meaning), std::move(unit), std::move(source));
    return add(bound_integer(std::move(setting), target, low, high));
}

Settings& Settings::seed(std::string name, std::uint64_t& target, std::string meaning) {
    Setting setting = described(std::move(name), std::move(meaning));
    setting.range = "in [0, 2^64)";
    Kind<std::uint64_t> kind;
    kind.check = anything<std::uint64_t>;
    kind.show = [](const std::uint64_t& value) { return fmt::format("{}", value); };
    kind.parse = [label = setting.name](std::string_view text) -> Result<std::uint64_t> {
        std::uint64_t value = 0;
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (status == std::errc{} && end == text.data() + text.size()) return value;
        return malformed(label, text, "must be a whole number in [0, 2^64)");
    };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::number(std::string name, std::string unit, double& target, Range range, std::string meaning,
                           std::string source) {
    SLIPCAST_ASSERT(range.low <= range.high, "a range is not empty");
    Setting setting = described(std::move(name), std::move(meaning), std::move(unit), std::move(source));
    setting.range = range_text(range);
    Kind<double> kind;
    // The shortest text that reads back as the same double.
    kind.show = [](const double& value) { return fmt::format("{}", value); };
    kind.parse = [label = setting.name](std::string_view text) { return parse_number(label, text); };
    kind.check = [range, label = setting.name, rule = "must be " + setting.range](const double& value) -> Result<void> {
        if (contains(range, value)) return {};
        return invalid_value(label, fmt::format("{}", value), rule);
    };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::flag(std::string name, bool& target, std::string meaning) {
    Setting setting = described(std::move(name), std::move(meaning));
    setting.range = "true or false";
    setting.is_flag = true;
    Kind<bool> kind;
    kind.check = anything<bool>;
    kind.show = [](const bool& value) -> std::string { return value ? "true" : "false"; };
    kind.parse = [label = setting.name](std::string_view text) -> Result<bool> {
        if (text == "true") return true;
        if (text == "false") return false;
        return malformed(label, text, "must be true or false");
    };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::duration(std::string name, Duration& target, Duration low, Duration high, std::string meaning,
                             std::string source) {
    SLIPCAST_ASSERT(low <= high, "a range is not empty");
    Setting setting = described(std::move(name), std::move(meaning), {}, std::move(source));
    setting.range = fmt::format("in [{}, {}]", to_string(low), to_string(high));
    Kind<Duration> kind;
    kind.show = [](const Duration& value) { return to_string(value); };
    kind.parse = [label = setting.name](std::string_view text) { return parse_duration(text, label); };
    kind.check = [low, high, label = setting.name,
                  rule = "must be " + setting.range](const Duration& value) -> Result<void> {
        if (value >= low && value <= high) return {};
        return invalid_value(label, to_string(value), rule);
    };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::date(std::string name, Date& target, std::string meaning) {
    Setting setting = described(std::move(name), std::move(meaning));
    setting.range = "YYYY-MM-DD";
    Kind<Date> kind;
    kind.check = anything<Date>;
    kind.show = [](const Date& value) { return value.to_string(); };
    kind.parse = [label = setting.name](std::string_view text) { return Date::parse(text, label); };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::text(std::string name, std::string& target, std::string meaning) {
    Setting setting = described(std::move(name), std::move(meaning));
    Kind<std::string> kind;
    kind.check = anything<std::string>;
    kind.show = [](const std::string& value) { return value; };
    kind.parse = [](std::string_view text) -> Result<std::string> { return std::string(text); };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::choice(std::string name, int& target, const std::vector<std::string>& choices,
                           std::string meaning) {
    SLIPCAST_ASSERT(!choices.empty(), "a choice has something to choose from");
    Setting setting = described(std::move(name), std::move(meaning));
    setting.range = joined(choices, ", ");
    Kind<int> kind;
    const auto is_known = [count = static_cast<int>(choices.size())](int index) { return index >= 0 && index < count; };
    kind.show = [choices, is_known](const int& index) {
        return is_known(index) ? choices[static_cast<std::size_t>(index)] : fmt::format("{}", index);
    };
    kind.check = [is_known, label = setting.name, rule = "must be one of " + setting.range](const int& index) {
        return is_known(index) ? Result<void>{} : invalid_value(label, fmt::format("{}", index), rule);
    };
    kind.parse = [choices, label = setting.name, range = setting.range](std::string_view text) -> Result<int> {
        const auto found = std::find(choices.begin(), choices.end(), text);
        if (found != choices.end()) return static_cast<int>(found - choices.begin());
        return invalid_value(label, std::string(text),
                             fmt::format("must be one of {}; did you mean '{}'?", range, nearest_name(text, choices)));
    };
    return add(bound(std::move(setting), target, kind));
}

Settings& Settings::list(std::string name, std::string unit, std::vector<std::string>& target, std::string meaning,
                         std::function<Result<void>(const std::string&)> check) {
    Setting setting = described(std::move(name), std::move(meaning), std::move(unit));
    setting.range = "comma-separated";
    Kind<std::vector<std::string>> kind;
    kind.show = [](const std::vector<std::string>& values) { return joined(values, ","); };
    kind.parse = [](std::string_view text) -> Result<std::vector<std::string>> { return split_at_commas(text); };
    kind.check = [check = std::move(check),
                  label = setting.name](const std::vector<std::string>& values) -> Result<void> {
        for (const std::string& value : values) {
            if (value.empty() || value.find(',') != std::string::npos) {
                return invalid_value(label, value, "must be a list of texts that are not empty and hold no comma");
            }
            if (check) SLIPCAST_CHECK(check(value));
        }
        return {};
    };
    return add(bound(std::move(setting), target, kind));
}

Result<void> Settings::set(std::string_view name, std::string_view text) {
    std::string key(name);
    std::replace(key.begin(), key.end(), '-', '_');
    std::vector<std::string> names;
    for (const Setting& setting : settings_) {
        if (setting.name == key) return setting.set(text);
        names.push_back(setting.name);
    }
    std::string rule = "is not a setting";
    if (!names.empty()) rule += fmt::format("; did you mean '{}'?", nearest_name(key, names));
    return Error{ErrorCode::unknown_field, std::string(name), std::string(text), std::move(rule), {}};
}

Result<void> Settings::validate() const {
    for (const Setting& setting : settings_) SLIPCAST_CHECK(setting.check());
    return {};
}

std::string Settings::canonical_text() const {
    std::string text;
    for (const Setting& setting : settings_) text += fmt::format("{}={};", setting.name, escaped(setting.get()));
    return text;
}

}  // namespace slipcast
