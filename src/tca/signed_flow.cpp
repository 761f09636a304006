#include "signed_flow.hpp"

namespace slipcast::tca::detail {

std::int64_t minute_of(Timestamp time) {
    constexpr std::int64_t kMinuteNs = 60'000'000'000;
    const std::int64_t whole = time.ns() / kMinuteNs;
    return time.ns() < 0 && time.ns() % kMinuteNs != 0 ? whole - 1 : whole;
}

bool is_in_flow(market::TradeFlags flags) {
    using enum market::TradeFlag;
    return flags.has(in_vwap) && !flags.has(own) && !flags.has(opening_auction) && !flags.has(closing_auction) &&
           !flags.has(out_of_sequence);
}

int side_of_mid(Price price, const QuoteAt& quote) {
    const Int128 twice_mid = Int128{quote.bid.units()} + quote.ask.units();
    const Int128 twice_price = Int128{2} * price.units();
    if (twice_price == twice_mid) return 0;
    return twice_price > twice_mid ? 1 : -1;
}

int SignedFlow::sign(const FlowPrint& print, const QuoteAt* quote) const {
    if (print.aggressor != 0) return print.aggressor;
    const int side = quote == nullptr ? 0 : side_of_mid(print.price, *quote);
    return side != 0 ? side : tick_;
}

void SignedFlow::add(const FlowPrint& print, const QuoteAt* quote) {
    if (has_price_ && print.price != last_price_) tick_ = print.price > last_price_ ? 1 : -1;
    last_price_ = print.price;
    has_price_ = true;
    const std::int64_t minute = minute_of(print.time);
    if (minutes_.empty() || minutes_.back().minute != minute) minutes_.push_back({minute, 0, 0});
    const Int128 notional = static_cast<Int128>(print.price.units()) * print.size.units();
    minutes_.back().signed_notional += notional * sign(print, quote);
    minutes_.back().notional += notional;
}

}  // namespace slipcast::tca::detail
