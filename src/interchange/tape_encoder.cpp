#include "slipcast/interchange/tape_encoder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "slipcast/core/random.hpp"
#include "slipcast/interchange/encode.hpp"

namespace slipcast::interchange {

using namespace market;

namespace {

constexpr std::size_t kRowGroupRows = 128 << 10;

/// Rows of a row group of quotes: levels behind the touch shorten it, so that readers hold as many bytes as without.
std::size_t quote_group_rows(std::size_t levels_behind) {
    constexpr std::size_t kTouchColumns = 5;
    constexpr std::size_t kGrain = 1 << 10;
    const std::size_t rows = kRowGroupRows * kTouchColumns / (kTouchColumns + 4 * levels_behind);
    return std::max(kGrain, rows / kGrain * kGrain);
}

/// Rows [first, first + count) of `quotes`.
QuoteColumns rows_of(const QuoteColumns& quotes, std::size_t first, std::size_t count) {
    const auto part = [&](auto column) { return column.empty() ? column : column.subspan(first, count); };
    QuoteColumns rows{part(quotes.time), part(quotes.bid), part(quotes.ask), part(quotes.bid_size),
                      part(quotes.ask_size)};
    for (const DepthColumns& level : quotes.depth)
        rows.depth.push_back({part(level.bid), part(level.ask), part(level.bid_size), part(level.ask_size)});
    return rows;
}

Error broken(std::string_view symbol, const char* table, const char* field, std::string value, const char* rule,
             Timestamp time) {
    return Error{ErrorCode::inconsistent,
                 field,
                 std::move(value),
                 rule,
                 {fmt::format("{}/{}", table, symbol), 0, time.to_string()}};
}

/// Times within `time` and against the row before do not run backwards.
Result<void> check_order(std::string_view symbol, const char* table, std::optional<Timestamp> last,
                         std::span<const Timestamp> time) {
    for (const Timestamp t : time) {
        if (last && t < *last) return broken(symbol, table, "time", t.to_string(), "must not run backwards", t);
        last = t;
    }
    return {};
}

// One state a column, so that the digest does not depend on how the rows were handed over.
class Digest {
public:
    explicit Digest(std::vector<std::uint64_t>& states) : states_(&states) {}
    template <typename Value>
    Digest& add(const std::vector<Value>& column) {
        static_assert(std::is_trivially_copyable_v<Value>);
        if (at_ == states_->size()) states_->push_back(digest64({}));
        const std::string_view bytes(reinterpret_cast<const char*>(column.data()), column.size() * sizeof(Value));
        (*states_)[at_] = digest64(bytes, (*states_)[at_]);
        ++at_;
        return *this;
    }

private:
    std::vector<std::uint64_t>* states_;
    std::size_t at_ = 0;
};
std::string digest_text(const std::vector<std::uint64_t>& states) {
    std::string text;
    for (const std::uint64_t state : states) text += fmt::format("{:016x}", state);
    return text;
}

}  // namespace

TapeEncoder::TapeEncoder(std::string symbol, Sink sink) : sink_(std::move(sink)) {
    metadata_.symbol = std::move(symbol);
}

Result<void> TapeEncoder::append(const QuoteColumns& quotes, const TradeColumns& trades,
                                 const std::vector<FeedGap>& gaps, bool quotes_indicative, const Names& names) {
    SLIPCAST_CHECK(check_order(metadata_.symbol, "quotes", last_quote_, quotes.time));
    SLIPCAST_CHECK(check_order(metadata_.symbol, "trades", last_trade_, trades.time));
    metadata_.indicative = metadata_.indicative || quotes_indicative;
    for (const FeedGap& gap : gaps) {
        if (std::find(metadata_.gaps.begin(), metadata_.gaps.end(), gap) == metadata_.gaps.end())
            metadata_.gaps.push_back(gap);
    }
    SLIPCAST_CHECK(append_quotes(quotes));
    return append_trades(trades, names);
}

Result<void> TapeEncoder::finish() {
    if (!quotes_.time.empty() || (!has_quote_group_ && !metadata_.gaps.empty())) SLIPCAST_CHECK(write_quotes());
    return trades_.time.empty() ? Result<void>{} : write_trades();
}

std::map<std::string, std::string> TapeEncoder::metadata(std::string_view table) const {
    TapeMetadata metadata = metadata_;
    if (table == "trades") {
        metadata.gaps.clear();
        metadata.indicative = false;
        metadata.crossed = metadata.locked = 0;
        metadata.digest = digest_text(trade_digest_);
    } else {
        metadata.digest = digest_text(quote_digest_);
        metadata.venues.clear();
    }
    return metadata.to_map();
}

Result<void> TapeEncoder::append_quotes(const QuoteColumns& in) {
    if (in.empty()) return {};
    const bool sizes = in.bid_size.size() == in.size() && in.ask_size.size() == in.size();
    if (quote_sizes_.value_or(sizes) != sizes) {
        return broken(metadata_.symbol, "quotes", "bid_size", "", "must be there in all rows of a symbol or in none",
                      in.time.front());
    }
    if (!quote_sizes_) quotes_.depth.resize(in.depth.size());
    if (in.depth.size() != quotes_.depth.size()) {
        return broken(metadata_.symbol, "quotes", "levels", std::to_string(in.levels()),
                      "must be the same in all rows of a symbol", in.time.front());
    }
    quote_sizes_ = sizes;
    last_quote_ = in.time.back();
    for (std::size_t row = 0; row < in.size(); ++row) {
        // A side that is absent has no size, or no price: nothing can cross it.
        if (in.bid[row] <= Price{} || in.ask[row] <= Price{}) continue;
        metadata_.crossed += in.bid[row] > in.ask[row];
        metadata_.locked += in.bid[row] == in.ask[row];
    }
    const std::size_t group_rows = quote_group_rows(in.depth.size());
    for (std::size_t row = 0; row < in.size();) {
        const std::size_t take = std::min(in.size() - row, group_rows - quotes_.time.size());
        QuoteColumns part = rows_of(in, row, take);
        if (!sizes) part.bid_size = part.ask_size = {};
        quotes_.append(part);
        row += take;
        if (quotes_.time.size() == group_rows) SLIPCAST_CHECK(write_quotes());
    }
    return {};
}

Result<void> TapeEncoder::append_trades(const TradeColumns& in, const Names& names) {
    if (in.empty()) return {};
    last_trade_ = in.time.back();
    for (std::size_t row = 0; row < in.count(); ++row) {
        const VenueId venue = in.venue.empty() ? VenueId::none() : in.venue[row];
        trades_.push(in.time[row], in.price[row], in.size[row], in.flags.empty() ? kRegularTrade : in.flags[row],
                     venue.is_none() ? venue : venues_.venues.intern(names.venues.name(venue)),
                     in.aggressor.empty() ? std::int8_t{0} : in.aggressor[row]);
        if (trades_.time.size() == kRowGroupRows) SLIPCAST_CHECK(write_trades());
    }
    metadata_.venues.clear();
    for (std::int32_t i = 0; i < venues_.venues.size(); ++i)
        metadata_.venues.emplace_back(venues_.venues.name(VenueId::from_index(i)));
    return {};
}

Result<void> TapeEncoder::write_quotes() {
    Digest digest(quote_digest_);
    digest.add(quotes_.time).add(quotes_.bid).add(quotes_.ask).add(quotes_.bid_size).add(quotes_.ask_size);
    for (const DepthTable& level : quotes_.depth)
        digest.add(level.bid).add(level.ask).add(level.bid_size).add(level.ask_size);
    has_quote_group_ = true;
    Table rows = quotes_table(quotes_.view(), metadata_.symbol);
    quotes_.clear();
    return sink_(std::move(rows));
}

Result<void> TapeEncoder::write_trades() {
    Digest(trade_digest_)
        .add(trades_.time)
        .add(trades_.price)
        .add(trades_.size)
        .add(trades_.flags)
        .add(trades_.venue)
        .add(trades_.aggressor);
    Table rows = trades_table(trades_.view(), metadata_.symbol, venues_);
    trades_ = {};
    return sink_(std::move(rows));
}

}  // namespace slipcast::interchange
