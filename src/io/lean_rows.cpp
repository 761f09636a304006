#include "lean_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "csv_fields.hpp"
#include "lean_conditions.hpp"
#include "slipcast/core/decimal.hpp"

namespace slipcast::io::detail {

namespace {

constexpr std::int64_t kMillisecondsPerDay = 86'400'000;
constexpr int kDecimalsBelowSource = 5;  // the source's prices are 1e-4, ours 1e-9

template <std::size_t kCount>
Result<std::array<std::string_view, kCount>> split(std::string_view line) {
    std::vector<std::string_view> found;
    split_fields(line, found);
    if (found.size() != kCount) return wrong_field_count(line, kCount, found.size());
    std::array<std::string_view, kCount> fields;
    std::copy(found.begin(), found.end(), fields.begin());
    return fields;
}

Result<Duration> time_of_day(std::string_view text) {
    SLIPCAST_TRY(milliseconds, whole_number(text, "time", 0, kMillisecondsPerDay - 1));
    return Duration{std::chrono::milliseconds{milliseconds}};
}

Result<Price> price_of(std::string_view text, const char* field) {
    SLIPCAST_TRY(units, parse_decimal(text, kDecimalsBelowSource, field));
    if (units < 0) return invalid_value(field, std::string(text), "must be >= 0");
    return Price::from_units(units);
}

Result<Quantity> size_of(std::string_view text, const char* field) {
    SLIPCAST_TRY(size, whole_number(text, field, 0, INT64_MAX));
    return Quantity::from_units(size);
}

Result<std::uint64_t> conditions_of(std::string_view text) {
    std::uint64_t bits = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
    if (failed != std::errc{} || end != text.data() + text.size())
        return invalid_value("condition", std::string(text), "must be a hexadecimal bit field");
    return bits;
}

Result<std::string_view> exchange_of(std::string_view text) {
    const std::string_view mic = text.size() == 1 ? mic_of(text.front()) : std::string_view{};
    if (mic.empty()) return invalid_value("exchange", std::string(text), "must be a known exchange letter");
    return mic;
}

Result<void> check_not_suspicious(std::string_view text) {
    if (text == "0") return {};
    if (text == "1") return invalid_value("suspicious", "1", "the source marks the row as suspicious");
    return invalid_value("suspicious", std::string(text), "must be 0 or 1");
}

Result<LeanSide> side_of(std::string_view price, std::string_view size, const char* price_field,
                         const char* size_field) {
    SLIPCAST_TRY(parsed_price, price_of(price, price_field));
    SLIPCAST_TRY(parsed_size, size_of(size, size_field));
    if (parsed_price == Price{} && parsed_size != Quantity{})
        return invalid_value(size_field, std::string(size), "a size needs a price");
    return LeanSide{parsed_price, parsed_size};
}

}  // namespace

Result<LeanTrade> parse_lean_trade(std::string_view line) {
    SLIPCAST_TRY(fields, split<6>(line));
    SLIPCAST_TRY(time, time_of_day(fields[0]));
    SLIPCAST_TRY(price, price_of(fields[1], "price"));
    SLIPCAST_TRY(size, size_of(fields[2], "size"));
    SLIPCAST_TRY(mic, exchange_of(fields[3]));
    SLIPCAST_TRY(conditions, conditions_of(fields[4]));
    SLIPCAST_CHECK(check_not_suspicious(fields[5]));
    const auto flags = trade_flags(conditions, fields[3].front());
    if (!flags) return invalid_value("condition", std::string(fields[4]), "must have only bits of the shipped table");
    if (price == Price{}) return invalid_value("price", std::string(fields[1]), "must be > 0");
    return LeanTrade{time, price, size, mic, *flags};
}

Result<LeanQuote> parse_lean_quote(std::string_view line) {
    SLIPCAST_TRY(fields, split<8>(line));
    SLIPCAST_TRY(time, time_of_day(fields[0]));
    SLIPCAST_TRY(bid, side_of(fields[1], fields[2], "bid", "bid_size"));
    SLIPCAST_TRY(ask, side_of(fields[3], fields[4], "ask", "ask_size"));
    SLIPCAST_CHECK(exchange_of(fields[5]));
    SLIPCAST_TRY(conditions, conditions_of(fields[6]));
    SLIPCAST_CHECK(check_not_suspicious(fields[7]));
    if (!bid.is_there() && !ask.is_there())
        return Error{ErrorCode::missing_field, "bid", "", "a row must carry a side", {}};
    return LeanQuote{time, bid, ask, is_ordinary_quote(conditions)};
}

Result<LeanQuote> parse_lean_quote_bar(std::string_view line) {
    SLIPCAST_TRY(fields, split<11>(line));
    SLIPCAST_TRY(time, time_of_day(fields[0]));
    LeanQuote quote;
    quote.since_midnight = time;
    if (!fields[4].empty()) {
        SLIPCAST_TRY(bid, side_of(fields[4], fields[5], "bid", "bid_size"));
        quote.bid = bid;
    }
    if (!fields[9].empty()) {
        SLIPCAST_TRY(ask, side_of(fields[9], fields[10], "ask", "ask_size"));
        quote.ask = ask;
    }
    if (!quote.bid.is_there() && !quote.ask.is_there())
        return Error{ErrorCode::missing_field, "bid", "", "a bar must carry a side", {}};
    return quote;
}

Result<LeanTrade> parse_lean_trade_bar(std::string_view line) {
    SLIPCAST_TRY(fields, split<6>(line));
    SLIPCAST_TRY(time, time_of_day(fields[0]));
    SLIPCAST_TRY(price, price_of(fields[4], "price"));
    SLIPCAST_TRY(size, size_of(fields[5], "size"));
    if (price == Price{}) return invalid_value("price", std::string(fields[4]), "must be > 0");
    return LeanTrade{time, price, size, {}, market::kRegularTrade};
}

}  // namespace slipcast::io::detail
