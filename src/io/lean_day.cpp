#include "lean_day.hpp"

#include <utility>

#include "text_lines.hpp"

namespace slipcast::io::detail {

namespace {

constexpr std::size_t kChunkRows = 64 << 10;

}  // namespace

Timestamp LeanDayReader::time_of(Duration since_midnight) const {
    switch (file_->resolution) {
        case LeanResolution::tick:
            return midnight_ + since_midnight;
        case LeanResolution::second:
            return midnight_ + since_midnight + std::chrono::seconds{1};
        case LeanResolution::minute:
            return midnight_ + since_midnight + std::chrono::minutes{1};
    }
    return midnight_;
}

std::optional<Error> LeanDayReader::broken_order(Timestamp time) {
    if (last_ && time < *last_)
        return Error{ErrorCode::inconsistent, "time", time.to_string(), "must not be before the row above", {}};
    last_ = time;
    return std::nullopt;
}

void LeanDayReader::quarantine(const char* table, Error error, std::int64_t row, Timestamp time) {
    error.place = {file_->shown, row, time == Timestamp{} ? std::string{} : time.to_string()};
    quality_->add({table, market::Disposition::quarantined, std::move(error)});
}

void LeanDayReader::flag_quote(Flagged& flagged, std::string value, std::int64_t row, Timestamp time) {
    if (flagged.rows++ > 0) return;
    flagged.first = {
        "quotes",
        market::Disposition::flagged,
        {ErrorCode::inconsistent, "bid", std::move(value), flagged.rule, {file_->shown, row, time.to_string()}}};
}

void LeanDayReader::publish_flags() {
    for (Flagged* flagged : {&crossed_, &locked_, &odd_}) {
        if (flagged->rows > 0) quality_->add_flagged(flagged->first, flagged->rows);
    }
}

template <typename Row, typename Accept>
Result<void> LeanDayReader::read_lines(const char* table, Result<Row> (*parse)(std::string_view), Accept accept) {
    SLIPCAST_TRY(lines, TextLines::open_zip(file_->file, file_->shown));
    for (;;) {
        SLIPCAST_TRY(line, lines.next());
        if (!line) return {};
        quality_->count_read(table, 1);
        const auto row = parse(*line);
        if (!row) {
            quarantine(table, row.error(), lines.row(), {});
            continue;
        }
        const Timestamp time = time_of(row->since_midnight);
        if (auto broken = broken_order(time)) {
            quarantine(table, std::move(*broken), lines.row(), time);
            continue;
        }
        SLIPCAST_CHECK(accept(*row, time, lines.row()));
    }
}

Result<void> LeanDayReader::read_quotes(const TakeQuotes& take) {
    const bool is_tick = file_->resolution == LeanResolution::tick;
    market::QuoteTable chunk;
    const auto flush = [&]() -> Result<void> {
        const Result<void> taken = take(chunk.view());
        chunk = {};
        return taken;
    };
    SLIPCAST_CHECK(read_lines("quotes", is_tick ? parse_lean_quote : parse_lean_quote_bar,
                              [&](const LeanQuote& quote, Timestamp time, std::int64_t row) -> Result<void> {
                                  // A tick row carries the side that changed; a bar is the whole quote.
                                  if (!is_tick || quote.bid.is_there()) bid_ = quote.bid;
                                  if (!is_tick || quote.ask.is_there()) ask_ = quote.ask;
                                  const bool is_two_sided = bid_.is_there() && ask_.is_there();
                                  if (is_two_sided && bid_.price > ask_.price) {
                                      flag_quote(crossed_, bid_.price.to_string() + " > " + ask_.price.to_string(), row,
                                                 time);
                                  } else if (is_two_sided && bid_.price == ask_.price) {
                                      flag_quote(locked_, bid_.price.to_string(), row, time);
                                  } else if (!quote.is_ordinary) {
                                      flag_quote(odd_, "", row, time);
                                  }
                                  chunk.push(time, bid_.price, ask_.price, bid_.size, ask_.size);
                                  return chunk.time.size() == kChunkRows ? flush() : Result<void>{};
                              }));
    publish_flags();
    return flush();
}

Result<void> LeanDayReader::read_trades(const TakeTrades& take, market::Names& names) {
    const bool is_tick = file_->resolution == LeanResolution::tick;
    market::TradeTable chunk;
    const auto flush = [&]() -> Result<void> {
        const Result<void> taken = take(chunk.view());
        chunk = {};
        return taken;
    };
    SLIPCAST_CHECK(read_lines("trades", is_tick ? parse_lean_trade : parse_lean_trade_bar,
                              [&](const LeanTrade& trade, Timestamp time, std::int64_t) -> Result<void> {
                                  chunk.push(time, trade.price, trade.size, trade.flags,
                                             names.venues.intern(trade.mic));
                                  return chunk.time.size() == kChunkRows ? flush() : Result<void>{};
                              }));
    return flush();
}

}  // namespace slipcast::io::detail
