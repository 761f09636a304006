#include "values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "slipcast/core/decimal.hpp"

namespace slipcast::interchange::detail {

namespace {

Error refuse(ErrorCode code, std::string_view field, const Cell& cell, std::string rule) {
    return Error{code, std::string(field), shown(cell), std::move(rule), {}};
}

Error wrong_type(std::string_view field, const Cell& cell, const char* rule) {
    return refuse(ErrorCode::invalid_value, field, cell, rule);
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC2 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                   : lead < 0xF5 ? 4
                                                 : 0;
        if (length == 0 || at + length > text.size()) return false;
        for (std::size_t i = 1; i < length; ++i) {
            const auto next = static_cast<unsigned char>(text[at + i]);
            if ((next & 0xC0U) != 0x80U) return false;
            // Overlong forms, surrogates and code points past U+10FFFF show in the second byte.
            if (i == 1 && ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
                           (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F))) {
                return false;
            }
        }
        at += length;
    }
    return true;
}

Result<std::int64_t> scaled(const Cell& cell, std::int64_t factor, std::string_view field) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(cell.integer, factor, &product)) {
        return refuse(ErrorCode::out_of_range, field, cell, "must fit 64 bits of nanoseconds");
    }
    return product;
}

/// integer x 10^-from as an integer of 10^-to.
Result<Int128> rescaled(const Cell& cell, int to, std::string_view field) {
    Int128 units = cell.decimal;
    int from = cell.kind == CellKind::decimal && cell.type != nullptr && cell.type->kind == CellKind::decimal
                   ? cell.type->scale
                   : 0;
    for (; from > to; --from) {
        if (units % 10 != 0) {
            return refuse(ErrorCode::invalid_value, field, cell,
                          fmt::format("must have at most {} digits after the point", to));
        }
        units /= 10;
    }
    for (; from < to; ++from) {
        if (__builtin_mul_overflow(units, Int128{10}, &units)) {
            return refuse(ErrorCode::out_of_range, field, cell, "must fit 128 bits");
        }
    }
    return units;
}

}  // namespace

std::string shown(const Cell& cell) {
    switch (cell.kind) {
        case CellKind::null:
            return "";
        case CellKind::boolean:
            return cell.integer != 0 ? "true" : "false";
        case CellKind::real:
            return fmt::format("{}", cell.real);
        case CellKind::decimal:
            return cell.type != nullptr && cell.type->kind == CellKind::decimal && cell.type->scale >= 0
                       ? format_decimal(cell.decimal, cell.type->scale)
                       : to_string(cell.decimal);
        case CellKind::text:
            return is_utf8(cell.text) ? std::string(cell.text)
                                      : fmt::format("{} bytes that are not UTF-8", cell.text.size());
        case CellKind::integer:
        case CellKind::timestamp:
        case CellKind::date:
        case CellKind::duration:
            return fmt::format("{}", cell.integer);
    }
    SLIPCAST_ASSERT(false, "a CellKind outside its enumerators");
}

Result<Timestamp> to_time(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::text) return Timestamp::parse(cell.text, field);
    if (cell.kind == CellKind::integer) return Timestamp::from_ns(cell.integer);
    if (cell.kind != CellKind::timestamp) {
        return wrong_type(field, cell,
                          "must be a timestamp with a zone, integer nanoseconds since 1970 UTC, or text with a zone");
    }
    if (!cell.type->has_zone) {
        return wrong_type(field, cell, "must be a timestamp with a zone: a time without a zone is a guess");
    }
    SLIPCAST_TRY(ns, scaled(cell, cell.type->ns_per_unit, field));
    return Timestamp::from_ns(ns);
}

Result<Date> to_date(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::text) return Date::parse(cell.text, field);
    constexpr std::int64_t kNsPerDay = 86'400'000'000'000;
    std::int64_t unit_per_day = 1;
    if (cell.kind == CellKind::timestamp && !cell.type->has_zone) {
        unit_per_day = kNsPerDay / cell.type->ns_per_unit;
    } else if (cell.kind == CellKind::date) {
        unit_per_day = cell.type->width == 8 ? 86'400'000 : 1;
    } else {
        return wrong_type(field, cell, "must be a date or text such as 2013-10-07");
    }
    const std::int64_t days = cell.integer / unit_per_day;
    if (days * unit_per_day != cell.integer || days < INT32_MIN || days > INT32_MAX) {
        return wrong_type(field, cell, "must be a whole day");
    }
    return Date::from_days(static_cast<std::int32_t>(days));
}

Result<Duration> to_duration(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::text) return parse_duration(cell.text, field);
    if (cell.kind == CellKind::integer) return Duration{cell.integer};
    if (cell.kind != CellKind::duration) {
        return wrong_type(field, cell, "must be a duration, integer nanoseconds, or text such as 5min");
    }
    SLIPCAST_TRY(ns, scaled(cell, cell.type->ns_per_unit, field));
    return Duration{ns};
}

Result<std::int64_t> to_units(const Cell& cell, int decimals, std::string_view field) {
    switch (cell.kind) {
        case CellKind::integer:
            return cell.integer;
        case CellKind::text:
            return parse_decimal(cell.text, decimals, field);
        case CellKind::real:
            return decimal_from_double(cell.real, decimals, field);
        case CellKind::decimal: {
            SLIPCAST_TRY(units, rescaled(cell, decimals, field));
            if (units < INT64_MIN || units > INT64_MAX)
                return refuse(ErrorCode::out_of_range, field, cell, "must fit 64 bits");
            return static_cast<std::int64_t>(units);
        }
        default:
            return wrong_type(field, cell, "must be a number: integer units, decimal, float or text");
    }
}

Result<Price> to_price(const Cell& cell, std::string_view field) {
    SLIPCAST_TRY(units, to_units(cell, kPriceDecimals, field));
    return Price::from_units(units);
}

Result<Price> to_fixed_point(const Cell& cell, std::string_view field) {
    constexpr std::int64_t kLeast = 1'000;
    SLIPCAST_TRY(price, to_price(cell, field));
    const std::int64_t units = price.units();
    if (cell.kind == CellKind::integer && !cell.type->states_unit && units != 0 && units < kLeast && units > -kLeast) {
        return refuse(ErrorCode::invalid_value, field, cell,
                      "whole numbers are units of 1e-9, and as such it is below 1e-6; write it as decimal, float or "
                      "text, or name the column's unit (metadata unit = 1e-9)");
    }
    return price;
}

Result<Int128> to_money_units(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::decimal) return rescaled(cell, kMoneyDecimals, field);
    if (cell.kind == CellKind::text) {
        SLIPCAST_TRY(money, Money::parse(cell.text, Currency{}, field));
        return money.units();
    }
    if (cell.kind != CellKind::real) {
        return wrong_type(field, cell,
                          "must be a decimal, a float or text: an integer amount would need a guessed scale");
    }
    // Computed fees carry more digits than prices; the fewest digits that give the float back are the amount.
    for (const int decimals : {9, 12, 15}) {
        if (const auto units = decimal_from_double(cell.real, decimals, field)) {
            return static_cast<Int128>(*units) * power_of_ten(kMoneyDecimals - decimals);
        }
    }
    SLIPCAST_TRY(units, decimal_from_double(cell.real, kMoneyDecimals, field));
    return static_cast<Int128>(units);
}

Result<std::string> to_decimal_text(const Cell& cell, std::string_view field) {
    switch (cell.kind) {
        case CellKind::text:
            return std::string(cell.text);
        case CellKind::integer:
            return fmt::format("{}", cell.integer);
        case CellKind::real: {
            SLIPCAST_TRY(units, decimal_from_double(cell.real, kPriceDecimals, field));
            return format_decimal(units, kPriceDecimals);
        }
        case CellKind::decimal:
            return shown(cell);
        default:
            return wrong_type(field, cell, "must be a number");
    }
}

Result<std::int64_t> to_whole_number(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::integer) return cell.integer;
    return to_units(cell, 0, field);
}

Result<double> to_real(const Cell& cell, std::string_view field) {
    double value = 0.0;
    if (cell.kind == CellKind::real) {
        value = cell.real;
    } else if (cell.kind == CellKind::integer) {
        value = static_cast<double>(cell.integer);
    } else if (cell.kind == CellKind::decimal || cell.kind == CellKind::text) {
        const std::string text = cell.kind == CellKind::text ? std::string(cell.text) : shown(cell);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size())
            return wrong_type(field, cell, "must be a number");
    } else {
        return wrong_type(field, cell, "must be a number");
    }
    if (!std::isfinite(value)) return wrong_type(field, cell, "must be finite");
    return value;
}

Result<bool> to_bool(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::boolean) return cell.integer != 0;
    if (cell.kind == CellKind::integer && (cell.integer == 0 || cell.integer == 1)) return cell.integer == 1;
    if (cell.kind == CellKind::text) {
        for (const std::string_view yes : {"true", "True", "TRUE", "1"}) {
            if (cell.text == yes) return true;
        }
        for (const std::string_view no : {"false", "False", "FALSE", "0"}) {
            if (cell.text == no) return false;
        }
    }
    return wrong_type(field, cell, "must be true, false, 1 or 0");
}

Result<std::string> to_label(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::text) {
        if (!is_utf8(cell.text)) return refuse(ErrorCode::malformed, field, cell, "text must be UTF-8");
        return std::string(cell.text);
    }
    if (cell.kind == CellKind::integer) return fmt::format("{}", cell.integer);
    if (cell.kind == CellKind::decimal) {
        SLIPCAST_TRY(whole, rescaled(cell, 0, field));
        return to_string(whole);
    }
    return wrong_type(field, cell, "must be text or a whole number");
}

Result<Side> to_side(const Cell& cell, std::string_view field) {
    if (cell.kind == CellKind::text || cell.kind == CellKind::integer) return parse_side(shown(cell), field);
    return wrong_type(field, cell, "must be +1, -1, buy or sell");
}

Result<Currency> to_currency(const Cell& cell, std::string_view field) {
    if (cell.kind != CellKind::text) return wrong_type(field, cell, "must be a currency code");
    return Currency::parse(cell.text);
}

}  // namespace slipcast::interchange::detail
