#include "lobster_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "csv_fields.hpp"
#include "slipcast/core/decimal.hpp"

namespace slipcast::io::detail {

namespace {

constexpr std::int64_t kNanosecondsPerDay = 86'400'000'000'000;
constexpr std::int64_t kAbsentPrice = 9'999'999'999;
constexpr std::int64_t kPriceUnits = 100'000;  // of 1e-9 in the source's 1e-4
constexpr std::int64_t kMostShares = 1'000'000'000'000;

Result<std::int64_t> price_units(std::string_view text, const char* field, std::int64_t low) {
    SLIPCAST_TRY(price, whole_number(text, field, low, kAbsentPrice - 1));
    return price * kPriceUnits;
}

/// Nanoseconds of a time in seconds. The source writes some through binary floating point ("43002.632812672004"):
/// digits past 1e-9 are taken when they are that noise, and refused when they say something.
Result<std::int64_t> nanoseconds_of(std::string_view text) {
    auto exact = parse_decimal(text, 9, "time");
    if (exact) return exact;
    double seconds = 0.0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc{} || end != text.data() + text.size()) return exact;
    auto rounded = decimal_from_double(seconds, 9, "time");
    if (rounded) return rounded;
    return exact;
}

Result<int> direction_of(std::string_view text) {
    if (text == "1") return 1;
    if (text == "-1") return -1;
    return invalid_value("direction", std::string(text), "must be 1 (buy order) or -1 (sell order)");
}

Result<LobsterHalt> halt_of(std::string_view price) {
    if (price == "-1") return LobsterHalt::stop;
    if (price == "0") return LobsterHalt::quotes_resume;
    if (price == "1") return LobsterHalt::trades_resume;
    return invalid_value("price", std::string(price), "of a halt must be -1 (halt), 0 (quotes) or 1 (trading resumes)");
}

/// The level that a price and a size state.
Result<market::BookLevel> level_of(std::string_view price, std::string_view size, Side side, std::size_t number) {
    const auto named = [&](bool is_size, Error error) {
        error.field = market::level_column(side, is_size, number);
        return error;
    };
    const auto shares = whole_number(size, "size", 0, kMostShares);
    if (!shares) return named(true, shares.error());
    const bool is_absent = price == "9999999999" || price == "-9999999999";
    if (is_absent && *shares == 0) return market::BookLevel{};
    if (is_absent) return named(true, invalid_value("", std::string(size), "must be 0 where the level is absent"));
    const auto units = price_units(price, "price", 1);
    if (!units) return named(false, units.error());
    if (*shares == 0) return named(true, invalid_value("", "0", "must be > 0 where the level has a price"));
    return market::BookLevel{Price::from_units(*units), Quantity::from_units(*shares)};
}

/// What stands at `price`; nothing when it is worse than every level shown and the window is full.
std::optional<Quantity> standing_at(const std::vector<market::BookLevel>& side, Price price, bool is_bid) {
    const market::BookLevel& last = side.back();
    if (last.is_there() && (is_bid ? price < last.price : price > last.price)) return std::nullopt;
    for (const market::BookLevel& level : side) {
        if (level.is_there() && level.price == price) return level.size;
    }
    return Quantity{};
}

}  // namespace

Result<LobsterMessage> parse_lobster_message(std::string_view line) {
    std::array<std::string_view, 6> fields;
    std::size_t count = 0;
    for (std::string_view rest = line;; ++count) {
        const std::size_t comma = rest.find(',');
        if (count < fields.size()) fields[count] = rest.substr(0, comma);
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
    }
    ++count;
    if (count != 6 && count != 7) return wrong_field_count(line, 6, count);
    LobsterMessage message;
    SLIPCAST_TRY(time, nanoseconds_of(fields[0]));
    if (time < 0 || time >= kNanosecondsPerDay)
        return invalid_value("time", std::string(fields[0]), "must be seconds after midnight, from 0 to below 86400");
    message.since_midnight = Duration{time};
    SLIPCAST_TRY(type, whole_number(fields[1], "type", 1, 7));
    message.event = static_cast<LobsterEvent>(type);
    SLIPCAST_CHECK(whole_number(fields[2], "order_id", -1, INT64_MAX));
    const bool is_order = message.event < LobsterEvent::cross;
    SLIPCAST_TRY(size, whole_number(fields[3], "size", is_order ? 1 : 0, kMostShares));
    message.size = Quantity::from_units(size);
    if (message.event == LobsterEvent::halt) {
        SLIPCAST_TRY(halt, halt_of(fields[4]));
        message.halt = halt;
        return message;
    }
    SLIPCAST_TRY(units, price_units(fields[4], "price", message.size > Quantity{} ? 1 : 0));
    message.price = Price::from_units(units);
    if (!is_order) return message;
    SLIPCAST_TRY(direction, direction_of(fields[5]));
    message.direction = direction;
    return message;
}

Result<void> LobsterBookReader::read(std::string_view line, LobsterBook& book) {
    split_fields(line, fields_);
    if (fields_.size() != 4 * levels_) return wrong_field_count(line, 4 * levels_, fields_.size());
    book.bids.clear();
    book.asks.clear();
    for (std::size_t i = 0; i < levels_; ++i) {
        SLIPCAST_TRY(ask, level_of(fields_[4 * i], fields_[4 * i + 1], Side::sell, i + 1));
        SLIPCAST_TRY(bid, level_of(fields_[4 * i + 2], fields_[4 * i + 3], Side::buy, i + 1));
        book.asks.push_back(ask);
        book.bids.push_back(bid);
    }
    for (const Side side : {Side::buy, Side::sell}) {
        if (auto broken = market::broken_levels(side, book.of(side), false)) return std::move(*broken);
    }
    return {};
}

bool follows(const LobsterMessage& message, const LobsterBook& before, const LobsterBook& after) {
    if (message.event == LobsterEvent::cross) return true;
    if (message.event == LobsterEvent::halt || message.event == LobsterEvent::hidden_execution) return before == after;
    const bool is_bid = message.direction > 0;
    const Side side = is_bid ? Side::buy : Side::sell;
    const auto was = standing_at(before.of(side), message.price, is_bid);
    const auto is = standing_at(after.of(side), message.price, is_bid);
    if (!was || !is) return true;
    return *is - *was == (message.event == LobsterEvent::submission ? message.size : -message.size);
}

}  // namespace slipcast::io::detail
