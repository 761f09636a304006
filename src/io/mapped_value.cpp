#include "mapped_value.hpp"

#include "slipcast/core/decimal.hpp"

namespace slipcast::io::detail {

namespace {

constexpr int kDecimals = 9;

using Text = std::optional<std::string>;

Result<Text> joined(const ValueRule& rule, const SourceText& source) {
    std::string text;
    for (std::size_t i = 0; i < rule.join.size(); ++i) {
        const Text part = source(rule.join[i]);
        if (!part) return Text{};
        text += (i > 0 ? rule.separator : "") + *part;
    }
    return Text{text};
}

Result<Text> quotient(const ValueRule& rule, const std::string& field, const SourceText& source) {
    const Text over = source(rule.quotient[0]), under = source(rule.quotient[1]);
    if (!over || !under) return Text{};
    SLIPCAST_TRY(numerator, parse_decimal(*over, kDecimals, rule.quotient[0]));
    SLIPCAST_TRY(denominator, parse_decimal(*under, kDecimals, rule.quotient[1]));
    const std::string shown = *over + " / " + *under;
    if (denominator == 0) return invalid_value(field, shown, "must not divide by zero");
    const Int128 scaled = static_cast<Int128>(numerator) * power_of_ten(kDecimals);
    if (scaled % denominator != 0) {
        return Error{ErrorCode::not_identified,
                     field,
                     shown,
                     "is not exact at 1e-9: a rounded price would not give back the cash",
                     {}};
    }
    return Text{format_decimal(scaled / denominator, kDecimals)};
}

Result<Text> origin(const ValueRule& rule, const std::string& field, const SourceText& source, std::int64_t row) {
    if (rule.column) return source(*rule.column);
    if (rule.constant) return Text{rule.constant};
    if (rule.row) return Text{*rule.row + std::to_string(row)};
    if (!rule.join.empty()) return joined(rule, source);
    return quotient(rule, field, source);
}

Result<std::string> in_words(const ValueRule& rule, const std::string& field, const std::string& text) {
    if (rule.words.empty()) return text;
    if (const auto word = rule.words.find(text); word != rule.words.end()) return word->second;
    std::string known;
    for (const auto& [word, meaning] : rule.words) known += (known.empty() ? "" : ", ") + word;
    return invalid_value(field, text, "must be one of the mapping's words: " + known);
}

Result<std::string> scaled(const ValueRule& rule, const std::string& field, const std::string& text) {
    SLIPCAST_TRY(value, parse_decimal(text, kDecimals, field));
    SLIPCAST_TRY(factor, parse_decimal(*rule.scale, kDecimals, "scale"));
    return format_decimal(static_cast<Int128>(value) * factor, 2 * kDecimals);
}

Result<std::string> instant_text(const ValueRule& rule, const std::string& field, const std::string& text) {
    for (const std::string& pattern : rule.patterns) {
        const auto local = parse_local_time(text, pattern, field);
        if (!local) continue;
        const auto instant = rule.time_zone->instant(local->date, local->since_midnight);
        if (!instant) return invalid_value(field, text, instant.error().rule);
        return instant->to_string();
    }
    std::string known;
    for (const std::string& pattern : rule.patterns) known += (known.empty() ? "" : " or ") + pattern;
    return invalid_value(field, text, "must match " + known);
}

}  // namespace

Result<std::optional<std::string>> mapped_value(const ValueRule& rule, const std::string& field,
                                                const SourceText& source, std::int64_t row) {
    SLIPCAST_TRY(text, origin(rule, field, source, row));
    if (!text) return rule.otherwise ? mapped_value(*rule.otherwise, field, source, row) : Result<Text>(Text{});
    SLIPCAST_TRY(word, in_words(rule, field, *text));
    if (rule.scale) {
        SLIPCAST_TRY(number, scaled(rule, field, word));
        return Text{number};
    }
    if (rule.time_zone) {
        SLIPCAST_TRY(instant, instant_text(rule, field, word));
        return Text{instant};
    }
    return Text{word};
}

}  // namespace slipcast::io::detail
