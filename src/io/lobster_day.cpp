#include "lobster_day.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace slipcast::io::detail {

namespace {

/// Rows of a chunk: as many bytes whatever the levels.
std::size_t chunk_rows(std::size_t levels) {
    return std::max<std::size_t>(1 << 10, (std::size_t{320} << 10) / (4 * levels + 1));
}

/// Counts the lines that are left.
Result<std::int64_t> rest_of(TextLines& lines) {
    for (;;) {
        SLIPCAST_TRY(line, lines.next());
        if (!line) return lines.row();
    }
}

}  // namespace

std::string describe(const LobsterCounts& counts) {
    const auto of = [&](LobsterEvent event) { return counts.messages[static_cast<std::size_t>(event)]; };
    std::int64_t all = 0;
    for (const std::int64_t count : counts.messages) all += count;
    return fmt::format(
        "{} messages: {} submissions, {} partial cancels, {} deletions, {} visible and {} hidden executions, {} "
        "crosses, "
        "{} halt messages; {} quotes where the book changed; {} of {} checked rows do not follow from their message",
        all, of(LobsterEvent::submission), of(LobsterEvent::partial_cancel), of(LobsterEvent::deletion),
        of(LobsterEvent::visible_execution), of(LobsterEvent::hidden_execution), of(LobsterEvent::cross),
        of(LobsterEvent::halt), counts.quotes, counts.inconsistent, counts.checked);
}

LobsterDayReader::LobsterDayReader(const LobsterDay& day, const Setting& setting, market::QualityReport& quality)
    : day_(&day),
      setting_(setting),
      quality_(&quality),
      book_reader_(day.levels),
      chunk_rows_(chunk_rows(setting.levels)) {
    quotes_.depth.resize(setting.levels - 1);
}

void LobsterDayReader::quarantine(const char* table, const LobsterFile& file, Error error, std::int64_t row,
                                  Timestamp time) {
    error.place = {file.shown, row, time == Timestamp{} ? std::string{} : time.to_string()};
    quality_->add({table, market::Disposition::quarantined, std::move(error)});
}

Result<void> LobsterDayReader::flush(const Take& take) {
    const Result<void> taken = take(quotes_.view(), trades_.view());
    quotes_.clear();
    trades_ = {};
    return taken;
}

Result<void> LobsterDayReader::check_lengths(TextLines& messages, bool has_message, TextLines& book,
                                             bool has_book) const {
    if (has_message == has_book) return {};
    SLIPCAST_TRY(message_rows, rest_of(messages));
    SLIPCAST_TRY(book_rows, rest_of(book));
    return Error{ErrorCode::inconsistent,
                 "rows",
                 fmt::format("{} messages, {} orderbook rows", message_rows, book_rows),
                 "message and orderbook file must have as many rows: one is cut short",
                 {has_message ? day_->book.shown : day_->messages.shown, std::min(message_rows, book_rows), {}}};
}

Result<LobsterCounts> LobsterDayReader::read(const Take& take) {
    SLIPCAST_TRY(messages, day_->messages.open());
    SLIPCAST_TRY(book, day_->book.open());
    for (;;) {
        SLIPCAST_TRY(message_line, messages.next());
        SLIPCAST_TRY(book_line, book.next());
        SLIPCAST_CHECK(check_lengths(messages, message_line.has_value(), book, book_line.has_value()));
        if (!message_line) break;
        quality_->count_read("messages", 1);
        quality_->count_read("orderbook", 1);
        SLIPCAST_CHECK(take_row(*message_line, *book_line, messages.row()));
        if (quotes_.time.size() >= chunk_rows_ || trades_.time.size() >= chunk_rows_) SLIPCAST_CHECK(flush(take));
    }
    SLIPCAST_CHECK(flush(take));
    if (halted_since_) {
        const Timestamp end = last_.value_or(*halted_since_) + Duration{1};
        halts_.push_back({*halted_since_, setting_.session ? std::max(end, setting_.session->close) : end});
    }
    if (first_inconsistent_) quality_->add_flagged(*first_inconsistent_, counts_.inconsistent);
    for (std::size_t i = 0; i < odd_.size(); ++i) {
        if (odd_rows_[i] > 0) quality_->add_flagged(odd_[i], odd_rows_[i]);
    }
    return counts_;
}

Result<void> LobsterDayReader::take_row(std::string_view message_line, std::string_view book_line, std::int64_t row) {
    std::swap(book_, before_);
    const bool has_before = std::exchange(has_before_, false);
    const Result<void> book = book_reader_.read(book_line, book_);
    if (!book && row == 1 && book.error().code == ErrorCode::malformed) {
        Error error = book.error();
        error.place = {day_->book.shown, row, {}};
        error.rule += fmt::format(": the name says {} levels", day_->levels);
        return error;
    }
    auto message = parse_lobster_message(message_line);
    const Timestamp time = message ? setting_.midnight + message->since_midnight : Timestamp{};
    if (message && last_ && time < *last_) {
        message = Error{ErrorCode::inconsistent, "time", time.to_string(), "must not be before the row above", {}};
    }
    if (!message) quarantine("messages", day_->messages, message.error(), row, time);
    if (!book) {
        quarantine("orderbook", day_->book, book.error(), row, time);
    } else if (!message) {
        quarantine("orderbook", day_->book, {ErrorCode::missing_field, "time", "", "its message is quarantined", {}},
                   row, time);
    }
    has_before_ = book.has_value();
    if (!message) return {};
    last_ = time;
    accept_message(*message, time);
    if (!book) return {};
    if (has_before) check(*message, row, time);
    add_quote(time);
    return {};
}

void LobsterDayReader::accept_message(const LobsterMessage& message, Timestamp time) {
    ++counts_.messages[static_cast<std::size_t>(message.event)];
    if (message.event == LobsterEvent::halt) return note_halt(message.halt, time);
    const bool is_trade = message.event == LobsterEvent::visible_execution ||
                          message.event == LobsterEvent::hidden_execution || message.event == LobsterEvent::cross;
    // A cross in which nothing matched is announced with size 0.
    if (is_trade && message.size > Quantity{}) add_trade(message, time);
}

void LobsterDayReader::add_trade(const LobsterMessage& message, Timestamp time) {
    market::TradeFlags flags = market::kRegularTrade;
    int aggressor = -message.direction;  // the direction is the resting order's
    if (message.event == LobsterEvent::hidden_execution) {
        flags.set(market::TradeFlag::hidden);
        if (!setting_.hidden_has_side) {
            aggressor = 0;
            ++counts_.hidden_without_side;
        }
    }
    if (message.event == LobsterEvent::cross && !halted_since_ && setting_.session) {
        const Duration since_open = time - setting_.session->open;
        const bool is_early = since_open < (setting_.session->close - setting_.session->open) / 2;
        flags.set(is_early ? market::TradeFlag::opening_auction : market::TradeFlag::closing_auction);
    }
    trades_.push(time, message.price, message.size, flags, setting_.venue, static_cast<std::int8_t>(aggressor));
}

void LobsterDayReader::note_halt(LobsterHalt halt, Timestamp time) {
    if (halt == LobsterHalt::stop) {
        if (!halted_since_) halted_since_ = time;
        return;
    }
    if (halt == LobsterHalt::quotes_resume) {
        // Quotes come back before trading does; a halt that the window did not see the start of is known from here.
        if (!halted_since_) halted_since_ = setting_.session ? std::min(time, setting_.session->open) : time;
        return;
    }
    const Timestamp begin = halted_since_.value_or(setting_.session ? std::min(time, setting_.session->open) : time);
    if (begin < time) halts_.push_back({begin, time});
    halted_since_.reset();
}

void LobsterDayReader::check(const LobsterMessage& message, std::int64_t row, Timestamp time) {
    ++counts_.checked;
    if (follows(message, before_, book_)) return;
    if (counts_.inconsistent++ > 0) return;
    first_inconsistent_ = market::Finding{"orderbook",
                                          market::Disposition::flagged,
                                          {ErrorCode::inconsistent,
                                           "book",
                                           message.price.to_string(),
                                           "does not follow from its message (kept)",
                                           {day_->book.shown, row, time.to_string()}}};
}

void LobsterDayReader::add_quote(Timestamp time) {
    const std::size_t levels = std::min(setting_.levels, day_->levels);
    const auto is_same = [levels](const std::vector<market::BookLevel>& a, const std::vector<market::BookLevel>& b) {
        return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(levels), b.begin(),
                          b.begin() + static_cast<std::ptrdiff_t>(levels));
    };
    if (written_ && is_same(written_->bids, book_.bids) && is_same(written_->asks, book_.asks)) return;
    written_ = book_;
    ++counts_.quotes;
    const market::BookLevel& bid = book_.bids.front();
    const market::BookLevel& ask = book_.asks.front();
    if (bid.is_there() && ask.is_there() && bid.price >= ask.price) {
        const std::size_t kind = bid.price == ask.price ? 1 : 0;
        if (odd_rows_[kind]++ == 0) {
            const char* rule = kind == 0 ? "crossed: bid above ask (kept)" : "locked: bid equals ask (kept)";
            odd_[kind] = {
                "orderbook",
                market::Disposition::flagged,
                {ErrorCode::inconsistent, "bid", bid.price.to_string(), rule, {day_->book.shown, 0, time.to_string()}}};
        }
    }
    quotes_.push(time, bid.price, ask.price, bid.size, ask.size);
    quotes_.push_depth(std::span(book_.bids).subspan(1, levels - 1), std::span(book_.asks).subspan(1, levels - 1));
}

}  // namespace slipcast::io::detail
