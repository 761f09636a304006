#include "venue_texts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "slipcast/core/nearest.hpp"

namespace slipcast::app {
namespace {

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

const std::vector<std::string> kShapes{"exponent", "upper", "mean", "ratio"};
const std::vector<std::string> kLiquidityKeys{"zero_bin", "exponent", "max_liquidity", "upper", "mean", "ratio"};
const std::vector<std::string> kTermsKeys{"zero_bin",      "exponent",     "max_liquidity", "upper",
                                          "mean",          "ratio",        "value",         "leakage",
                                          "leakage_power", "min_quantity", "largest_sent"};

Error malformed(const std::string& text, std::string rule) {
    return {.code = ErrorCode::malformed, .field = "venue", .value = text, .rule = std::move(rule), .place = {}};
}

Result<venue::Liquidity> liquidity_of(const VenueText& text) {
    std::vector<std::string> shapes;
    for (const std::string& shape : kShapes) {
        if (text.has(shape)) shapes.push_back(shape);
    }
    if (shapes.size() != 1) {
        return malformed(text.text(), "must name one shape: exponent=, upper=, mean= or ratio=");
    }
    const std::string& shape = shapes.front();
    if (text.has("max_liquidity") && shape != "exponent") {
        return malformed(text.text(), fmt::format("max_liquidity= goes with exponent=, not with {}=", shape));
    }
    SLIPCAST_TRY(zero_bin, text.number("zero_bin", 0.0));
    if (shape == "upper") {
        SLIPCAST_TRY(upper, text.lots(shape, 1));
        return venue::Liquidity::uniform(zero_bin, upper);
    }
    SLIPCAST_TRY(parameter, text.number(shape, 0.0));
    if (shape == "mean") return venue::Liquidity::poisson(zero_bin, parameter);
    if (shape == "ratio") return venue::Liquidity::exponential(zero_bin, parameter);
    SLIPCAST_TRY(largest, text.lots("max_liquidity", 10'000));
    return venue::Liquidity::power_law(zero_bin, parameter, largest);
}

Result<venue::VenueTerms> terms_of(const VenueText& text) {
    SLIPCAST_TRY(liquidity, liquidity_of(text));
    SLIPCAST_TRY(value, text.number("value", 1.0));
    SLIPCAST_TRY(leakage, text.number("leakage", 0.0));
    SLIPCAST_TRY(power, text.number("leakage_power", 1.0));
    SLIPCAST_TRY(least, text.lots("min_quantity", 1));
    SLIPCAST_TRY(sent, text.lots("largest_sent", 0));
    if (text.has("largest_sent") && sent < 1) {
        return invalid_value("largest_sent", fmt::format("{}", sent), "must be >= 1");
    }
    return venue::VenueTerms{.liquidity = std::move(liquidity),
                             .value = value,
                             .leakage_rate = leakage,
                             .leakage_power = power,
                             .min_quantity = least,
                             .largest_sent = sent};
}

Result<NamedTerms> named(const std::vector<std::string>& texts, const std::vector<std::string>& keys) {
    NamedTerms all;
    for (const std::string& text : texts) {
        SLIPCAST_TRY(parts, VenueText::parse(text, keys));
        SLIPCAST_TRY(one, terms_of(parts));
        all.names.push_back(parts.name());
        all.terms.push_back(std::move(one));
    }
    return all;
}

}  // namespace

Result<VenueText> VenueText::parse(const std::string& text, std::span<const std::string> keys) {
    constexpr const char* kForm = "must read NAME:key=value,...";
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0) return malformed(text, kForm);
    VenueText made;
    made.text_ = text;
    made.name_ = text.substr(0, colon);
    for (std::size_t at = colon + 1; at < text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::size_t equals = text.find('=', at);
        if (equals >= end) return malformed(text, kForm);
        const std::string key = text.substr(at, equals - at);
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            return Error{.code = ErrorCode::unknown_field,
                         .field = key,
                         .value = text,
                         .rule = fmt::format("must be one of {}; did you mean '{}'?", fmt::join(keys, ", "),
                                             nearest_name(key, keys)),
                         .place = {}};
        }
        if (!made.values_.emplace(key, text.substr(equals + 1, end - equals - 1)).second) {
            return Error{.code = ErrorCode::inconsistent,
                         .field = key,
                         .value = text,
                         .rule = "must be given once",
                         .place = {}};
        }
        at = end + 1;
    }
    return made;
}

Result<double> VenueText::number(const std::string& key, double fallback) const {
    const auto found = values_.find(key);
    if (found == values_.end()) return fallback;
    const std::string& text = found->second;
    double value = 0.0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return invalid_value(key, text, "must be a number");
    }
    return value;
}

Result<std::int64_t> VenueText::lots(const std::string& key, std::int64_t fallback) const {
    const auto found = values_.find(key);
    if (found == values_.end()) return fallback;
    SLIPCAST_TRY(value, number(key, 0.0));
    if (value != std::round(value) || std::abs(value) > kExactIntegers) {
        return invalid_value(key, found->second, "must be a whole number of lots");
    }
    return static_cast<std::int64_t>(value);
}

Result<NamedTerms> named_terms(const std::vector<std::string>& texts) {
    return named(texts, kTermsKeys);
}

Result<NamedTerms> named_liquidity(const std::vector<std::string>& texts) {
    return named(texts, kLiquidityKeys);
}

}  // namespace slipcast::app
